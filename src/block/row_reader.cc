#include "block/row_reader.h"

#include <algorithm>
#include <array>

#include "block/page_columns.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

// A run of numbers of a column, from number `begin` on.
struct NumberPart {
  uint64_t begin = 0;
  std::vector<uint64_t> numbers;

  uint64_t operator[](uint64_t i) const { return numbers[i - begin]; }
};

// A run of a column of texts: codes, or the whole column where it holds texts itself.
struct TextPart {
  NumberPart codes;
  std::shared_ptr<const TextColumn> raw;
};

// Some consecutive events (links) of a page, or one span: `first` counts in the order in which they stand.
struct ChildRange {
  uint64_t first = 0;
  uint64_t count = 0;
};

// The attribute lists of one kind of owner that are asked for, numbered in the order in which they stand.
struct ListPart {
  struct Cells {
    uint64_t low = UINT64_MAX;  // the cells that are asked for lie in [low, high)
    uint64_t high = 0;
    NumberPart numbers;
    std::shared_ptr<const TextColumn> raw;
  };
  std::vector<uint32_t> shape;      // by list
  std::vector<size_t> field_begin;  // by list: where its fields begin in `cell`
  std::vector<uint64_t> cell;       // of each field: which cell of its column
  boost::unordered_flat_map<uint32_t, Cells> columns;
};

// Walks over all lists of a page up to the last one asked for, and finds the cells of those.
class ListWalk {
 public:
  ListWalk(const BlockTables& tables, size_t owner, ListPart& part)
      : shapes_(tables.shapes),
        columns_(tables.column_of_field[owner]),
        totals_(tables.columns.attributes.size()),
        part_(part) {}

  // Lists of `shape` that are not asked for.
  Status Skip(uint32_t shape, uint64_t lists) {
    for (uint32_t field = shapes_.begin[shape]; field < shapes_.begin[shape + 1]; ++field) {
      RETURN_IF_ERROR(Check(field));
      totals_[columns_[field]] += lists;
    }
    return {};
  }

  Status Take(uint32_t shape) {
    part_.shape.push_back(shape);
    part_.field_begin.push_back(part_.cell.size());
    for (uint32_t field = shapes_.begin[shape]; field < shapes_.begin[shape + 1]; ++field) {
      RETURN_IF_ERROR(Check(field));
      const uint64_t cell = totals_[columns_[field]]++;
      ListPart::Cells& cells = part_.columns[columns_[field]];
      cells.low = std::min(cells.low, cell);
      cells.high = cell + 1;
      part_.cell.push_back(cell);
    }
    return {};
  }

 private:
  Status Check(uint32_t field) const {
    if (columns_[field] == BlockTables::kNoColumn) return Corrupt("a list has an attribute without a column");
    if (totals_[columns_[field]] > block_layout::kCellsMax) return Corrupt("attributes are too many");
    return {};
  }

  const ShapeTable& shapes_;
  const std::vector<uint32_t>& columns_;
  std::vector<uint64_t> totals_;  // cells so far, by column
  ListPart& part_;
};

}  // namespace

// The decoded columns of the rows that are asked for, and the loop over them.
class RowReader::PageRows {
 public:
  PageRows(RowReader& rows, PageReader& page, uint32_t begin, uint32_t end)
      : rows_(rows), page_(page), tables_(page.tables()), begin_(begin), count_(end - begin) {}

  Status Run() {
    RETURN_IF_ERROR(ReadPlaces());
    RETURN_IF_ERROR(ReadByRow());
    RETURN_IF_ERROR(ReadParents());
    RETURN_IF_ERROR(ReadByName());
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

  // Where the rows stand in the columns that are ordered by name.
  Status ReadPlaces() {
    ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, page_.Order());
    place_.assign(order->place_of.begin() + begin_, order->place_of.begin() + begin_ + count_);
    by_place_.resize(count_);
    for (uint32_t i = 0; i < count_; ++i) by_place_[i] = i;
    std::ranges::sort(by_place_, {}, [&](uint32_t i) { return place_[i]; });
    place_low_ = place_[by_place_.front()];
    place_high_ = place_[by_place_.back()] + 1;
    return {};
  }

