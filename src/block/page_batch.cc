#include "block/page_batch.h"

#include <algorithm>

#include "block/page_columns.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

// Cells of a column that an owner's lists take one after the other.
struct CellColumn {
  bool is_read = false;
  std::vector<uint64_t> numbers;
  std::shared_ptr<const TextColumn> texts;  // where it is raw
  size_t next = 0;
};

template <class T>
size_t BytesOf(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

}  // namespace

class PageBatch::Reader {
 public:
  Reader(PageBatch& out, PageReader& page, const BlockSections& sections, const RawTargets& raw)
      : out_(out), page_(page), sections_(sections), raw_(raw), tables_(page.tables()), rows_(page.rows()) {}

  Status Run() {
    RETURN_IF_ERROR(page_.ReadAhead());
    RETURN_IF_ERROR(ReadByRow());
    RETURN_IF_ERROR(ReadParents());
    RETURN_IF_ERROR(ReadByName());
    RETURN_IF_ERROR(ReadEvents());
    return ReadLinks();
  }

 private:
  static uint32_t Number(FixedColumn column) { return static_cast<uint32_t>(column); }
  bool is_here(FixedColumn column) const { return page_.Find(Number(column)) != nullptr; }

  // `count` numbers of a fixed column, none above `max`.
  Status Read(FixedColumn column, size_t count, uint64_t max) {
    numbers_.resize(count);
    return page_.NumbersAt(Number(column), 0, max, numbers_);
  }
  // The same, put where they belong: number i to `into[at[i]]`.
  template <class T>
  Status Read(FixedColumn column, std::span<const uint32_t> at, uint64_t max, std::vector<T>& into) {
    into.resize(at.size());
    if (!is_here(column)) {
      std::ranges::fill(into, T{});
      return {};
    }
    RETURN_IF_ERROR(Read(column, at.size(), max));
    for (size_t i = 0; i < at.size(); ++i) into[at[i]] = static_cast<T>(numbers_[i]);
    return {};
  }

  // Texts of a fixed column, put in the same way.
  Status ReadTexts(size_t text_column, std::span<const uint32_t> at, std::vector<uint32_t>& into) {
    const FixedColumn column = kTextColumns[text_column];
    if (!tables_.columns.is_raw(column)) {
      RETURN_IF_ERROR(Read(column, at, tables_.dictionary.string_count() - 1, into));
      if (!raw_.text[text_column]) return {};
      for (uint32_t& code : into) {
        ASSIGN_OR_RETURN(code, OwnCode(code));
      }
      return {};
    }
    into.resize(at.size());
    ASSIGN_OR_RETURN(const std::shared_ptr<const TextColumn> texts, page_.Texts(Number(column), at.size()));
    for (size_t i = 0; i < at.size(); ++i) {
      ASSIGN_OR_RETURN(into[at[i]], Own((*texts)[i]));
    }
    return {};
  }

  // The code of a text of the batch.
  Result<uint32_t> Own(std::string_view text) {
    if (text.empty()) return 0u;
    if (text.size() > UINT32_MAX - out_.string_bytes_.size()) return TooLarge("a page has too much text");
    out_.string_bytes_.insert(out_.string_bytes_.end(), text.begin(), text.end());
    out_.string_end_.push_back(static_cast<uint32_t>(out_.string_bytes_.size()));
    return static_cast<uint32_t>(out_.string_end_.size() - 1);
  }
  Result<uint32_t> OwnCode(uint32_t code) {
    if (code == 0) return 0u;
    const DictionaryIndex& index = tables_.dictionary;
    const uint32_t chunk = index.ChunkOfCode(code);
    ASSIGN_OR_RETURN(const std::shared_ptr<const TextColumn> strings, sections_.Chunk(index, chunk));
    return Own((*strings)[code - index.code_begin[chunk]]);
  }

