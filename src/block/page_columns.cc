#include "block/page_columns.h"

#include <algorithm>
#include <array>
#include <optional>

#include "block/expected_starts.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

template <class T>
Column<T> Owned(std::vector<T> values) {
  auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  return {*owner, owner};
}

// The attribute lists of one kind of owner in a page, in the order in which they stand.
struct Lists {
  Column<uint32_t> shape;
  std::vector<uint32_t> in_row_order;  // lists, rows ascending
  std::vector<uint32_t> row;           // of in_row_order[i]
};

class PageColumns final : public SpanColumns {
 public:
  explicit PageColumns(PageReader reader) : reader_(std::move(reader)), tables_(reader_.tables()) {}

  uint32_t size() const override { return reader_.rows(); }

  Result<Column<uint64_t>> Get(Fixed64 column) override {
    std::optional<Column<uint64_t>>& slot = fixed64_[static_cast<size_t>(column)];
    if (!slot) {
      ASSIGN_OR_RETURN(slot, Read(column));
    }
    return *slot;
  }

  Result<Column<uint32_t>> Get(Code32 column) override {
    std::optional<Column<uint32_t>>& slot = code32_[static_cast<size_t>(column)];
    if (!slot) {
      ASSIGN_OR_RETURN(slot, Read(column));
    }
    return *slot;
  }

  Result<Column<uint8_t>> Get(Byte8 column) override {
    const FixedColumn fixed = column == Byte8::kKind ? FixedColumn::kKind : FixedColumn::kStatusCode;
    return reader_.NumbersByRow<uint8_t>(fixed, UINT8_MAX);
  }

