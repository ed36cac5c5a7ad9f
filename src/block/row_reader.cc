#include "block/row_reader.h"

#include <algorithm>
#include <array>

#include "block/page_columns.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

// A fixed column of texts, for a part of its cells.
struct TextPart {
  std::vector<uint64_t> codes;
  std::shared_ptr<const TextColumn> raw;  // the whole column, where it holds texts itself
  size_t begin = 0;                       // of the part in the raw column
};

// The attribute lists of one kind of owner: which are asked for, and a cursor into each attribute column.
struct ListPart {
  struct Cursor {
    uint64_t before = 0;  // cells in front of those asked for
    uint64_t count = 0;
    size_t next = 0;
    std::vector<uint64_t> cells;
    std::shared_ptr<const TextColumn> raw;
  };
  std::vector<uint64_t> shapes;                         // of the lists asked for
  boost::unordered_flat_map<uint32_t, Cursor> cursors;  // by attribute column
};

}  // namespace

// The decoded columns of the rows that are asked for, and the loop over them.
class RowReader::PageRows {
 public:
  PageRows(RowReader& rows, PageReader& page, uint32_t begin, uint32_t end)
      : rows_(rows), page_(page), tables_(page.tables()), begin_(begin), count_(end - begin) {}

  Status Run() {
    RETURN_IF_ERROR(ReadSpans());
    RETURN_IF_ERROR(ReadParents());
    RETURN_IF_ERROR(ReadLists(AttributeOwner::kSpan, FixedColumn::kShape, begin_, count_, page_.rows()));
    RETURN_IF_ERROR(ReadEvents());
    RETURN_IF_ERROR(ReadLinks());
    for (uint32_t i = 0; i < count_; ++i) RETURN_IF_ERROR(AddSpan(i));
    return {};
  }

 private:
  enum Number {
    kSpanId,
    kDuration,
    kFlags,
    kResource,
    kScope,
    kDroppedAttributes,
    kDroppedEvents,
    kDroppedLinks,
    kKind,
    kStatusCode,
    kEventTime,
    kEventDropped,
    kLinkHigh,
    kLinkLow,
    kLinkSpanId,
    kLinkFlags,
    kLinkDropped,
    kNumberCount
  };
  enum Text { kName, kTraceState, kStatusMessage, kEventName, kLinkTraceState, kTextCount };

  Status Read(Number into, FixedColumn column, uint64_t begin, size_t count, uint64_t max) {
    numbers_[into].resize(count);
    return page_.NumbersAt(static_cast<uint32_t>(column), begin, max, numbers_[into]);
  }

  Status ReadText(Text into, FixedColumn column, uint64_t begin, size_t count, size_t column_count) {
    TextPart& part = texts_[into];
    if (tables_.columns.is_raw(column)) {
      part.begin = begin;
      ASSIGN_OR_RETURN(part.raw, page_.Texts(static_cast<uint32_t>(column), column_count));
      return {};
    }
    part.codes.resize(count);
    return page_.NumbersAt(static_cast<uint32_t>(column), begin, tables_.dictionary.string_count() - 1, part.codes);
  }

  Status ReadSpans() {
    starts_.resize(count_);
    RETURN_IF_ERROR(ReadStarts(page_, begin_, starts_));
    RETURN_IF_ERROR(Read(kSpanId, FixedColumn::kSpanId, begin_, count_, UINT64_MAX));
    RETURN_IF_ERROR(Read(kDuration, FixedColumn::kDuration, begin_, count_, UINT64_MAX));
    RETURN_IF_ERROR(Read(kFlags, FixedColumn::kFlags, begin_, count_, UINT32_MAX));
    RETURN_IF_ERROR(Read(kResource, FixedColumn::kResource, begin_, count_, tables_.resources.size() - 1));
    RETURN_IF_ERROR(Read(kScope, FixedColumn::kScope, begin_, count_, tables_.scopes.size() - 1));
    RETURN_IF_ERROR(Read(kDroppedAttributes, FixedColumn::kDroppedAttributes, begin_, count_, UINT32_MAX));
    RETURN_IF_ERROR(Read(kDroppedEvents, FixedColumn::kDroppedEvents, begin_, count_, UINT32_MAX));
    RETURN_IF_ERROR(Read(kDroppedLinks, FixedColumn::kDroppedLinks, begin_, count_, UINT32_MAX));
    RETURN_IF_ERROR(Read(kKind, FixedColumn::kKind, begin_, count_, UINT8_MAX));
    RETURN_IF_ERROR(Read(kStatusCode, FixedColumn::kStatusCode, begin_, count_, UINT8_MAX));
    RETURN_IF_ERROR(ReadText(kName, FixedColumn::kName, begin_, count_, page_.rows()));
    RETURN_IF_ERROR(ReadText(kTraceState, FixedColumn::kTraceState, begin_, count_, page_.rows()));
    return ReadText(kStatusMessage, FixedColumn::kStatusMessage, begin_, count_, page_.rows());
  }

