// The small tables of a block: pages, attribute columns, shapes, resources, scopes and operations. What Decode yields
// was checked: no index leads out of what it points into.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/block_info.h"
#include "block/block_layout.h"
#include "block/byte_writer.h"
#include "block/page_encoder.h"

namespace spoor {

void EncodePages(std::span<const PageEntry> pages, ByteWriter& out);
// The pages of `span_count` rows, that lie within the first `file_bytes` bytes.
Result<std::vector<PageEntry>> DecodePages(std::span<const std::byte> bytes, uint32_t span_count, uint64_t file_bytes);

struct ColumnTable {
  uint64_t raw_fixed_columns = 0;  // a bit each
  std::vector<block_layout::AttributeColumn> attributes;

  bool is_raw(block_layout::FixedColumn column) const {
    return (raw_fixed_columns >> static_cast<uint32_t>(column) & 1) != 0;
  }
  // Whether a strip of `column` holds texts that a search for a text may find.
  bool holds_searched_texts(uint32_t column) const {
    if (column < block_layout::kFirstAttributeColumn) return is_raw(static_cast<block_layout::FixedColumn>(column));
    const uint32_t attribute = column - block_layout::kFirstAttributeColumn;
    return attribute < attributes.size() && attributes[attribute].raw &&
           attributes[attribute].type == ValueType::kString;
  }
};
void EncodeColumns(const ColumnTable& columns, ByteWriter& out);
Result<ColumnTable> DecodeColumns(std::span<const std::byte> bytes, uint32_t string_count);

// Shape s has fields begin[s] .. begin[s + 1].
struct ShapeTable {
  std::vector<uint32_t> begin{0};
  std::vector<uint32_t> keys;  // codes
  std::vector<ValueType> types;

  uint32_t size() const { return static_cast<uint32_t>(begin.size()) - 1; }
};
void EncodeShapes(const ShapeTable& shapes, ByteWriter& out);
Result<ShapeTable> DecodeShapes(std::span<const std::byte> bytes, uint32_t string_count);

// Resources or scopes, by column. Texts are codes; `version` is zero throughout for resources.
struct EntityColumns {
  std::vector<uint32_t> name, version, schema_url, dropped_attributes, shape;
  std::vector<uint32_t> cell_begin;  // size() + 1
  std::vector<uint64_t> cells;

  uint32_t size() const { return static_cast<uint32_t>(name.size()); }
};
void EncodeEntities(const EntityColumns& entities, ByteWriter& out);
Result<EntityColumns> DecodeEntities(std::span<const std::byte> bytes, const ShapeTable& shapes, uint32_t string_count);

// `operations` are sorted by service, name, kind.
void EncodeOperations(std::span<const BlockOperation> operations, ByteWriter& out);
Result<std::vector<BlockOperation>> DecodeOperations(std::span<const std::byte> bytes, uint32_t span_count);

}  // namespace spoor
