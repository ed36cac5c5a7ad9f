#include "block/merged_input.h"

namespace spoor {

MergedInput::MergedInput(Batches input) : batches(input), ids(input.size()) {
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    BatchIds& map = ids[b];
    strings.Merge(batch, map.strings);
    shapes.Merge(batch, map.strings, map.shapes);
    last_use_.assign(batch.string_count(), UINT32_MAX);
    MergeEntities(batch, map);
    UseSpans(batch, map);
    AddOperations(batch, map);
  }
  uses.AddString(0, kTableUse);
  uses.Finish();
}

void MergedInput::TranslateStrings(const std::vector<uint32_t>& of_id) {
  for (BatchIds& map : ids) {
    for (uint32_t& id : map.strings) id = of_id[id];
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

uint32_t MergedInput::AddEntity(EntityTable& table, const SpanBatch& batch, const BatchIds& map, Entity entity,
                                const AttributeListColumns& lists, uint32_t i) {
  for (uint32_t* code : {&entity.name, &entity.version, &entity.schema_url}) {
    UseString(*code, kTableUse, map);
    *code = map.strings[*code];
  }
  entity.shape = map.shapes[lists.shape[i]];
  std::vector<uint64_t> cells;
  const std::span<const ValueType> types = batch.ShapeTypes(lists.shape[i]);
  const std::span<const uint32_t> keys = batch.ShapeKeys(lists.shape[i]);
  for (size_t field = 0; field < types.size(); ++field) {
    UseString(keys[field], kTableUse, map);
    uint64_t cell = batch.values[lists.value_begin[i] + field];
    if (IsCode(types[field])) {
      UseString(static_cast<uint32_t>(cell), kTableUse, map);
      cell = map.strings[cell];
    }
    cells.push_back(cell);
  }
  std::string content(reinterpret_cast<const char*>(&entity), sizeof entity);
  content.append(reinterpret_cast<const char*>(cells.data()), cells.size() * sizeof(uint64_t));
  const auto [found, is_new] =
      table.found.try_emplace(std::move(content), static_cast<uint32_t>(table.entities.size()));
  if (is_new) {
    table.entities.push_back(entity);
    table.cells.insert(table.cells.end(), cells.begin(), cells.end());
    table.cell_begin.push_back(table.cells.size());
  }
  return found->second;
}

void MergedInput::UseSpans(const SpanBatch& batch, const BatchIds& map) {
  UseText(batch.name, TextUse(0), map);
  UseText(batch.trace_state, TextUse(1), map);
  UseText(batch.status_message, TextUse(2), map);
  UseText(batch.event_name, TextUse(3), map);
  UseText(batch.link_trace_state, TextUse(4), map);
  UseLists(AttributeOwner::kSpan, batch, batch.attributes, map);
  UseLists(AttributeOwner::kEvent, batch, batch.event_attributes, map);
  UseLists(AttributeOwner::kLink, batch, batch.link_attributes, map);
}

void MergedInput::UseText(std::span<const uint32_t> codes, uint32_t use, const BatchIds& map) {
  uint64_t cells = 0;
  for (const uint32_t code : codes) {
    if (code == 0) continue;
    ++cells;
    UseString(code, use, map);
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
      if (IsCode(types[field])) UseString(static_cast<uint32_t>(cells[field]), use[field], map);
    }
  }
}

void MergedInput::AddOperations(const SpanBatch& batch, const BatchIds& map) {
  // The last (resource, kind) of each name in this batch: mostly the same as before, and then nothing is to be done.
  std::vector<uint64_t> last(batch.string_count(), UINT64_MAX);
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    const uint64_t rest = uint64_t{batch.resource[row]} << 8 | batch.kind[row];
    if (last[batch.name[row]] == rest) continue;
    last[batch.name[row]] = rest;
    const OperationKey key{map.strings[batch.service_name(row)], map.strings[batch.name[row]], batch.kind[row]};
    if (operation_set_.insert(key).second) operations.push_back(key);
  }
}

}  // namespace spoor