  Status Read(Number into, FixedColumn column, uint64_t begin, uint64_t end, uint64_t max) {
    return Read(numbers_[into], column, begin, end, max);
  }
  Status Read(NumberPart& part, FixedColumn column, uint64_t begin, uint64_t end, uint64_t max) {
    part.begin = begin;
    part.numbers.resize(end - begin);
    return page_.NumbersAt(static_cast<uint32_t>(column), begin, max, part.numbers);
  }
  Status ReadText(Text into, FixedColumn column, uint64_t begin, uint64_t end, size_t column_count) {
    TextPart& part = texts_[into];
    if (!tables_.columns.is_raw(column)) {
      return Read(part.codes, column, begin, end, tables_.dictionary.string_count() - 1);
    }
    ASSIGN_OR_RETURN(part.raw, page_.Texts(static_cast<uint32_t>(column), column_count));
    return {};
  }

  Status ReadByRow() {
    ASSIGN_OR_RETURN(parent_rows_, ReadParentRows(page_));
    starts_.resize(count_);
    numbers_[kDuration].begin = begin_;
    numbers_[kDuration].numbers.resize(count_);
    RETURN_IF_ERROR(ReadTimes(page_, parent_rows_, begin_, starts_, numbers_[kDuration].numbers));
    ASSIGN_OR_RETURN(resources_, ReadResources(page_, parent_rows_));
    return ReadText(kName, FixedColumn::kName, begin_, begin_ + count_, page_.rows());
  }

  Status ReadByName() {
    const auto read = [&](Number into, FixedColumn column, uint64_t max) {
      return Read(into, column, place_low_, place_high_, max);
    };
    RETURN_IF_ERROR(read(kFlags, FixedColumn::kFlags, UINT32_MAX));
    RETURN_IF_ERROR(read(kScope, FixedColumn::kScope, tables_.scopes.size() - 1));
    RETURN_IF_ERROR(read(kDroppedAttributes, FixedColumn::kDroppedAttributes, UINT32_MAX));
    RETURN_IF_ERROR(read(kDroppedEvents, FixedColumn::kDroppedEvents, UINT32_MAX));
    RETURN_IF_ERROR(read(kDroppedLinks, FixedColumn::kDroppedLinks, UINT32_MAX));
    RETURN_IF_ERROR(read(kKind, FixedColumn::kKind, UINT8_MAX));
    RETURN_IF_ERROR(read(kStatusCode, FixedColumn::kStatusCode, UINT8_MAX));
    RETURN_IF_ERROR(ReadText(kTraceState, FixedColumn::kTraceState, place_low_, place_high_, page_.rows()));
    RETURN_IF_ERROR(ReadText(kStatusMessage, FixedColumn::kStatusMessage, place_low_, place_high_, page_.rows()));
    std::vector<ChildRange> spans;
    for (const uint32_t i : by_place_) spans.push_back({place_[i], 1});
    RETURN_IF_ERROR(ReadLists(AttributeOwner::kSpan, FixedColumn::kShape, spans));
    span_list_.resize(count_);
    for (uint32_t list = 0; list < count_; ++list) span_list_[by_place_[list]] = list;
    return {};
  }

  Status ReadParents() {
    NumberPart given, ids;
    RETURN_IF_ERROR(Read(given, FixedColumn::kParentGiven, 0, uint64_t{begin_} + count_, 1));
    uint64_t given_before = 0;
    uint64_t given_here = 0;
    for (uint32_t row = 0; row < begin_ + count_; ++row) (row < begin_ ? given_before : given_here) += given[row];
    RETURN_IF_ERROR(Read(ids, FixedColumn::kParentId, given_before, given_before + given_here, UINT64_MAX));

    // Parents in this page are known by their span ids, which may stand outside of the rows asked for.
    uint32_t low = begin_;
    uint32_t high = begin_ + count_;
    const auto in_page = [&](uint32_t row) { return row != UINT32_MAX && row - page_.row_begin() < page_.rows(); };
    for (uint32_t row = begin_; row < begin_ + count_; ++row) {
      if (!in_page(parent_rows_[row])) continue;
      low = std::min(low, parent_rows_[row] - page_.row_begin());
      high = std::max(high, parent_rows_[row] - page_.row_begin() + 1);
    }
    RETURN_IF_ERROR(Read(kSpanId, FixedColumn::kSpanId, low, high, UINT64_MAX));
    parents_.resize(count_);
    uint64_t next = given_before;
    for (uint32_t i = 0; i < count_; ++i) {
      const uint32_t parent = parent_rows_[begin_ + i];
      if (given[begin_ + i] != 0) {
        parents_[i] = ids[next++];
      } else if (in_page(parent)) {
        parents_[i] = numbers_[kSpanId][parent - page_.row_begin()];
      }
    }
    return {};
  }