  Result<std::vector<AttributeCells>> Attributes(std::string_view key) override {
    std::vector<AttributeCells> all;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> code, reader_.context().sections->FindCode(tables_.dictionary, key));
    if (!code) return all;
    for (const AttributeOwner owner : kListOwnerOf) RETURN_IF_ERROR(AddListCells(owner, *code, all));
    RETURN_IF_ERROR(AddEntityCells(AttributeOwner::kResource, *code, all));
    RETURN_IF_ERROR(AddEntityCells(AttributeOwner::kScope, *code, all));
    return all;
  }

  Result<AttributeCells> EventNames() override {
    AttributeCells cells{.owner = AttributeOwner::kEvent, .type = ValueType::kString};
    ASSIGN_OR_RETURN(Children events, ReadChildren(FixedColumn::kEventCount));
    ASSIGN_OR_RETURN(const Column<uint32_t> names, TextCodes(FixedColumn::kEventName, events.in_row_order.size()));
    cells.rows = std::move(events.row);
    for (const uint32_t event : events.in_row_order) cells.cells.push_back(names.values[event]);
    return cells;
  }

  std::string_view String(uint32_t code) const override {
    if (code < string_count()) return DictionaryString(code);
    for (const RawTexts& raw : raw_) {
      if (code - raw.first_code < raw.texts->size()) return (*raw.texts)[code - raw.first_code];
    }
    return {};
  }
  std::optional<uint32_t> Find(std::string_view text) const override {
    Result<std::optional<uint32_t>> code = reader_.context().sections->FindCode(tables_.dictionary, text);
    if (code) return *code;
    status_ = std::move(code).error();
    return std::nullopt;
  }
  bool IsRaw(uint32_t code) const override { return code >= string_count(); }
  Status status() const override { return status_; }

 private:
  // Texts outside of the dictionary, and the codes that they got.
  struct RawTexts {
    uint32_t column = 0;
    uint32_t first_code = 0;
    std::shared_ptr<const TextColumn> texts;
  };

  uint32_t string_count() const { return tables_.dictionary.string_count(); }

  // The dictionary is read whole once one of its strings is asked for: who asks for one asks for many.
  std::string_view DictionaryString(uint32_t code) const {
    if (dictionary_ == nullptr) {
      auto dictionary = reader_.context().sections->WholeDictionary();
      if (!dictionary) {
        status_ = std::move(dictionary).error();
        return {};
      }
      dictionary_ = *std::move(dictionary);
    }
    return dictionary_->strings[code];
  }

  Result<Column<uint64_t>> Read(Fixed64 column) {
    switch (column) {
      case Fixed64::kTraceIdHigh: return TraceIds(&TraceTable::id_high);
      case Fixed64::kTraceIdLow: return TraceIds(&TraceTable::id_low);
      case Fixed64::kSpanId: return reader_.Numbers<uint64_t>(FixedColumn::kSpanId, size(), UINT64_MAX);
      case Fixed64::kParentSpanId: return ParentIds();
      case Fixed64::kStartNs: return Starts();
      case Fixed64::kEndNs: break;
      case Fixed64::kDurationNs: return Durations();
    }
    RETURN_IF_ERROR(Get(Fixed64::kStartNs));
    return *fixed64_[static_cast<size_t>(Fixed64::kEndNs)];
  }

  // Reads ends, too, which it takes to tell starts.
  Result<Column<uint64_t>> Starts() {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, ReadParentRows(reader_));
    std::vector<uint64_t> starts(size()), ends(size());
    RETURN_IF_ERROR(ReadTimes(reader_, parents, 0, starts, ends));
    for (uint32_t row = 0; row < size(); ++row) ends[row] += starts[row];
    fixed64_[static_cast<size_t>(Fixed64::kEndNs)] = Owned(std::move(ends));
    return Owned(std::move(starts));
  }

  Result<Column<uint64_t>> Durations() {
    std::vector<uint64_t> durations(size());
    RETURN_IF_ERROR(ReadDurations(reader_, 0, durations));
    constexpr uint64_t kMayBeNegative = uint64_t{1} << 63;
    if (std::ranges::none_of(durations, [](uint64_t d) { return d >= kMayBeNegative; })) {
      return Owned(std::move(durations));
    }
    ASSIGN_OR_RETURN(const Column<uint64_t> starts, Get(Fixed64::kStartNs));
    for (uint32_t row = 0; row < size(); ++row) {
      if (durations[row] > UINT64_MAX - starts.values[row]) durations[row] = 0;  // it ends before it starts
    }
    return Owned(std::move(durations));
  }

  Result<Column<uint64_t>> TraceIds(std::vector<uint64_t> TraceTable::* half) {
    ASSIGN_OR_RETURN(const TraceTable* table, reader_.Traces());
    const TraceTable& traces = *table;
    std::vector<uint64_t> ids(size());
    uint32_t trace = traces.TraceOfRow(reader_.row_begin());
    for (uint32_t row = 0; row < size(); ++row) {
      if (reader_.row_begin() + row == traces.row_begin[trace + 1]) ++trace;
      ids[row] = (traces.*half)[trace];
    }
    return Owned(std::move(ids));
  }

  Result<Column<uint64_t>> ParentIds() {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, ReadParentRows(reader_));
    ASSIGN_OR_RETURN(const Column<uint64_t> ids, Get(Fixed64::kSpanId));
    ASSIGN_OR_RETURN(const Column<uint8_t> given, reader_.Numbers<uint8_t>(FixedColumn::kParentGiven, size(), 1));
    size_t given_count = 0;
    for (const uint8_t is_given : given.values) given_count += is_given;
    ASSIGN_OR_RETURN(const Column<uint64_t> given_ids,
                     reader_.Numbers<uint64_t>(FixedColumn::kParentId, given_count, UINT64_MAX));
    std::vector<uint64_t> parent_ids(size());
    size_t next = 0;
    for (uint32_t row = 0; row < size(); ++row) {
      if (given.values[row] != 0) {
        parent_ids[row] = given_ids.values[next++];
      } else if (const uint32_t parent = parents[row] - reader_.row_begin();
                 parents[row] != UINT32_MAX && parent < size()) {
        parent_ids[row] = ids.values[parent];
      }
    }
    return Owned(std::move(parent_ids));
  }

  Result<Column<uint32_t>> Read(Code32 column) {
    switch (column) {
      case Code32::kName: return TextCodes(FixedColumn::kName, size());
      case Code32::kTraceState: return TextCodesByRow(FixedColumn::kTraceState);
      case Code32::kStatusMessage: return TextCodesByRow(FixedColumn::kStatusMessage);
      case Code32::kServiceName: return EntityCodes(AttributeOwner::kResource, tables_.resources.name);
      case Code32::kScopeName: return EntityCodes(AttributeOwner::kScope, tables_.scopes.name);
      case Code32::kScopeVersion: break;
    }
    return EntityCodes(AttributeOwner::kScope, tables_.scopes.version);
  }

  // Of each row, which resource (scope) it has.
  Result<Column<uint32_t>> Entities(AttributeOwner owner) {
    if (owner == AttributeOwner::kScope) {
      return reader_.NumbersByRow<uint32_t>(FixedColumn::kScope, tables_.scopes.size() - 1);
    }
    return reader_.CachedByRow<uint32_t>(FixedColumn::kResource, [&]() -> Result<std::vector<uint32_t>> {
      ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, ReadParentRows(reader_));
      return ReadResources(reader_, parents);
    });
  }

  Result<Column<uint32_t>> EntityCodes(AttributeOwner owner, const std::vector<uint32_t>& codes) {
    ASSIGN_OR_RETURN(const Column<uint32_t> index, Entities(owner));
    std::vector<uint32_t> of_row(size());
    for (uint32_t row = 0; row < size(); ++row) of_row[row] = codes[index.values[row]];
    return Owned(std::move(of_row));
  }

  Result<Column<uint32_t>> TextCodes(FixedColumn column, size_t count) {
    const auto number = static_cast<uint32_t>(column);
    if (!tables_.columns.is_raw(column)) return reader_.Numbers<uint32_t>(number, count, string_count() - 1);
    ASSIGN_OR_RETURN(const RawTexts raw, Raw(number, count));
    std::vector<uint32_t> codes(count);
    for (uint32_t i = 0; i < count; ++i) codes[i] = RawCode(raw, i);
    return Owned(std::move(codes));
  }

  Result<Column<uint32_t>> TextCodesByRow(FixedColumn column) {
    ASSIGN_OR_RETURN(const Column<uint32_t> by_name, TextCodes(column, size()));
    if (reader_.Find(static_cast<uint32_t>(column)) == nullptr) return by_name;
    ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, reader_.Order());
    std::vector<uint32_t> by_row(size());
    for (uint32_t place = 0; place < size(); ++place) by_row[order->row_of[place]] = by_name.values[place];
    return Owned(std::move(by_row));
  }

  // The empty text has its code 0 everywhere.
  static uint32_t RawCode(const RawTexts& raw, uint32_t i) { return (*raw.texts)[i].empty() ? 0 : raw.first_code + i; }

  Result<RawTexts> Raw(uint32_t column, size_t count) {
    for (const RawTexts& raw : raw_) {
      if (raw.column == column) return raw;
    }
    RawTexts raw{.column = column};
    ASSIGN_OR_RETURN(raw.texts, reader_.Texts(column, count));
    raw.first_code =
        raw_.empty() ? string_count() : raw_.back().first_code + static_cast<uint32_t>(raw_.back().texts->size());
    if (count > UINT32_MAX - raw.first_code) return reader_.Tell(column, Corrupt("it has too many texts"));
    raw_.push_back(raw);
    return raw;
  }

  // The events (links) of the page, which stand by their spans' names, in order of rows.
  struct Children {
    std::vector<uint32_t> in_row_order;
    std::vector<uint32_t> row;  // of in_row_order[i]
  };
  Result<Children> ReadChildren(FixedColumn count_column) {
    Children children;
    if (reader_.Find(static_cast<uint32_t>(count_column)) == nullptr) return children;
    ASSIGN_OR_RETURN(const Column<uint32_t> counts,
                     reader_.Numbers<uint32_t>(count_column, size(), block_layout::kCellsMax));
    ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, reader_.Order());
    std::vector<uint32_t> begin(size());
    uint64_t total = 0;
    for (uint32_t place = 0; place < size(); ++place) {
      begin[place] = static_cast<uint32_t>(total);
      total += counts.values[place];
      if (total > block_layout::kCellsMax) return reader_.Tell(count_column, Corrupt("they are too many"));
    }
    for (uint32_t row = 0; row < size(); ++row) {
      const uint32_t place = order->place_of[row];
      for (uint32_t i = 0; i < counts.values[place]; ++i) {
        children.in_row_order.push_back(begin[place] + i);
        children.row.push_back(row);
      }
    }
    return children;
  }

  Result<Lists> ListsOf(AttributeOwner owner) {
    const uint32_t shape_max = tables_.shapes.size() - 1;
    Lists lists;
    if (owner == AttributeOwner::kSpan) {
      ASSIGN_OR_RETURN(lists.shape, reader_.Numbers<uint32_t>(FixedColumn::kShape, size(), shape_max));
      ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, reader_.Order());
      lists.in_row_order = order->place_of;
      lists.row.resize(size());
      for (uint32_t row = 0; row < size(); ++row) lists.row[row] = row;
      return lists;
    }
    const bool is_event = owner == AttributeOwner::kEvent;
    ASSIGN_OR_RETURN(Children children, ReadChildren(is_event ? FixedColumn::kEventCount : FixedColumn::kLinkCount));
    lists.in_row_order = std::move(children.in_row_order);
    lists.row = std::move(children.row);
    ASSIGN_OR_RETURN(lists.shape,
                     reader_.Numbers<uint32_t>(is_event ? FixedColumn::kEventShape : FixedColumn::kLinkShape,
                                               lists.row.size(), shape_max));
    return lists;
  }

  // For every type in which `key` occurs in a shape: the cells of that type in this page.
  Status AddListCells(AttributeOwner owner, uint32_t key, std::vector<AttributeCells>& all) {
    uint32_t types = 0;
    for (size_t field = 0; field < tables_.shapes.keys.size(); ++field) {
      if (tables_.shapes.keys[field] == key) types |= 1u << static_cast<uint8_t>(tables_.shapes.types[field]);
    }
    if (types == 0) return {};
    ASSIGN_OR_RETURN(const Lists lists, ListsOf(owner));
    for (uint8_t type = 0; type < kValueTypeCount; ++type) {
      if ((types >> type & 1) == 0) continue;
      AttributeCells cells{.owner = owner, .type = static_cast<ValueType>(type)};
      RETURN_IF_ERROR(CollectCells(lists, key, cells));
      if (!cells.rows.empty()) all.push_back(std::move(cells));
    }
    return {};
  }

  // Where the cells of a key stand among those of its column, by shape.
  struct ShapePart {
    uint32_t cells = 0;        // of the column in a list of the shape
    uint32_t match_begin = 0;  // of `matches`
    uint32_t match_count = 0;
  };

  Status CollectCells(const Lists& lists, uint32_t key, AttributeCells& out) {
    const std::vector<uint32_t>& column_of_field =
        tables_.column_of_field[static_cast<size_t>(ListOwnerIndex(out.owner))];
    uint32_t column = BlockTables::kNoColumn;
    for (size_t field = 0; field < column_of_field.size() && column == BlockTables::kNoColumn; ++field) {
      if (IsField(field, key, out.type)) column = column_of_field[field];
    }
    if (column == BlockTables::kNoColumn) return {};  // no owner of this kind has it
    std::vector<uint32_t> matches;
    std::vector<ShapePart> parts(tables_.shapes.size());
    for (uint32_t shape = 0; shape < parts.size(); ++shape) {
      ShapePart& part = parts[shape];
      part.match_begin = static_cast<uint32_t>(matches.size());
      for (uint32_t field = tables_.shapes.begin[shape]; field < tables_.shapes.begin[shape + 1]; ++field) {
        if (column_of_field[field] != column) continue;
        if (IsField(field, key, out.type)) matches.push_back(part.cells);
        ++part.cells;
      }
      part.match_count = static_cast<uint32_t>(matches.size()) - part.match_begin;
    }
    std::vector<uint32_t> begin;  // of each list's cells in the column
    begin.reserve(lists.shape.values.size());
    uint64_t total = 0;
    for (const uint32_t shape : lists.shape.values) {
      begin.push_back(static_cast<uint32_t>(total));
      total += parts[shape].cells;
      if (total > block_layout::kCellsMax) return TooManyCells(column);
    }
    std::vector<uint64_t> positions;  // in the column
    for (size_t i = 0; i < lists.in_row_order.size(); ++i) {
      const uint32_t list = lists.in_row_order[i];
      const ShapePart& part = parts[lists.shape.values[list]];
      for (uint32_t match = part.match_begin; match < part.match_begin + part.match_count; ++match) {
        out.rows.push_back(lists.row[i]);
        positions.push_back(begin[list] + matches[match]);
      }
    }
    if (positions.empty()) return {};
    return ReadCells(column, total, positions, out);
  }

  bool IsField(size_t field, uint32_t key, ValueType type) const {
    return tables_.shapes.keys[field] == key && tables_.shapes.types[field] == type;
  }

  Error TooManyCells(uint32_t column) const {
    return reader_.Tell(block_layout::kFirstAttributeColumn + column, Corrupt("its page has too many cells"));
  }

  Status ReadCells(uint32_t column, size_t count, const std::vector<uint64_t>& positions, AttributeCells& out) {
    const uint32_t strip = block_layout::kFirstAttributeColumn + column;
    out.cells.reserve(positions.size());
    if (tables_.columns.attributes[column].raw) {
      ASSIGN_OR_RETURN(const RawTexts raw, Raw(strip, count));
      for (const uint64_t position : positions) out.cells.push_back(RawCode(raw, static_cast<uint32_t>(position)));
      return {};
    }
    const uint64_t max = IsCode(out.type) ? string_count() - 1 : UINT64_MAX;
    ASSIGN_OR_RETURN(const Column<uint64_t> cells, reader_.Numbers<uint64_t>(strip, count, max));
    for (const uint64_t position : positions) out.cells.push_back(cells.values[position]);
    return {};
  }

  // Attributes of resources (scopes), once for every span.
  Status AddEntityCells(AttributeOwner owner, uint32_t key, std::vector<AttributeCells>& all) {
    const bool is_resource = owner == AttributeOwner::kResource;
    const EntityColumns& entities = is_resource ? tables_.resources : tables_.scopes;
    std::array<AttributeCells, kValueTypeCount> by_type;
    std::vector<std::vector<std::pair<uint8_t, uint64_t>>> found(entities.size());
    bool any = false;
    for (uint32_t entity = 0; entity < entities.size(); ++entity) {
      const uint32_t begin = tables_.shapes.begin[entities.shape[entity]];
      const uint32_t end = tables_.shapes.begin[entities.shape[entity] + 1];
      for (uint32_t field = begin; field < end; ++field) {
        if (tables_.shapes.keys[field] != key) continue;
        found[entity].emplace_back(static_cast<uint8_t>(tables_.shapes.types[field]),
                                   entities.cells[entities.cell_begin[entity] + field - begin]);
        any = true;
      }
    }
    if (!any) return {};
    ASSIGN_OR_RETURN(const Column<uint32_t> index, Entities(owner));
    for (uint32_t row = 0; row < size(); ++row) {
      for (const auto& [type, cell] : found[index.values[row]]) {
        by_type[type].rows.push_back(row);
        by_type[type].cells.push_back(cell);
      }
    }
    for (uint8_t type = 0; type < kValueTypeCount; ++type) {
      if (by_type[type].rows.empty()) continue;
      by_type[type].owner = owner;
      by_type[type].type = static_cast<ValueType>(type);
      all.push_back(std::move(by_type[type]));
    }
    return {};
  }

  PageReader reader_;
  const BlockTables& tables_;
  mutable std::shared_ptr<const Dictionary> dictionary_;
  mutable Status status_;
  std::array<std::optional<Column<uint64_t>>, 7> fixed64_;
  std::array<std::optional<Column<uint32_t>>, 6> code32_;
  std::vector<RawTexts> raw_;
};

constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// The row of the page in which a row's parent stands, where that is before it; else kNone.
uint32_t EarlierRow(const PageReader& reader, std::span<const uint32_t> parent_rows, uint32_t row) {
  const uint32_t parent = parent_rows[row] - reader.row_begin();
  return parent_rows[row] != UINT32_MAX && parent < row ? parent : ExpectedStarts::kNone;
}

}  // namespace

std::unique_ptr<SpanColumns> MakePageColumns(PageReader reader) {
  return std::make_unique<PageColumns>(std::move(reader));
}

Result<std::vector<uint32_t>> ReadParentRows(PageReader& reader) {
  ASSIGN_OR_RETURN(const TraceTimes traces, reader.Times());
  ASSIGN_OR_RETURN(const Column<uint64_t> distances,
                   reader.Numbers<uint64_t>(FixedColumn::kParentRow, reader.rows(), uint64_t{UINT32_MAX} * 2 + 2));
  std::vector<uint32_t> parents(reader.rows());
  uint32_t trace = traces.TraceOfRow(reader.row_begin());
  for (uint32_t i = 0; i < reader.rows(); ++i) {
    const uint32_t row = reader.row_begin() + i;
    if (row == traces.row_begin[trace + 1]) ++trace;
    if (distances.values[i] == 0) {
      parents[i] = UINT32_MAX;
      continue;
    }
    const int64_t parent = static_cast<int64_t>(row) - UnZigZag(distances.values[i] - 1);
    if (parent < traces.row_begin[trace] || parent >= traces.row_begin[trace + 1]) {
      return reader.Tell(FixedColumn::kParentRow, Corrupt("a parent is outside of its trace"));
    }
    parents[i] = static_cast<uint32_t>(parent);
  }
  return parents;
}

