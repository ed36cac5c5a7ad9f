#include "model/span_columns.h"

#include <array>
#include <utility>

#include "model/span_batch.h"

namespace spoor {
namespace {

// Where one key stands in the shapes of a batch.
class KeyInShapes {
 public:
  struct Field {
    uint32_t index;
    ValueType type;
  };

  KeyInShapes(const SpanBatch& batch, StringCode key) {
    begin_.reserve(batch.shape_count() + 1);
    for (uint32_t shape = 0; shape < batch.shape_count(); ++shape) {
      begin_.push_back(static_cast<uint32_t>(fields_.size()));
      const std::span<const uint32_t> keys = batch.ShapeKeys(shape);
      for (uint32_t field = 0; field < keys.size(); ++field) {
        if (keys[field] == key) fields_.push_back({field, batch.ShapeTypes(shape)[field]});
      }
    }
    begin_.push_back(static_cast<uint32_t>(fields_.size()));
  }

  bool empty() const { return fields_.empty(); }
  std::span<const Field> operator[](uint32_t shape) const {
    return std::span(fields_).subspan(begin_[shape], begin_[shape + 1] - begin_[shape]);
  }

 private:
  std::vector<uint32_t> begin_;
  std::vector<Field> fields_;
};

// The cells of one key at one kind of owner, by type.
class CellsByType {
 public:
  CellsByType(const SpanBatch& batch, const KeyInShapes& key) : batch_(batch), key_(key) {}

  // The cells of list `list`, for span `row`.
  void Add(uint32_t row, const AttributeListColumns& lists, uint32_t list) {
    for (const auto& [index, type] : key_[lists.shape[list]]) {
      AttributeCells& cells = cells_[static_cast<size_t>(type)];
      cells.rows.push_back(row);
      cells.cells.push_back(batch_.values[lists.value_begin[list] + index]);
    }
  }

  void MoveTo(AttributeOwner owner, std::vector<AttributeCells>& all) && {
    for (size_t type = 0; type < cells_.size(); ++type) {
      if (cells_[type].rows.empty()) continue;
      cells_[type].owner = owner;
      cells_[type].type = static_cast<ValueType>(type);
      all.push_back(std::move(cells_[type]));
    }
  }

 private:
  const SpanBatch& batch_;
  const KeyInShapes& key_;
  std::array<AttributeCells, kValueTypeCount> cells_;
};

class BatchColumns final : public SpanColumns {
 public:
  explicit BatchColumns(const SpanBatch& batch) : batch_(batch) {}

  uint32_t size() const override { return batch_.span_count(); }

  Result<Column<uint64_t>> Get(Fixed64 column) override {
    if (column == Fixed64::kDurationNs) return Durations();
    return Column<uint64_t>{ValuesOf(column)};
  }

  Result<Column<uint32_t>> Get(Code32 column) override {
    switch (column) {
      case Code32::kName: return Column<uint32_t>{batch_.name};
      case Code32::kTraceState: return Column<uint32_t>{batch_.trace_state};
      case Code32::kStatusMessage: return Column<uint32_t>{batch_.status_message};
      case Code32::kServiceName:
        return Column<uint32_t>{Spread(batch_.resource, batch_.resource_service_name, services_)};
      case Code32::kScopeName: return Column<uint32_t>{Spread(batch_.scope, batch_.scope_name, scope_names_)};
      case Code32::kScopeVersion: return Column<uint32_t>{Spread(batch_.scope, batch_.scope_version, scope_versions_)};
    }
    return Error(Code::kInternal, "unknown column");
  }

  Result<Column<uint8_t>> Get(Byte8 column) override {
    return Column<uint8_t>{column == Byte8::kKind ? batch_.kind : batch_.status_code};
  }