  Status ReadParents() {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> parent_rows, ReadParentRows(page_));
    std::vector<uint64_t> given(size_t{begin_} + count_);
    RETURN_IF_ERROR(page_.NumbersAt(static_cast<uint32_t>(FixedColumn::kParentGiven), 0, 1, given));
    size_t given_before = 0;
    size_t given_here = 0;
    for (uint32_t i = 0; i < given.size(); ++i) (i < begin_ ? given_before : given_here) += given[i];
    std::vector<uint64_t> ids(given_here);
    RETURN_IF_ERROR(page_.NumbersAt(static_cast<uint32_t>(FixedColumn::kParentId), given_before, UINT64_MAX, ids));

    // Parents in this page are known by their span ids, which may stand outside of the rows asked for.
    uint32_t low = begin_;
    uint32_t high = begin_ + count_;
    const auto in_page = [&](uint32_t row) { return row != UINT32_MAX && row - page_.row_begin() < page_.rows(); };
    for (uint32_t i = begin_; i < begin_ + count_; ++i) {
      if (!in_page(parent_rows[i])) continue;
      low = std::min(low, parent_rows[i] - page_.row_begin());
      high = std::max(high, parent_rows[i] - page_.row_begin() + 1);
    }
    std::vector<uint64_t> span_ids(high - low);
    RETURN_IF_ERROR(page_.NumbersAt(static_cast<uint32_t>(FixedColumn::kSpanId), low, UINT64_MAX, span_ids));
    parents_.resize(count_);
    size_t next = 0;
    for (uint32_t i = 0; i < count_; ++i) {
      if (given[begin_ + i] != 0) {
        parents_[i] = ids[next++];
      } else if (in_page(parent_rows[begin_ + i])) {
        parents_[i] = span_ids[parent_rows[begin_ + i] - page_.row_begin() - low];
      }
    }
    return {};
  }

  // How many events (links) stand before the rows asked for, in them, and in the whole page.
  struct Children {
    std::vector<uint64_t> counts;  // of the rows asked for
    uint64_t before = 0;
    uint64_t here = 0;
    uint64_t all = 0;
  };
  Result<Children> ReadChildren(FixedColumn column) {
    std::vector<uint64_t> counts(page_.rows());
    RETURN_IF_ERROR(page_.NumbersAt(static_cast<uint32_t>(column), 0, block_layout::kCellsMax, counts));
    Children children;
    for (uint32_t row = 0; row < counts.size(); ++row) {
      children.all += counts[row];
      if (row < begin_) children.before += counts[row];
      if (row >= begin_ && row < begin_ + count_) children.here += counts[row];
    }
    if (children.all > block_layout::kCellsMax) return page_.Tell(column, Corrupt("they are too many"));
    children.counts.assign(counts.begin() + begin_, counts.begin() + begin_ + count_);
    return children;
  }

  Status ReadEvents() {
    ASSIGN_OR_RETURN(const Children events, ReadChildren(FixedColumn::kEventCount));
    event_counts_ = events.counts;
    if (events.here == 0) return {};
    RETURN_IF_ERROR(Read(kEventTime, FixedColumn::kEventTime, events.before, events.here, UINT64_MAX));
    RETURN_IF_ERROR(Read(kEventDropped, FixedColumn::kEventDroppedAttributes, events.before, events.here, UINT32_MAX));
    RETURN_IF_ERROR(ReadText(kEventName, FixedColumn::kEventName, events.before, events.here, events.all));
    return ReadLists(AttributeOwner::kEvent, FixedColumn::kEventShape, events.before, events.here, events.all);
  }

  Status ReadLinks() {
    ASSIGN_OR_RETURN(const Children links, ReadChildren(FixedColumn::kLinkCount));
    link_counts_ = links.counts;
    if (links.here == 0) return {};
    RETURN_IF_ERROR(Read(kLinkHigh, FixedColumn::kLinkTraceIdHigh, links.before, links.here, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkLow, FixedColumn::kLinkTraceIdLow, links.before, links.here, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkSpanId, FixedColumn::kLinkSpanId, links.before, links.here, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkFlags, FixedColumn::kLinkFlags, links.before, links.here, UINT32_MAX));
    RETURN_IF_ERROR(Read(kLinkDropped, FixedColumn::kLinkDroppedAttributes, links.before, links.here, UINT32_MAX));
    RETURN_IF_ERROR(ReadText(kLinkTraceState, FixedColumn::kLinkTraceState, links.before, links.here, links.all));
    return ReadLists(AttributeOwner::kLink, FixedColumn::kLinkShape, links.before, links.here, links.all);
  }

  // Reads the cells of the lists `begin` .. `begin + count` of `all`. Where they stand in each column follows from the
  // shapes of the lists before them.
  Status ReadLists(AttributeOwner owner, FixedColumn shape_column, uint64_t begin, size_t count, size_t all) {
    ListPart& part = lists_[static_cast<size_t>(ListOwnerIndex(owner))];
    std::vector<uint64_t> shapes(all);
    RETURN_IF_ERROR(page_.NumbersAt(static_cast<uint32_t>(shape_column), 0, tables_.shapes.size() - 1, shapes));
    const auto first = shapes.begin() + static_cast<ptrdiff_t>(begin);
    part.shapes.assign(first, first + static_cast<ptrdiff_t>(count));
    RETURN_IF_ERROR(CountCells(owner, part.shapes, &ListPart::Cursor::count));
    shapes.resize(begin + count);
    std::vector<uint64_t> totals = std::move(shapes);
    totals.resize(begin);
    RETURN_IF_ERROR(CountCells(owner, totals, &ListPart::Cursor::before));
    for (auto& [column, cursor] : part.cursors) {
      if (cursor.count > 0) RETURN_IF_ERROR(ReadCells(column, cursor));
    }
    return {};
  }

  // Adds the cells of lists with `shapes` to `into` of each column's cursor.
  Status CountCells(AttributeOwner owner, const std::vector<uint64_t>& shapes, uint64_t ListPart::Cursor::* into) {
    const auto o = static_cast<size_t>(ListOwnerIndex(owner));
    boost::unordered_flat_map<uint32_t, uint64_t> lists_of_shape;
    for (const uint64_t shape : shapes) ++lists_of_shape[static_cast<uint32_t>(shape)];
    for (const auto& [shape, lists] : lists_of_shape) {
      for (uint32_t field = tables_.shapes.begin[shape]; field < tables_.shapes.begin[shape + 1]; ++field) {
        const uint32_t column = tables_.column_of_field[o][field];
        if (column == BlockTables::kNoColumn) {
          return page_.Tell(FixedColumn::kShape, Corrupt("a list has an attribute without a column"));
        }
        uint64_t& cells = lists_[o].cursors[column].*into;
        cells += lists;
        if (cells > block_layout::kCellsMax) return page_.Tell(FixedColumn::kShape, Corrupt("attributes are too many"));
      }
    }
    return {};
  }

  Status ReadCells(uint32_t column, ListPart::Cursor& cursor) {
    const block_layout::AttributeColumn& attribute = tables_.columns.attributes[column];
    const uint32_t strip = block_layout::kFirstAttributeColumn + column;
    if (attribute.raw) {
      const StripEntry* entry = page_.Find(strip);
      ASSIGN_OR_RETURN(cursor.raw, page_.Texts(strip, entry == nullptr ? 0 : entry->count));
      if (cursor.before + cursor.count > cursor.raw->size()) {
        return page_.Tell(strip, Corrupt("it has too few texts"));
      }
      cursor.next = cursor.before;
      return {};
    }
    cursor.cells.resize(cursor.count);
    const uint64_t max = IsCode(attribute.type) ? tables_.dictionary.string_count() - 1 : UINT64_MAX;
    return page_.NumbersAt(strip, cursor.before, max, cursor.cells);
  }

  Result<StringCode> CodeOf(Text text, size_t i) {
    const TextPart& part = texts_[text];
    if (part.raw != nullptr) return rows_.TextCode((*part.raw)[part.begin + i]);
    return rows_.Code(static_cast<uint32_t>(part.codes[i]));
  }

  Result<SpanBatchBuilder::AttributeList> AddList(AttributeOwner owner, size_t list) {
    const auto o = static_cast<size_t>(ListOwnerIndex(owner));
    const auto shape = static_cast<uint32_t>(lists_[o].shapes[list]);
    SpanBatchBuilder& builder = rows_.builder_;
    builder.BeginAttributes();
    for (uint32_t field = tables_.shapes.begin[shape]; field < tables_.shapes.begin[shape + 1]; ++field) {
      ASSIGN_OR_RETURN(const StringCode key, rows_.Code(tables_.shapes.keys[field]));
      const ValueType type = tables_.shapes.types[field];
      ListPart::Cursor& cursor = lists_[o].cursors[tables_.column_of_field[o][field]];
      uint64_t cell;
      if (cursor.raw != nullptr) {
        const std::string_view text = (*cursor.raw)[cursor.next++];
        if (type == ValueType::kString) {
          ASSIGN_OR_RETURN(cell, rows_.TextCode(text));
        } else {
          cell = builder.AddBytes(text);
        }
      } else {
        cell = cursor.cells[cursor.next++];
        if (IsCode(type)) {
          ASSIGN_OR_RETURN(cell, rows_.Code(static_cast<uint32_t>(cell)));
        }
      }
      if (!builder.AddAttribute(key, type, cell)) {
        return page_.Tell(FixedColumn::kShape, Corrupt("a list has too many attributes"));
      }
    }
    return builder.EndAttributes();
  }

  Status AddSpan(uint32_t i) {
    SpanBatchBuilder& builder = rows_.builder_;
    RETURN_IF_ERROR(
        rows_.SetEntities(static_cast<uint32_t>(numbers_[kResource][i]), static_cast<uint32_t>(numbers_[kScope][i])));
    const TraceTable& traces = page_.traces();
    const uint32_t row = page_.row_begin() + begin_ + i;
    if (i == 0) trace_ = traces.TraceOfRow(row);
    if (row == traces.row_begin[trace_ + 1]) ++trace_;
    SpanFields span{.trace_id = traces.id(trace_),
                    .span_id = numbers_[kSpanId][i],
                    .parent_span_id = parents_[i],
                    .start_ns = starts_[i],
                    .end_ns = starts_[i] + numbers_[kDuration][i],
                    .flags = static_cast<uint32_t>(numbers_[kFlags][i]),
                    .dropped_attributes = static_cast<uint32_t>(numbers_[kDroppedAttributes][i]),
                    .dropped_events = static_cast<uint32_t>(numbers_[kDroppedEvents][i]),
                    .dropped_links = static_cast<uint32_t>(numbers_[kDroppedLinks][i]),
                    .kind = static_cast<uint8_t>(numbers_[kKind][i]),
                    .status_code = static_cast<uint8_t>(numbers_[kStatusCode][i])};
    ASSIGN_OR_RETURN(span.name, CodeOf(kName, i));
    ASSIGN_OR_RETURN(span.trace_state, CodeOf(kTraceState, i));
    ASSIGN_OR_RETURN(span.status_message, CodeOf(kStatusMessage, i));
    builder.BeginSpan();
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kSpan, i));
    builder.SetSpanAttributes(attributes);
    for (uint64_t n = 0; n < event_counts_[i]; ++n, ++event_) RETURN_IF_ERROR(AddEvent(event_, span.start_ns));
    for (uint64_t n = 0; n < link_counts_[i]; ++n, ++link_) RETURN_IF_ERROR(AddLink(link_));
    builder.EndSpan(span);
    return {};
  }

  Status AddEvent(size_t i, uint64_t span_start_ns) {
    EventFields event{.time_ns = span_start_ns + numbers_[kEventTime][i],
                      .dropped_attributes = static_cast<uint32_t>(numbers_[kEventDropped][i])};
    ASSIGN_OR_RETURN(event.name, CodeOf(kEventName, i));
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kEvent, i));
    rows_.builder_.AddEvent(event, attributes);
    return {};
  }

  Status AddLink(size_t i) {
    LinkFields link{.trace_id = {numbers_[kLinkHigh][i], numbers_[kLinkLow][i]},
                    .span_id = numbers_[kLinkSpanId][i],
                    .flags = static_cast<uint32_t>(numbers_[kLinkFlags][i]),
                    .dropped_attributes = static_cast<uint32_t>(numbers_[kLinkDropped][i])};
    ASSIGN_OR_RETURN(link.trace_state, CodeOf(kLinkTraceState, i));
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kLink, i));
    rows_.builder_.AddLink(link, attributes);
    return {};
  }

  RowReader& rows_;
  PageReader& page_;
  const BlockTables& tables_;
  const uint32_t begin_;
  const uint32_t count_;
  std::array<std::vector<uint64_t>, kNumberCount> numbers_;
  std::array<TextPart, kTextCount> texts_;
  std::vector<uint64_t> starts_, parents_, event_counts_, link_counts_;
  std::array<ListPart, kListOwners> lists_;
  uint32_t trace_ = 0;
  size_t event_ = 0;
  size_t link_ = 0;
};