  // Events (links): those of the rows asked for, as ranges in the order in which they stand.
  struct Children {
    std::vector<ChildRange> ranges;  // one a row that has any
    uint64_t low = 0;                // all of them lie in [low, high)
    uint64_t high = 0;
    uint64_t all = 0;  // of the page
  };
  // `of_row[i]` becomes the range of row i, its `first` the number of its first list.
  Result<Children> ReadChildren(FixedColumn column, std::vector<ChildRange>& of_row,
                                std::vector<uint64_t>& first_list) {
    of_row.assign(count_, {});
    first_list.assign(count_, 0);
    Children children;
    if (page_.Find(static_cast<uint32_t>(column)) == nullptr) return children;
    NumberPart counts;
    RETURN_IF_ERROR(Read(counts, column, 0, page_.rows(), block_layout::kCellsMax));
    uint64_t lists = 0;
    size_t next = 0;
    for (uint32_t place = 0; place < page_.rows(); ++place) {
      if (next < count_ && place_[by_place_[next]] == place) {
        const uint32_t i = by_place_[next++];
        of_row[i] = {children.all, counts[place]};
        first_list[i] = lists;
        lists += counts[place];
        if (counts[place] > 0) children.ranges.push_back(of_row[i]);
      }
      children.all += counts[place];
      if (children.all > block_layout::kCellsMax) return page_.Tell(column, Corrupt("they are too many"));
    }
    if (!children.ranges.empty()) {
      children.low = children.ranges.front().first;
      children.high = children.ranges.back().first + children.ranges.back().count;
    }
    return children;
  }

  Status ReadEvents() {
    ASSIGN_OR_RETURN(const Children events, ReadChildren(FixedColumn::kEventCount, events_, first_event_list_));
    if (events.ranges.empty()) return {};
    RETURN_IF_ERROR(Read(kEventTime, FixedColumn::kEventTime, events.low, events.high, UINT64_MAX));
    RETURN_IF_ERROR(Read(kEventDropped, FixedColumn::kEventDroppedAttributes, events.low, events.high, UINT32_MAX));
    RETURN_IF_ERROR(ReadText(kEventName, FixedColumn::kEventName, events.low, events.high, events.all));
    return ReadLists(AttributeOwner::kEvent, FixedColumn::kEventShape, events.ranges);
  }

  Status ReadLinks() {
    ASSIGN_OR_RETURN(const Children links, ReadChildren(FixedColumn::kLinkCount, links_, first_link_list_));
    if (links.ranges.empty()) return {};
    RETURN_IF_ERROR(Read(kLinkHigh, FixedColumn::kLinkTraceIdHigh, links.low, links.high, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkLow, FixedColumn::kLinkTraceIdLow, links.low, links.high, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkSpanId, FixedColumn::kLinkSpanId, links.low, links.high, UINT64_MAX));
    RETURN_IF_ERROR(Read(kLinkFlags, FixedColumn::kLinkFlags, links.low, links.high, UINT32_MAX));
    RETURN_IF_ERROR(Read(kLinkDropped, FixedColumn::kLinkDroppedAttributes, links.low, links.high, UINT32_MAX));
    RETURN_IF_ERROR(ReadText(kLinkTraceState, FixedColumn::kLinkTraceState, links.low, links.high, links.all));
    return ReadLists(AttributeOwner::kLink, FixedColumn::kLinkShape, links.ranges);
  }

