#include "block/page_encoder.h"

#include <algorithm>
#include <numeric>

#include "base/crc32c.h"
#include "block/expected_starts.h"
#include "block/page_order.h"
#include "block/text_encoding.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

constexpr size_t Index(FixedColumn column) { return static_cast<size_t>(column); }

constexpr size_t kPrefetchAhead = 8;  // spans

// Small for small distances of either sign.
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

}  // namespace

PageEncoder::PageEncoder(const PageInput& input, const SpanOrder& order, const AssembledTraces& traces)
    : input_(input), order_(order), traces_(traces), cells_(input.columns.size()) {}

PageEntry PageEncoder::Encode(uint32_t begin, ByteWriter& directory, ByteWriter& strips) {
  strips.Clear();
  entries_.Clear();
  strips_ = &strips;
  strip_count_ = 0;
  last_column_ = 0;
  begin_ = begin;
  end_ = FindEnd(begin);
  by_row_ = std::span(order_.rows).subspan(begin, end_ - begin);
  OrderRows();
  WriteEach(FixedColumn::kSpanId, by_row_, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.span_id[row]; });
  WriteParents();
  WriteTimes();
  WriteEachText(0, by_row_, [](const SpanBatch& b, uint32_t row) { return b.name[row]; });
  WriteSpanColumns();
  WriteEvents();
  WriteLinks();
  WriteAttributes();

  directory.Clear();
  directory.Varint(strip_count_);
  directory.Bytes(entries_.bytes());
  return {.directory_bytes = static_cast<uint32_t>(directory.size()),
          .directory_checksum = Crc32c(directory.bytes()),
          .row_count = end_ - begin_,
          .strip_bytes = static_cast<uint32_t>(strips.size()),
          .start_min_ns = start_min_ns_,
          .start_max_ns = start_max_ns_};
}

// Adds rows until the page is full.
uint32_t PageEncoder::FindEnd(uint32_t begin) const {
  const auto rows = static_cast<uint32_t>(order_.rows.size());
  const uint32_t end_max = begin + std::min(block_layout::kPageRowsMax, rows - begin);
  size_t cells = 0;
  size_t text_bytes = 0;
  uint32_t end = begin;
  while (end < end_max && cells < block_layout::kPageCellsMax && text_bytes < block_layout::kPageTextBytesMax) {
    const SpanPlace place = order_.rows[end++];
    const SpanBatch& batch = batch_of(place);
    cells += batch.ShapeKeys(batch.attributes.shape[place.row]).size();
    for (uint32_t i = batch.event_begin[place.row]; i < batch.event_begin[place.row + 1]; ++i) {
      cells += 1 + batch.ShapeKeys(batch.event_attributes.shape[i]).size();
    }
    for (uint32_t i = batch.link_begin[place.row]; i < batch.link_begin[place.row + 1]; ++i) {
      cells += 1 + batch.ShapeKeys(batch.link_attributes.shape[i]).size();
    }
    const bool has_children = batch.event_begin[place.row] < batch.event_begin[place.row + 1] ||
                              batch.link_begin[place.row] < batch.link_begin[place.row + 1];
    if (input_.counts_span_text || has_children) text_bytes += RawTextBytes(batch, ids_of(place), place.row);
  }
  return end;
}

size_t PageEncoder::RawTextBytes(const SpanBatch& batch, const Ids& ids, uint32_t row) const {
  size_t bytes = RawListBytes(0, batch, ids, batch.attributes, row);
  if (is_raw(0)) bytes += batch.String(batch.name[row]).size();
  if (is_raw(1)) bytes += batch.String(batch.trace_state[row]).size();
  if (is_raw(2)) bytes += batch.String(batch.status_message[row]).size();
  for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
    if (is_raw(3)) bytes += batch.String(batch.event_name[event]).size();
    bytes += RawListBytes(1, batch, ids, batch.event_attributes, event);
  }
  for (uint32_t link = batch.link_begin[row]; link < batch.link_begin[row + 1]; ++link) {
    if (is_raw(4)) bytes += batch.String(batch.link_trace_state[link]).size();
    bytes += RawListBytes(2, batch, ids, batch.link_attributes, link);
  }
  return bytes;
}

size_t PageEncoder::RawListBytes(size_t owner, const SpanBatch& batch, const Ids& ids,
                                 const AttributeListColumns& lists, uint32_t i) const {
  const uint32_t shape = ids.shapes[lists.shape[i]];
  const uint64_t* values = batch.values.data() + lists.value_begin[i];
  size_t bytes = 0;
  for (uint32_t field = input_.shapes.begin(shape); field < input_.shapes.begin(shape + 1); ++field, ++values) {
    if (input_.target_of_field[owner][field].kind == PageInput::CellKind::kRawText) {
      bytes += batch.String(static_cast<StringCode>(*values)).size();
    }
  }
  return bytes;
}