  Result<std::vector<AttributeCells>> Attributes(std::string_view key) override {
    std::vector<AttributeCells> all;
    const std::optional<StringCode> code = batch_.Find(key);
    if (!code) return all;
    const KeyInShapes shapes(batch_, *code);
    if (shapes.empty()) return all;
    CollectLists(shapes, AttributeOwner::kSpan, batch_.attributes, {}, all);
    CollectLists(shapes, AttributeOwner::kResource, batch_.resource_attributes, batch_.resource, all);
    CollectLists(shapes, AttributeOwner::kScope, batch_.scope_attributes, batch_.scope, all);
    CollectRuns(shapes, AttributeOwner::kEvent, batch_.event_attributes, batch_.event_begin, all);
    CollectRuns(shapes, AttributeOwner::kLink, batch_.link_attributes, batch_.link_begin, all);
    return all;
  }

  Result<AttributeCells> EventNames() override {
    AttributeCells names{AttributeOwner::kEvent, ValueType::kString, {}, {}};
    names.cells.assign(batch_.event_name.begin(), batch_.event_name.end());
    names.rows.reserve(names.cells.size());
    for (uint32_t row = 0; row < size(); ++row) {
      names.rows.insert(names.rows.end(), batch_.event_begin[row + 1] - batch_.event_begin[row], row);
    }
    return names;
  }

  std::string_view String(uint32_t code) const override { return batch_.String(code); }
  std::optional<uint32_t> Find(std::string_view text) const override { return batch_.Find(text); }
  bool IsRaw(uint32_t) const override { return false; }

 private:
  std::span<const uint64_t> ValuesOf(Fixed64 column) const {
    switch (column) {
      case Fixed64::kTraceIdHigh: return batch_.trace_id_high;
      case Fixed64::kTraceIdLow: return batch_.trace_id_low;
      case Fixed64::kSpanId: return batch_.span_id;
      case Fixed64::kParentSpanId: return batch_.parent_span_id;
      case Fixed64::kStartNs: return batch_.start_ns;
      case Fixed64::kEndNs: return batch_.end_ns;
      case Fixed64::kDurationNs: break;
    }
    return {};
  }

  Column<uint64_t> Durations() const {
    auto durations = std::make_shared<std::vector<uint64_t>>(size());
    for (uint32_t row = 0; row < size(); ++row) (*durations)[row] = batch_.duration_ns(row);
    return {*durations, durations};
  }

  // `values` has a cell for each owner, such as a resource, and `owner_of` says which each span has. The result has a
  // cell a span and is kept in `spread`.
  std::span<const uint32_t> Spread(std::span<const uint32_t> owner_of, std::span<const uint32_t> values,
                                   std::vector<uint32_t>& spread) {
    if (spread.empty()) {
      spread.reserve(owner_of.size());
      for (const uint32_t owner : owner_of) spread.push_back(values[owner]);
    }
    return spread;
  }

  // One list a span: its own where `list_of` is empty, else the one that `list_of` names.
  void CollectLists(const KeyInShapes& key, AttributeOwner owner, const AttributeListColumns& lists,
                    std::span<const uint32_t> list_of, std::vector<AttributeCells>& all) const {
    CellsByType cells(batch_, key);
    for (uint32_t row = 0; row < size(); ++row) cells.Add(row, lists, list_of.empty() ? row : list_of[row]);
    std::move(cells).MoveTo(owner, all);
  }

  // A run of lists a span: begin[row] .. begin[row + 1].
  void CollectRuns(const KeyInShapes& key, AttributeOwner owner, const AttributeListColumns& lists,
                   std::span<const uint32_t> begin, std::vector<AttributeCells>& all) const {
    if (lists.shape.empty()) return;
    CellsByType cells(batch_, key);
    for (uint32_t row = 0; row < size(); ++row) {
      for (uint32_t list = begin[row]; list < begin[row + 1]; ++list) cells.Add(row, lists, list);
    }
    std::move(cells).MoveTo(owner, all);
  }

  const SpanBatch& batch_;
  std::vector<uint32_t> services_;
  std::vector<uint32_t> scope_names_;
  std::vector<uint32_t> scope_versions_;
};

}  // namespace

std::unique_ptr<SpanColumns> ColumnsOf(const SpanBatch& batch) { return std::make_unique<BatchColumns>(batch); }

}  // namespace spoor