Status RowReader::Append(PageReader page, uint32_t begin, uint32_t end) {
  RETURN_IF_ERROR(page.ReadAhead());
  return PageRows(*this, page, begin, end).Run();
}

Result<StringCode> RowReader::Code(uint32_t code) {
  if (code == 0) return StringCode{0};
  if (const auto found = codes_.find(code); found != codes_.end()) return found->second;
  const DictionaryIndex& index = context_.tables->dictionary;
  const uint32_t chunk = index.ChunkOfCode(code);
  chunks_.resize(index.size());
  if (chunks_[chunk] == nullptr) {
    ASSIGN_OR_RETURN(chunks_[chunk], sections_.Chunk(index, chunk));
  }
  const std::string_view string = (*chunks_[chunk])[code - index.code_begin[chunk]];
  StringCode result;
  if (code < index.text_count) {
    ASSIGN_OR_RETURN(result, TextCode(string));
  } else {
    result = builder_.AddBytes(string);
  }
  codes_.emplace(code, result);
  return result;
}

Result<StringCode> RowReader::TextCode(std::string_view text) {
  const StringCode code = builder_.InternString(text);
  if (code == SpanBatchBuilder::kNotUtf8) {
    return context_.file->Tell(Corrupt("a text is not UTF-8"), "pages", 0);
  }
  return code;
}

