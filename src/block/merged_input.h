// MergedInput: many batches seen as one: dictionaries, shapes, resources and scopes merged, each distinct value once,
// and for each batch what its numbers mean in the merged ones.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "block/column_uses.h"
#include "block/shape_merger.h"
#include "block/span_order.h"
#include "block/string_merger.h"

namespace spoor {

// A resource or a scope. Texts are string ids.
struct Entity {
  uint32_t name = 0;     // a resource's service name
  uint32_t version = 0;  // scopes only
  uint32_t schema_url = 0;
  uint32_t dropped_attributes = 0;
  uint32_t shape = 0;
};

// Distinct resources (or scopes) by content. cells of entity i: cell_begin[i] .. cell_begin[i + 1].
struct EntityTable {
  // The number of the entity with these cells, which is added where it is new.
  uint32_t Add(const Entity& entity, std::span<const uint64_t> cells_of_it);

  std::vector<Entity> entities;
  std::vector<uint64_t> cell_begin{0};
  std::vector<uint64_t> cells;  // of types that are codes: string ids
  boost::unordered_flat_map<std::string, uint32_t> found;
};

struct OperationKey {
  uint32_t service = 0;
  uint32_t name = 0;
  uint8_t kind = 0;
  auto operator<=>(const OperationKey&) const = default;
};

// One thread's at a time. The batches must outlive it.
class MergedInput {
 public:
  explicit MergedInput(Batches batches);
  MergedInput(const MergedInput&) = delete;
  MergedInput& operator=(const MergedInput&) = delete;

  static constexpr uint32_t kNoId = UINT32_MAX;

  // By batch: what its codes, shapes, resources and scopes are here. kNoId for strings that only raw columns hold.
  struct BatchIds {
    std::vector<uint32_t> strings, shapes, resources, scopes;
  };

  // Whether string `id` must be in the dictionary.
  bool needs_code(uint32_t id) const { return needs_code_[id] != 0; }
  // Makes ids[...].strings numbers of another kind: `of_id[id]` instead of id.
  void TranslateStrings(const std::vector<uint32_t>& of_id);

  Batches batches;
  StringMerger strings;
  ShapeMerger shapes;
  ColumnUses uses{shapes};
  EntityTable resources, scopes;
  std::vector<BatchIds> ids;
  std::vector<OperationKey> operations;  // distinct, unsorted; texts are string ids

 private:
  // The id of a string of the current batch; `needs_code`: it stands where a code must.
  uint32_t Id(const SpanBatch& batch, BatchIds& map, StringCode code, bool needs_code);
  void MergeShapes(const SpanBatch& batch, BatchIds& map);
  void MergeEntities(const SpanBatch& batch, BatchIds& map);
  uint32_t AddEntity(EntityTable& table, const SpanBatch& batch, BatchIds& map, Entity entity,
                     const AttributeListColumns& lists, uint32_t i);
  void UseSpans(const SpanBatch& batch, const BatchIds& map);
  void UseText(std::span<const uint32_t> codes, uint32_t use);
  void UseLists(AttributeOwner owner, const SpanBatch& batch, const AttributeListColumns& lists, const BatchIds& map);
  void AddOperations(const SpanBatch& batch, BatchIds& map);
  void MergeStrings();

  struct OperationHash {
    size_t operator()(const OperationKey& key) const {
      return ((uint64_t{key.service} << 32 | key.name) ^ uint64_t{key.kind} << 24) * 0x9E3779B97F4A7C15ull >> 8;
    }
  };
  boost::unordered_flat_set<OperationKey, OperationHash> operation_set_;
  std::vector<uint8_t> needs_code_;  // by string id
};

}  // namespace spoor