  Status ReadByRow() {
    ASSIGN_OR_RETURN(order_, page_.Order());
    in_order_.resize(rows_);
    for (uint32_t row = 0; row < rows_; ++row) in_order_[row] = row;
    ASSIGN_OR_RETURN(out_.parent_rows_, ReadParentRows(page_));
    out_.start_ns_.resize(rows_);
    out_.end_ns_.resize(rows_);
    RETURN_IF_ERROR(ReadTimes(page_, out_.parent_rows_, 0, out_.start_ns_, out_.end_ns_));
    for (uint32_t row = 0; row < rows_; ++row) out_.end_ns_[row] += out_.start_ns_[row];
    RETURN_IF_ERROR(Read(FixedColumn::kSpanId, in_order_, UINT64_MAX, out_.span_id_));
    return ReadTexts(0, in_order_, out_.name_);
  }

  Status ReadParents() {
    std::vector<uint8_t> given;
    RETURN_IF_ERROR(Read(FixedColumn::kParentGiven, in_order_, 1, given));
    RETURN_IF_ERROR(
        Read(FixedColumn::kParentId, static_cast<size_t>(std::ranges::count(given, uint8_t{1})), UINT64_MAX));
    out_.parent_span_id_.assign(rows_, 0);
    size_t next = 0;
    for (uint32_t row = 0; row < rows_; ++row) {
      const uint32_t parent = out_.parent_rows_[row] - page_.row_begin();
      if (given[row] != 0) {
        out_.parent_span_id_[row] = numbers_[next++];
      } else if (out_.parent_rows_[row] != UINT32_MAX && parent < rows_) {
        out_.parent_span_id_[row] = out_.span_id_[parent];
      }
    }
    return {};
  }

  Status ReadByName() {
    const std::span<const uint32_t> at = order_->row_of;
    RETURN_IF_ERROR(ReadTexts(1, at, out_.trace_state_));
    RETURN_IF_ERROR(ReadTexts(2, at, out_.status_message_));
    RETURN_IF_ERROR(Read(FixedColumn::kFlags, at, UINT32_MAX, out_.flags_));
    ASSIGN_OR_RETURN(out_.resource_, ReadResources(page_, out_.parent_rows_));
    RETURN_IF_ERROR(Read(FixedColumn::kScope, at, tables_.scopes.size() - 1, out_.scope_));
    RETURN_IF_ERROR(Read(FixedColumn::kDroppedAttributes, at, UINT32_MAX, out_.dropped_attributes_));
    RETURN_IF_ERROR(Read(FixedColumn::kDroppedEvents, at, UINT32_MAX, out_.dropped_events_));
    RETURN_IF_ERROR(Read(FixedColumn::kDroppedLinks, at, UINT32_MAX, out_.dropped_links_));
    RETURN_IF_ERROR(Read(FixedColumn::kKind, at, UINT8_MAX, out_.kind_));
    RETURN_IF_ERROR(Read(FixedColumn::kStatusCode, at, UINT8_MAX, out_.status_code_));
    return ReadLists(0, FixedColumn::kShape, at);
  }

  // Where the events (links) of the page, in the order in which they stand there, stand by row: fills `begin` by row.
  Result<std::vector<uint32_t>> ReadChildren(FixedColumn count_column, std::vector<uint32_t>& begin) {
    begin.assign(rows_ + 1, 0);
    if (!is_here(count_column)) return std::vector<uint32_t>();
    RETURN_IF_ERROR(Read(count_column, rows_, block_layout::kCellsMax));
    uint64_t total = 0;
    for (uint32_t row = 0; row < rows_; ++row) {
      total += numbers_[order_->place_of[row]];
      if (total > block_layout::kCellsMax) return page_.Tell(count_column, Corrupt("they are too many"));
      begin[row + 1] = static_cast<uint32_t>(total);
    }
    std::vector<uint32_t> at;
    at.reserve(total);
    for (const uint32_t row : order_->row_of) {
      for (uint32_t child = begin[row]; child < begin[row + 1]; ++child) at.push_back(child);
    }
    return at;
  }