Status RowReader::SetEntities(uint32_t resource, uint32_t scope) {
  const BlockTables& tables = *context_.tables;
  if (resource != resource_) {
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, EntityList(tables.resources, resource));
    ASSIGN_OR_RETURN(const StringCode schema_url, Code(tables.resources.schema_url[resource]));
    builder_.AddResource(attributes, tables.resources.dropped_attributes[resource], schema_url);
    resource_ = resource;
    scope_ = UINT32_MAX;
  }
  if (scope != scope_) {
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, EntityList(tables.scopes, scope));
    ASSIGN_OR_RETURN(const StringCode schema_url, Code(tables.scopes.schema_url[scope]));
    ASSIGN_OR_RETURN(const StringCode name, Code(tables.scopes.name[scope]));
    ASSIGN_OR_RETURN(const StringCode version, Code(tables.scopes.version[scope]));
    builder_.AddScope(name, version, attributes, tables.scopes.dropped_attributes[scope], schema_url);
    scope_ = scope;
  }
  return {};
}

Result<SpanBatchBuilder::AttributeList> RowReader::EntityList(const EntityColumns& entities, uint32_t i) {
  const ShapeTable& shapes = context_.tables->shapes;
  const uint32_t begin = shapes.begin[entities.shape[i]];
  builder_.BeginAttributes();
  for (uint32_t field = begin; field < shapes.begin[entities.shape[i] + 1]; ++field) {
    ASSIGN_OR_RETURN(const StringCode key, Code(shapes.keys[field]));
    uint64_t cell = entities.cells[entities.cell_begin[i] + field - begin];
    if (IsCode(shapes.types[field])) {
      ASSIGN_OR_RETURN(cell, Code(static_cast<uint32_t>(cell)));
    }
    if (!builder_.AddAttribute(key, shapes.types[field], cell)) {
      return context_.file->Tell(Corrupt("a list has too many attributes"), "resources and scopes", 0);
    }
  }
  return builder_.EndAttributes();
}

}  // namespace spoor