  // Reads the cells of the lists in `ranges`, which ascend. Where they stand in each column follows from the shapes of
  // all lists before them.
  Status ReadLists(AttributeOwner owner, FixedColumn shape_column, const std::vector<ChildRange>& ranges) {
    const auto o = static_cast<size_t>(ListOwnerIndex(owner));
    ListPart& part = lists_[o];
    NumberPart shapes;
    RETURN_IF_ERROR(
        Read(shapes, shape_column, 0, ranges.back().first + ranges.back().count, tables_.shapes.size() - 1));
    ListWalk walk(tables_, o, part);
    uint64_t list = 0;
    for (const ChildRange& range : ranges) {
      while (list < range.first) {
        uint64_t end = list + 1;
        while (end < range.first && shapes[end] == shapes[list]) ++end;
        if (Status s = walk.Skip(static_cast<uint32_t>(shapes[list]), end - list); !s) {
          return page_.Tell(shape_column, s.error());
        }
        list = end;
      }
      for (; list < range.first + range.count; ++list) {
        if (Status s = walk.Take(static_cast<uint32_t>(shapes[list])); !s) return page_.Tell(shape_column, s.error());
      }
    }
    for (auto& [column, cells] : part.columns) RETURN_IF_ERROR(ReadCells(column, cells));
    return {};
  }

  Status ReadCells(uint32_t column, ListPart::Cells& cells) {
    const block_layout::AttributeColumn& attribute = tables_.columns.attributes[column];
    const uint32_t strip = block_layout::kFirstAttributeColumn + column;
    if (attribute.raw) {
      const StripEntry* entry = page_.Find(strip);
      ASSIGN_OR_RETURN(cells.raw, page_.Texts(strip, entry == nullptr ? 0 : entry->count));
      if (cells.high > cells.raw->size()) return page_.Tell(strip, Corrupt("it has too few texts"));
      return {};
    }
    cells.numbers.begin = cells.low;
    cells.numbers.numbers.resize(cells.high - cells.low);
    const uint64_t max = IsCode(attribute.type) ? tables_.dictionary.string_count() - 1 : UINT64_MAX;
    return page_.NumbersAt(strip, cells.low, max, cells.numbers.numbers);
  }

  Result<StringCode> CodeOf(Text text, uint64_t i) {
    const TextPart& part = texts_[text];
    if (part.raw != nullptr) return rows_.TextCode((*part.raw)[i]);
    return rows_.Code(static_cast<uint32_t>(part.codes[i]));
  }

  Result<SpanBatchBuilder::AttributeList> AddList(AttributeOwner owner, uint64_t list) {
    const auto o = static_cast<size_t>(ListOwnerIndex(owner));
    const ListPart& part = lists_[o];
    const uint32_t field_begin = tables_.shapes.begin[part.shape[list]];
    const uint32_t field_end = tables_.shapes.begin[part.shape[list] + 1];
    SpanBatchBuilder& builder = rows_.builder_;
    builder.BeginAttributes();
    for (uint32_t field = field_begin; field < field_end; ++field) {
      ASSIGN_OR_RETURN(const StringCode key, rows_.Code(tables_.shapes.keys[field]));
      const ValueType type = tables_.shapes.types[field];
      const ListPart::Cells& cells = part.columns.find(tables_.column_of_field[o][field])->second;
      const uint64_t at = part.cell[part.field_begin[list] + field - field_begin];
      uint64_t cell;
      if (cells.raw == nullptr) {
        cell = cells.numbers[at];
        if (IsCode(type)) {
          ASSIGN_OR_RETURN(cell, rows_.Code(static_cast<uint32_t>(cell)));
        }
      } else if (type == ValueType::kString) {
        ASSIGN_OR_RETURN(cell, rows_.TextCode((*cells.raw)[at]));
      } else {
        cell = builder.AddBytes((*cells.raw)[at]);
      }
      if (!builder.AddAttribute(key, type, cell)) {
        return page_.Tell(FixedColumn::kShape, Corrupt("a list has too many attributes"));
      }
    }
    return builder.EndAttributes();
  }