  Status ReadEvents() {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> at, ReadChildren(FixedColumn::kEventCount, out_.event_begin_));
    if (at.empty()) return {};
    RETURN_IF_ERROR(Read(FixedColumn::kEventTime, at, UINT64_MAX, out_.event_time_ns_));
    for (uint32_t row = 0; row < rows_; ++row) {
      for (uint32_t i = out_.event_begin_[row]; i < out_.event_begin_[row + 1]; ++i) {
        out_.event_time_ns_[i] += out_.start_ns_[row];
      }
    }
    RETURN_IF_ERROR(ReadTexts(3, at, out_.event_name_));
    RETURN_IF_ERROR(Read(FixedColumn::kEventDroppedAttributes, at, UINT32_MAX, out_.event_dropped_));
    return ReadLists(1, FixedColumn::kEventShape, at);
  }

  Status ReadLinks() {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> at, ReadChildren(FixedColumn::kLinkCount, out_.link_begin_));
    if (at.empty()) return {};
    RETURN_IF_ERROR(Read(FixedColumn::kLinkTraceIdHigh, at, UINT64_MAX, out_.link_trace_id_high_));
    RETURN_IF_ERROR(Read(FixedColumn::kLinkTraceIdLow, at, UINT64_MAX, out_.link_trace_id_low_));
    RETURN_IF_ERROR(Read(FixedColumn::kLinkSpanId, at, UINT64_MAX, out_.link_span_id_));
    RETURN_IF_ERROR(ReadTexts(4, at, out_.link_trace_state_));
    RETURN_IF_ERROR(Read(FixedColumn::kLinkFlags, at, UINT32_MAX, out_.link_flags_));
    RETURN_IF_ERROR(Read(FixedColumn::kLinkDroppedAttributes, at, UINT32_MAX, out_.link_dropped_));
    return ReadLists(2, FixedColumn::kLinkShape, at);
  }

  // The attribute lists of one kind of owner: list i, as they stand in the page, is that of owner `at[i]`.
  Status ReadLists(size_t owner, FixedColumn shape_column, std::span<const uint32_t> at) {
    RETURN_IF_ERROR(Read(shape_column, at.size(), tables_.shapes.size() - 1));
    const std::vector<uint64_t> shapes = std::move(numbers_);
    Lists& lists = out_.lists_[owner];
    lists.shape.resize(at.size());
    lists.value_begin.resize(at.size());
    std::vector<CellColumn> columns(tables_.columns.attributes.size());
    for (size_t i = 0; i < at.size(); ++i) {
      const auto shape = static_cast<uint32_t>(shapes[i]);
      lists.shape[at[i]] = shape;
      lists.value_begin[at[i]] = static_cast<uint32_t>(out_.values_.size());
      for (uint32_t field = tables_.shapes.begin[shape]; field < tables_.shapes.begin[shape + 1]; ++field) {
        if (Status added = AddCell(owner, field, columns); !added) return page_.Tell(shape_column, added.error());
      }
    }
    return {};
  }

  Status AddCell(size_t owner, uint32_t field, std::vector<CellColumn>& columns) {
    const uint32_t number = tables_.column_of_field[owner][field];
    if (number == BlockTables::kNoColumn) return Corrupt("a list has an attribute without a column");
    CellColumn& column = columns[number];
    if (!column.is_read) RETURN_IF_ERROR(ReadCells(number, column));
    const size_t at = column.next++;
    if (column.texts != nullptr) {
      if (at >= column.texts->size()) return Corrupt("a column has too few texts");
      ASSIGN_OR_RETURN(const uint32_t code, Own((*column.texts)[at]));
      out_.values_.push_back(code);
      return {};
    }
    uint64_t cell = 0;  // a column without a strip is all zeros
    if (!column.numbers.empty()) {
      if (at >= column.numbers.size()) return Corrupt("a column has too few cells");
      cell = column.numbers[at];
    }
    if (raw_.field[owner][field]) {
      ASSIGN_OR_RETURN(cell, OwnCode(static_cast<uint32_t>(cell)));
    }
    out_.values_.push_back(cell);
    return {};
  }

  Status ReadCells(uint32_t number, CellColumn& column) {
    const block_layout::AttributeColumn& attribute = tables_.columns.attributes[number];
    const uint32_t strip = block_layout::kFirstAttributeColumn + number;
    const StripEntry* entry = page_.Find(strip);
    column.is_read = true;
    if (attribute.raw) {
      ASSIGN_OR_RETURN(column.texts, page_.Texts(strip, entry == nullptr ? 0 : entry->count));
      return {};
    }
    if (entry == nullptr) return {};
    column.numbers.resize(entry->count);
    const uint64_t max = IsCode(attribute.type) ? tables_.dictionary.string_count() - 1 : UINT64_MAX;
    return page_.NumbersAt(strip, 0, max, column.numbers);
  }

  PageBatch& out_;
  PageReader& page_;
  const BlockSections& sections_;
  const RawTargets& raw_;
  const BlockTables& tables_;
  const uint32_t rows_;
  std::shared_ptr<const PageOrder> order_;
  std::vector<uint32_t> in_order_;
  std::vector<uint64_t> numbers_;
};