Status ReadDurations(PageReader& reader, uint32_t begin, std::span<uint64_t> out) {
  if (out.empty()) return {};
  RETURN_IF_ERROR(reader.NumbersAt(static_cast<uint32_t>(FixedColumn::kDuration), begin, UINT64_MAX, out));
  ASSIGN_OR_RETURN(const TraceTimes traces, reader.Times());
  const uint32_t first_row = reader.row_begin() + begin;
  // Those of the first spans of traces are told as distances from the trace's own.
  uint32_t trace = traces.TraceOfRow(first_row);
  if (traces.row_begin[trace] < first_row) ++trace;
  for (; trace < traces.start_ns.size() && traces.row_begin[trace] - first_row < out.size(); ++trace) {
    uint64_t& duration = out[traces.row_begin[trace] - first_row];
    duration = traces.Duration(trace) + static_cast<uint64_t>(UnZigZag(duration));
  }
  return {};
}

Status ReadTimes(PageReader& reader, std::span<const uint32_t> parent_rows, uint32_t begin, std::span<uint64_t> starts,
                 std::span<uint64_t> durations) {
  if (starts.empty()) return {};
  ASSIGN_OR_RETURN(const TraceTimes traces, reader.Times());
  ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, reader.Order());
  std::vector<uint64_t> distances(reader.rows());
  RETURN_IF_ERROR(reader.NumbersAt(static_cast<uint32_t>(FixedColumn::kStart), 0, UINT64_MAX, distances));
  uint32_t trace = traces.TraceOfRow(reader.row_begin() + begin);
  // A start is told by those before it in its trace, from the page's first row on.
  const uint32_t first = std::max(traces.row_begin[trace], reader.row_begin()) - reader.row_begin();
  const auto end = static_cast<uint32_t>(begin + starts.size());
  std::vector<uint64_t> spare(begin - first);  // durations of rows that were not asked for
  RETURN_IF_ERROR(ReadDurations(reader, first, spare));
  RETURN_IF_ERROR(ReadDurations(reader, begin, durations));
  ExpectedStarts expected(end);
  uint64_t before_ns = traces.start_ns[trace];
  for (uint32_t row = first; row < end; ++row) {
    if (reader.row_begin() + row == traces.row_begin[trace + 1]) before_ns = traces.start_ns[++trace];
    const uint32_t parent = EarlierRow(reader, parent_rows, row);
    const uint64_t duration_ns = row < begin ? spare[row - first] : durations[row - begin];
    before_ns = expected.Start(row, parent, before_ns, distances[order->place_of[row]], duration_ns);
    if (row >= begin) starts[row - begin] = before_ns;
  }
  return {};
}

Result<std::vector<uint32_t>> ReadResources(PageReader& reader, std::span<const uint32_t> parent_rows) {
  std::vector<uint32_t> resources(reader.rows());
  if (reader.Find(static_cast<uint32_t>(FixedColumn::kResource)) == nullptr) return resources;
  ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, reader.Order());
  std::vector<uint64_t> told(reader.rows());
  const uint32_t count = reader.tables().resources.size();
  RETURN_IF_ERROR(reader.NumbersAt(static_cast<uint32_t>(FixedColumn::kResource), 0, count, told));
  for (uint32_t row = 0; row < resources.size(); ++row) {
    if (const uint64_t number = told[order->place_of[row]]; number != 0) {
      resources[row] = static_cast<uint32_t>(number - 1);
    } else if (const uint32_t parent = EarlierRow(reader, parent_rows, row); parent != ExpectedStarts::kNone) {
      resources[row] = resources[parent];
    }
  }
  return resources;
}

}  // namespace spoor