  Status AddSpan(uint32_t i) {
    SpanBatchBuilder& builder = rows_.builder_;
    const uint32_t place = place_[i];
    const auto number = [&](Number column) { return static_cast<uint32_t>(numbers_[column][place]); };
    RETURN_IF_ERROR(rows_.SetEntities(resources_[begin_ + i], number(kScope)));
    const TraceTable& traces = *page_.context().traces;
    const uint32_t row = page_.row_begin() + begin_ + i;
    if (i == 0) trace_ = traces.TraceOfRow(row);
    if (row == traces.row_begin[trace_ + 1]) ++trace_;
    SpanFields span{.trace_id = traces.id(trace_),
                    .span_id = numbers_[kSpanId][begin_ + i],
                    .parent_span_id = parents_[i],
                    .start_ns = starts_[i],
                    .end_ns = starts_[i] + numbers_[kDuration][begin_ + i],
                    .flags = number(kFlags),
                    .dropped_attributes = number(kDroppedAttributes),
                    .dropped_events = number(kDroppedEvents),
                    .dropped_links = number(kDroppedLinks),
                    .kind = static_cast<uint8_t>(number(kKind)),
                    .status_code = static_cast<uint8_t>(number(kStatusCode))};
    ASSIGN_OR_RETURN(span.name, CodeOf(kName, begin_ + i));
    ASSIGN_OR_RETURN(span.trace_state, CodeOf(kTraceState, place));
    ASSIGN_OR_RETURN(span.status_message, CodeOf(kStatusMessage, place));
    builder.BeginSpan();
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kSpan, span_list_[i]));
    builder.SetSpanAttributes(attributes);
    for (uint64_t n = 0; n < events_[i].count; ++n) {
      RETURN_IF_ERROR(AddEvent(events_[i].first + n, first_event_list_[i] + n, span.start_ns));
    }
    for (uint64_t n = 0; n < links_[i].count; ++n) {
      RETURN_IF_ERROR(AddLink(links_[i].first + n, first_link_list_[i] + n));
    }
    builder.EndSpan(span);
    return {};
  }

  Status AddEvent(uint64_t i, uint64_t list, uint64_t span_start_ns) {
    EventFields event{.time_ns = span_start_ns + numbers_[kEventTime][i],
                      .dropped_attributes = static_cast<uint32_t>(numbers_[kEventDropped][i])};
    ASSIGN_OR_RETURN(event.name, CodeOf(kEventName, i));
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kEvent, list));
    rows_.builder_.AddEvent(event, attributes);
    return {};
  }

  Status AddLink(uint64_t i, uint64_t list) {
    LinkFields link{.trace_id = {numbers_[kLinkHigh][i], numbers_[kLinkLow][i]},
                    .span_id = numbers_[kLinkSpanId][i],
                    .flags = static_cast<uint32_t>(numbers_[kLinkFlags][i]),
                    .dropped_attributes = static_cast<uint32_t>(numbers_[kLinkDropped][i])};
    ASSIGN_OR_RETURN(link.trace_state, CodeOf(kLinkTraceState, i));
    ASSIGN_OR_RETURN(const SpanBatchBuilder::AttributeList attributes, AddList(AttributeOwner::kLink, list));
    rows_.builder_.AddLink(link, attributes);
    return {};
  }

  RowReader& rows_;
  PageReader& page_;
  const BlockTables& tables_;
  const uint32_t begin_;  // of the rows asked for, in the page
  const uint32_t count_;
  std::vector<uint32_t> place_;     // of row begin_ + i
  std::vector<uint32_t> by_place_;  // i, places ascending
  uint32_t place_low_ = 0;          // all places lie in [place_low_, place_high_)
  uint32_t place_high_ = 0;
  std::array<NumberPart, kNumberCount> numbers_;
  std::array<TextPart, kTextCount> texts_;
  std::vector<uint32_t> parent_rows_, resources_;  // of all rows of the page
  std::vector<uint64_t> starts_, parents_, span_list_;
  std::vector<ChildRange> events_, links_;  // of row begin_ + i
  std::vector<uint64_t> first_event_list_, first_link_list_;
  std::array<ListPart, kListOwners> lists_;
  uint32_t trace_ = 0;
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
