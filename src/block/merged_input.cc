#include "block/merged_input.h"

namespace spoor {

uint32_t EntityTable::Add(const Entity& entity, std::span<const uint64_t> cells_of_it) {
  std::string content(reinterpret_cast<const char*>(&entity), sizeof entity);
  content.append(reinterpret_cast<const char*>(cells_of_it.data()), cells_of_it.size_bytes());
  const auto [at, is_new] = found.try_emplace(std::move(content), static_cast<uint32_t>(entities.size()));
  if (is_new) {
    entities.push_back(entity);
    cells.insert(cells.end(), cells_of_it.begin(), cells_of_it.end());
    cell_begin.push_back(cells.size());
  }
  return at->second;
}

MergedInput::MergedInput(Batches input) : batches(input), ids(input.size()) {
  needs_code_.push_back(1);  // the empty text
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    BatchIds& map = ids[b];
    map.strings.assign(batch.string_count(), kNoId);
    map.strings[0] = 0;
    MergeShapes(batch, map);
    MergeEntities(batch, map);
    UseSpans(batch, map);
    AddOperations(batch, map);
  }
  uses.Finish(batches);
  MergeStrings();
}

void MergedInput::TranslateStrings(const std::vector<uint32_t>& of_id) {
  for (BatchIds& map : ids) {
    for (uint32_t& id : map.strings) {
      if (id != kNoId) id = of_id[id];
    }
  }
}

uint32_t MergedInput::Id(const SpanBatch& batch, BatchIds& map, StringCode code, bool needs_code) {
  uint32_t& id = map.strings[code];
  if (id == kNoId) {
    id = strings.Add(batch, code);
    if (id == needs_code_.size()) needs_code_.push_back(0);
  }
  needs_code_[id] |= static_cast<uint8_t>(needs_code);
  return id;
}

// What columns with codes hold, once it is known which these are.
void MergedInput::MergeStrings() {
  constexpr size_t kAhead = 16;
  std::vector<StringCode> codes;
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    codes.clear();
    for (StringCode code = 1; code < batch.string_count(); ++code) {
      if (uses.NeedsCode(b, code)) codes.push_back(code);
    }
    for (size_t i = 0; i < codes.size(); ++i) {
      if (i + kAhead < codes.size()) strings.Prefetch(batch, codes[i + kAhead]);
      Id(batch, ids[b], codes[i], true);
    }
  }
}

void MergedInput::MergeShapes(const SpanBatch& batch, BatchIds& map) {
  map.shapes.resize(batch.shape_count());
  std::vector<uint32_t> keys;
  for (uint32_t shape = 0; shape < batch.shape_count(); ++shape) {
    keys.clear();
    for (const StringCode key : batch.ShapeKeys(shape)) keys.push_back(Id(batch, map, key, true));
    map.shapes[shape] = shapes.Add(keys, batch.ShapeTypes(shape));
  }
}

void MergedInput::MergeEntities(const SpanBatch& batch, BatchIds& map) {
  map.resources.resize(batch.resource_schema_url.size());
  for (uint32_t i = 0; i < map.resources.size(); ++i) {
    const Entity entity{.name = batch.resource_service_name[i],
                        .schema_url = batch.resource_schema_url[i],
                        .dropped_attributes = batch.resource_dropped_attributes[i]};
    map.resources[i] = AddEntity(resources, batch, map, entity, batch.resource_attributes, i);
  }
  map.scopes.resize(batch.scope_name.size());
  for (uint32_t i = 0; i < map.scopes.size(); ++i) {
    const Entity entity{.name = batch.scope_name[i],
                        .version = batch.scope_version[i],
                        .schema_url = batch.scope_schema_url[i],
                        .dropped_attributes = batch.scope_dropped_attributes[i]};
    map.scopes[i] = AddEntity(scopes, batch, map, entity, batch.scope_attributes, i);
  }
}

uint32_t MergedInput::AddEntity(EntityTable& table, const SpanBatch& batch, BatchIds& map, Entity entity,
                                const AttributeListColumns& lists, uint32_t i) {
  for (uint32_t* code : {&entity.name, &entity.version, &entity.schema_url}) *code = Id(batch, map, *code, true);
  entity.shape = map.shapes[lists.shape[i]];
  std::vector<uint64_t> cells;
  const std::span<const ValueType> types = batch.ShapeTypes(lists.shape[i]);
  for (size_t field = 0; field < types.size(); ++field) {
    const uint64_t cell = batch.values[lists.value_begin[i] + field];
    cells.push_back(IsCode(types[field]) ? Id(batch, map, static_cast<StringCode>(cell), true) : cell);
  }
  return table.Add(entity, cells);
}

void MergedInput::UseSpans(const SpanBatch& batch, const BatchIds& map) {
  uses.BeginBatch(batch.string_count());
  const std::array columns = {batch.name, batch.trace_state, batch.status_message, batch.event_name,
                              batch.link_trace_state};
  static_assert(columns.size() == kTextColumns.size());
  for (uint32_t use = 0; use < columns.size(); ++use) UseText(columns[use], use);
  UseLists(AttributeOwner::kSpan, batch, batch.attributes, map);
  UseLists(AttributeOwner::kEvent, batch, batch.event_attributes, map);
  UseLists(AttributeOwner::kLink, batch, batch.link_attributes, map);
}

void MergedInput::UseText(std::span<const uint32_t> codes, uint32_t use) {
  uint64_t cells = 0;
  for (const StringCode code : codes) {
    if (code == 0) continue;
    ++cells;
    uses.AddString(code, use);
  }
  uses.CountText(use, cells);
}

void MergedInput::UseLists(AttributeOwner owner, const SpanBatch& batch, const AttributeListColumns& lists,
                           const BatchIds& map) {
  for (size_t i = 0; i < lists.shape.size(); ++i) {
    const uint32_t shape = lists.shape[i];
    if (shape == 0) continue;
    const uint32_t* use = uses.CountList(owner, map.shapes[shape]);
    const std::span<const ValueType> types = batch.ShapeTypes(shape);
    const uint64_t* cells = batch.values.data() + lists.value_begin[i];
    for (size_t field = 0; field < types.size(); ++field) {
      if (IsCode(types[field])) uses.AddString(static_cast<StringCode>(cells[field]), use[field]);
    }
  }
}

void MergedInput::AddOperations(const SpanBatch& batch, BatchIds& map) {
  // The last (resource, kind) of each name in this batch: mostly the same as before, and then nothing is to be done.
  std::vector<uint64_t> last(batch.string_count(), UINT64_MAX);
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    const uint64_t rest = uint64_t{batch.resource[row]} << 8 | batch.kind[row];
    if (last[batch.name[row]] == rest) continue;
    last[batch.name[row]] = rest;
    const OperationKey key{map.strings[batch.service_name(row)], Id(batch, map, batch.name[row], false),
                           batch.kind[row]};
    if (operation_set_.insert(key).second) operations.push_back(key);
  }
}

}  // namespace spoor