template <class Get>
void PageEncoder::WriteEach(FixedColumn column, std::span<const SpanPlace> places, Get get) {
  if (input_.all_zero[Index(column)]) return;
  for (const SpanPlace place : places) {
    numbers_.push_back(get(batch_of(place), ids_of(place), place.row));
  }
  WriteNumbers(column);
}

template <class Get>
void PageEncoder::WriteEachText(size_t text_column, std::span<const SpanPlace> places, Get get) {
  const FixedColumn column = kTextColumns[text_column];
  if (!is_raw(text_column)) {
    WriteEach(column, places,
              [&](const SpanBatch& batch, const Ids& ids, uint32_t row) { return ids.strings[get(batch, row)]; });
    return;
  }
  for (const SpanPlace place : places) texts_.push_back(batch_of(place).String(get(batch_of(place), place.row)));
  WriteTextStrip(static_cast<uint32_t>(column), ValueType::kString, texts_);
}

// Parents as distances in rows; ids only where that does not tell them.
void PageEncoder::WriteParents() {
  std::vector<uint64_t> given, ids;
  for (uint32_t row = begin_; row < end_; ++row) {
    const uint32_t parent = traces_.parent_row[row];
    uint64_t implied = 0;
    if (parent == UINT32_MAX) {
      numbers_.push_back(0);
    } else {
      numbers_.push_back(1 + ZigZag(static_cast<int64_t>(row) - static_cast<int64_t>(parent)));
      const SpanPlace place = order_.rows[parent];
      if (parent >= begin_ && parent < end_) implied = batch_of(place).span_id[place.row];
    }
    const SpanPlace place = order_.rows[row];
    const uint64_t id = batch_of(place).parent_span_id[place.row];
    given.push_back(id != implied);
    if (id != implied) ids.push_back(id);
  }
  WriteNumbers(FixedColumn::kParentRow);
  std::swap(numbers_, given);
  WriteNumbers(FixedColumn::kParentGiven);
  std::swap(numbers_, ids);
  WriteNumbers(FixedColumn::kParentId);
}

// Starts by name, as distances to when they are expected; durations by row, as they are, but that of a trace's first
// span, which mostly is as long as the trace.
void PageEncoder::WriteTimes() {
  const TraceTable& table = traces_.table;
  std::vector<uint64_t> durations;
  std::vector<uint64_t> starts(end_ - begin_);  // by row
  ExpectedStarts expected(end_ - begin_);
  uint32_t trace = table.TraceOfRow(begin_);
  uint64_t before_ns = table.start_ns[trace];
  start_min_ns_ = UINT64_MAX;
  start_max_ns_ = 0;
  for (uint32_t row = begin_; row < end_; ++row) {
    if (row == table.row_begin[trace + 1]) before_ns = table.start_ns[++trace];
    const SpanPlace place = order_.rows[row];
    const SpanBatch& batch = batch_of(place);
    const uint64_t start_ns = batch.start_ns[place.row];
    const uint64_t duration_ns = batch.end_ns[place.row] - start_ns;
    starts[row - begin_] = expected.Distance(row - begin_, EarlierParent(row), before_ns, start_ns, duration_ns);
    if (row == table.row_begin[trace]) {
      const uint64_t trace_ns = table.end_ns[trace] - table.start_ns[trace];
      durations.push_back(ZigZag(static_cast<int64_t>(duration_ns - trace_ns)));
    } else {
      durations.push_back(duration_ns);
    }
    before_ns = start_ns;
    start_min_ns_ = std::min(start_min_ns_, start_ns);
    start_max_ns_ = std::max(start_max_ns_, start_ns);
  }
  for (const uint32_t row : rows_by_name_) numbers_.push_back(starts[row]);
  WriteNumbers(FixedColumn::kStart);
  std::swap(numbers_, durations);
  WriteNumbers(FixedColumn::kDuration);
}

// The row of the page in which the parent of a row of the block stands, where that is before it; else kNone.
uint32_t PageEncoder::EarlierParent(uint32_t row) const {
  const uint32_t parent = traces_.parent_row[row];
  return parent != UINT32_MAX && parent >= begin_ && parent < row ? parent - begin_ : ExpectedStarts::kNone;
}