void PageBatch::SetViews(const BlockTables& tables) {
  batch_.span_id = span_id_;
  batch_.parent_span_id = parent_span_id_;
  batch_.start_ns = start_ns_;
  batch_.end_ns = end_ns_;
  batch_.name = name_;
  batch_.trace_state = trace_state_;
  batch_.status_message = status_message_;
  batch_.flags = flags_;
  batch_.resource = resource_;
  batch_.scope = scope_;
  batch_.dropped_attributes = dropped_attributes_;
  batch_.dropped_events = dropped_events_;
  batch_.dropped_links = dropped_links_;
  batch_.event_begin = event_begin_;
  batch_.link_begin = link_begin_;
  batch_.kind = kind_;
  batch_.status_code = status_code_;
  batch_.attributes = {lists_[0].shape, lists_[0].value_begin};
  batch_.event_time_ns = event_time_ns_;
  batch_.event_name = event_name_;
  batch_.event_dropped_attributes = event_dropped_;
  batch_.event_attributes = {lists_[1].shape, lists_[1].value_begin};
  batch_.link_trace_id_high = link_trace_id_high_;
  batch_.link_trace_id_low = link_trace_id_low_;
  batch_.link_span_id = link_span_id_;
  batch_.link_trace_state = link_trace_state_;
  batch_.link_flags = link_flags_;
  batch_.link_dropped_attributes = link_dropped_;
  batch_.link_attributes = {lists_[2].shape, lists_[2].value_begin};
  batch_.shape_begin = tables.shapes.begin;
  batch_.field_key = tables.shapes.keys;
  batch_.field_type = tables.shapes.types;
  batch_.values = values_;
  batch_.string_end = string_end_;
  batch_.string_bytes = string_bytes_;
}

Result<std::shared_ptr<const PageBatch>> PageBatch::Read(PageReader page, const BlockSections& sections,
                                                         const RawTargets& raw) {
  const auto made = std::shared_ptr<PageBatch>(new PageBatch());
  made->tables_ = page.context().tables;
  RETURN_IF_ERROR(Reader(*made, page, sections, raw).Run());
  made->SetViews(*made->tables_);
  constexpr size_t kRowBytes = 100;  // of the fixed columns
  made->size_bytes_ = page.rows() * kRowBytes + BytesOf(made->values_) + BytesOf(made->string_end_) +
                      BytesOf(made->string_bytes_) + BytesOf(made->event_time_ns_) * 4 +
                      BytesOf(made->link_span_id_) * 7;
  return std::shared_ptr<const PageBatch>(made);
}

}  // namespace spoor