// The order that names put the page in.
void PageEncoder::OrderRows() {
  std::vector<uint32_t> names(is_raw(0) ? 0 : by_row_.size());
  for (size_t i = 0; i < names.size(); ++i) {
    const SpanPlace place = by_row_[i];
    names[i] = ids_of(place).strings[batch_of(place).name[place.row]];
  }
  rows_by_name_ = OrderByName(names);
  if (is_raw(0)) {
    rows_by_name_.resize(by_row_.size());
    std::iota(rows_by_name_.begin(), rows_by_name_.end(), 0);
  }
  by_name_.clear();
  for (const uint32_t row : rows_by_name_) by_name_.push_back(by_row_[row]);
}

// Spans mostly have the resource of their parent, but where a call goes to another process.
void PageEncoder::WriteResources() {
  const auto resource_of = [&](uint32_t row) {
    const SpanPlace place = by_row_[row];
    return ids_of(place).resources[batch_of(place).resource[place.row]];
  };
  for (const uint32_t row : rows_by_name_) {
    const uint32_t parent = EarlierParent(begin_ + row);
    const uint32_t expected = parent == ExpectedStarts::kNone ? 0 : resource_of(parent);
    const uint32_t resource = resource_of(row);
    numbers_.push_back(resource == expected ? 0 : uint64_t{resource} + 1);
  }
  WriteNumbers(FixedColumn::kResource);
}

void PageEncoder::WriteSpanColumns() {
  const auto span = [this](FixedColumn column, auto get) { WriteEach(column, by_name_, get); };
  WriteEachText(1, by_name_, [](const SpanBatch& b, uint32_t row) { return b.trace_state[row]; });
  WriteEachText(2, by_name_, [](const SpanBatch& b, uint32_t row) { return b.status_message[row]; });
  span(FixedColumn::kFlags, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.flags[row]; });
  WriteResources();
  span(FixedColumn::kScope, [](const SpanBatch& b, const Ids& ids, uint32_t row) { return ids.scopes[b.scope[row]]; });
  span(FixedColumn::kDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_attributes[row]; });
  span(FixedColumn::kDroppedEvents, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_events[row]; });
  span(FixedColumn::kDroppedLinks, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_links[row]; });
  span(FixedColumn::kKind, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.kind[row]; });
  span(FixedColumn::kStatusCode, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.status_code[row]; });
  span(FixedColumn::kShape,
       [](const SpanBatch& b, const Ids& ids, uint32_t row) { return ids.shapes[b.attributes.shape[row]]; });
  span(FixedColumn::kEventCount,
       [](const SpanBatch& b, const Ids&, uint32_t row) { return b.event_begin[row + 1] - b.event_begin[row]; });
  span(FixedColumn::kLinkCount,
       [](const SpanBatch& b, const Ids&, uint32_t row) { return b.link_begin[row + 1] - b.link_begin[row]; });
  for (size_t i = 0; i < by_name_.size(); ++i) {
    if (i + kPrefetchAhead < by_name_.size()) PrefetchList(by_name_[i + kPrefetchAhead]);
    const SpanPlace place = by_name_[i];
    const SpanBatch& batch = batch_of(place);
    CollectLists(0, batch, ids_of(place), batch.attributes, place.row, place.row + 1);
  }
}

// Neighbours by name stand far apart in memory: their cells are asked for some spans ahead.
void PageEncoder::PrefetchList(SpanPlace place) const {
  const SpanBatch& batch = batch_of(place);
  const size_t begin = batch.attributes.value_begin[place.row];
  // Of a batch without any values there is no memory to point into.
  if (begin < batch.values.size()) __builtin_prefetch(&batch.values[begin]);
  if (begin + 8 < batch.values.size()) __builtin_prefetch(&batch.values[begin + 8]);
}

void PageEncoder::WriteEvents() {
  children_.clear();
  for (const SpanPlace place : by_name_) {
    const SpanBatch& batch = batch_of(place);
    const uint32_t first = batch.event_begin[place.row], last = batch.event_begin[place.row + 1];
    if (first == last) continue;
    for (uint32_t event = first; event < last; ++event) {
      children_.push_back({place.batch, event});
      numbers_.push_back(batch.event_time_ns[event] - batch.start_ns[place.row]);
    }
    CollectLists(1, batch, ids_of(place), batch.event_attributes, first, last);
  }
  if (children_.empty()) return;
  const auto each = [this](FixedColumn column, auto get) { WriteEach(column, children_, get); };
  WriteNumbers(FixedColumn::kEventTime);
  WriteEachText(3, children_, [](const SpanBatch& b, uint32_t i) { return b.event_name[i]; });
  each(FixedColumn::kEventDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t i) { return b.event_dropped_attributes[i]; });
  each(FixedColumn::kEventShape,
       [](const SpanBatch& b, const Ids& ids, uint32_t i) { return ids.shapes[b.event_attributes.shape[i]]; });
}

void PageEncoder::WriteLinks() {
  children_.clear();
  for (const SpanPlace place : by_name_) {
    const SpanBatch& batch = batch_of(place);
    const uint32_t first = batch.link_begin[place.row], last = batch.link_begin[place.row + 1];
    for (uint32_t link = first; link < last; ++link) children_.push_back({place.batch, link});
    CollectLists(2, batch, ids_of(place), batch.link_attributes, first, last);
  }
  if (children_.empty()) return;
  const auto each = [this](FixedColumn column, auto get) { WriteEach(column, children_, get); };
  each(FixedColumn::kLinkTraceIdHigh,
       [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_trace_id_high[i]; });
  each(FixedColumn::kLinkTraceIdLow, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_trace_id_low[i]; });
  each(FixedColumn::kLinkSpanId, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_span_id[i]; });
  WriteEachText(4, children_, [](const SpanBatch& b, uint32_t i) { return b.link_trace_state[i]; });
  each(FixedColumn::kLinkFlags, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_flags[i]; });
  each(FixedColumn::kLinkDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_dropped_attributes[i]; });
  each(FixedColumn::kLinkShape,
       [](const SpanBatch& b, const Ids& ids, uint32_t i) { return ids.shapes[b.link_attributes.shape[i]]; });
}

// Appends the cells of the lists [first, last) to their columns.
void PageEncoder::CollectLists(size_t owner, const SpanBatch& batch, const Ids& ids, const AttributeListColumns& lists,
                               uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last; ++i) {
    const uint32_t batch_shape = lists.shape[i];
    if (batch_shape == 0) continue;
    const uint32_t shape = ids.shapes[batch_shape];
    const uint32_t field_count = input_.shapes.begin(shape + 1) - input_.shapes.begin(shape);
    const PageInput::Target* targets = input_.target_of_field[owner].data() + input_.shapes.begin(shape);
    const uint64_t* values = batch.values.data() + lists.value_begin[i];
    for (uint32_t field = 0; field < field_count; ++field) {
      Cells& cells = cells_[targets[field].column];
      switch (targets[field].kind) {
        case PageInput::CellKind::kNumber: cells.numbers.push_back(values[field]); break;
        case PageInput::CellKind::kCode: cells.numbers.push_back(ids.strings[values[field]]); break;
        case PageInput::CellKind::kRawText:
          cells.texts.push_back(batch.String(static_cast<StringCode>(values[field])));
          break;
      }
    }
  }
}

void PageEncoder::WriteAttributes() {
  for (uint32_t column = 0; column < cells_.size(); ++column) {
    Cells& cells = cells_[column];
    const uint32_t number = block_layout::kFirstAttributeColumn + column;
    if (!cells.texts.empty()) WriteTextStrip(number, input_.columns[column].type, cells.texts);
    if (!cells.numbers.empty()) WriteStrip(number, cells.numbers, cells.hints);
  }
}

void PageEncoder::WriteNumbers(FixedColumn column) {
  WriteStrip(static_cast<uint32_t>(column), numbers_, hints_[Index(column)]);
}

void PageEncoder::WriteStrip(uint32_t column, std::vector<uint64_t>& numbers, NumberHints& hints) {
  const size_t strip_begin = strips_->size();
  const size_t count = numbers.size();
  const NumberStatistics statistics = EncodeNumbers(numbers, hints, *strips_);
  numbers.clear();
  if (statistics.min == 0 && statistics.max == 0) {
    strips_->Truncate(strip_begin);  // a strip that is not there is all zeros
    return;
  }
  AddEntry(column, count, statistics, strip_begin);
}

void PageEncoder::WriteTextStrip(uint32_t column, ValueType type, std::vector<std::string_view>& texts) {
  const size_t strip_begin = strips_->size();
  EncodeTexts(texts, *strips_);
  // Bytes and nested values are found by no text.
  if (type == ValueType::kString) text_filter_.Add(texts, strips_->size() - strip_begin);
  AddEntry(column, texts.size(), {}, strip_begin);
  texts.clear();
}

void PageEncoder::AddEntry(uint32_t column, size_t count, NumberStatistics statistics, size_t strip_begin) {
  const std::span<const std::byte> strip = strips_->from(strip_begin);
  entries_.Varint(column - last_column_);
  entries_.Varint(count);
  entries_.Varint(statistics.min);
  entries_.Varint(statistics.max - statistics.min);
  entries_.Varint(strip.size());
  entries_.U32(Crc32c(strip));
  last_column_ = column;
  ++strip_count_;
}

}  // namespace spoor
