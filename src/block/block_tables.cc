#include "block/block_tables.h"

#include <algorithm>

#include "block/number_encoding.h"
#include "block/text_encoding.h"

namespace spoor {
namespace {

constexpr size_t kPageEntryBytes = 40;

template <class T>
void Write(const std::vector<T>& values, ByteWriter& out) {
  std::vector<uint64_t> wide;
  wide.reserve(values.size());
  for (const T value : values) wide.push_back(static_cast<uint64_t>(value));
  NumberHints hints;
  EncodeNumbers(wide, hints, out);
}

Error Leftover() { return Corrupt("bytes are left behind it"); }
Error BadCount() { return Corrupt("it has no valid count"); }

}  // namespace

void EncodePages(std::span<const PageEntry> pages, ByteWriter& out) {
  for (const PageEntry& page : pages) {
    out.U64(page.offset);
    out.U32(page.directory_bytes);
    out.U32(page.directory_checksum);
    out.U32(page.row_count);
    out.U32(page.strip_bytes);
    out.U64(page.start_min_ns);
    out.U64(page.start_max_ns);
  }
}

Result<std::vector<PageEntry>> DecodePages(std::span<const std::byte> bytes, uint32_t span_count, uint64_t file_bytes) {
  if (bytes.size() % kPageEntryBytes != 0) return Corrupt("it is not a whole number of pages");
  ByteReader in(bytes);
  std::vector<PageEntry> pages(bytes.size() / kPageEntryBytes);
  uint64_t rows = 0;
  for (PageEntry& page : pages) {
    if (!in.U64(page.offset) || !in.U32(page.directory_bytes) || !in.U32(page.directory_checksum) ||
        !in.U32(page.row_count) || !in.U32(page.strip_bytes) || !in.U64(page.start_min_ns) ||
        !in.U64(page.start_max_ns)) {
      return Corrupt("it ends early");
    }
    if (page.offset > file_bytes || uint64_t{page.directory_bytes} + page.strip_bytes > file_bytes - page.offset ||
        page.row_count == 0 || page.row_count > block_layout::kPageRowsMax) {
      return Corrupt("a page is impossible or lies outside of the file");
    }
    rows += page.row_count;
  }
  if (rows != span_count) return Corrupt("the pages' rows are not as many as the block's spans");
  return pages;
}

void EncodeColumns(const ColumnTable& columns, ByteWriter& out) {
  out.Varint(columns.raw_fixed_columns);
  out.Varint(columns.attributes.size());
  for (const block_layout::AttributeColumn& column : columns.attributes) {
    out.U8(static_cast<uint8_t>(column.owner));
    out.U8(static_cast<uint8_t>(static_cast<uint8_t>(column.type) | (column.raw ? block_layout::kRawFlag : 0)));
    out.Varint(column.key == block_layout::AttributeColumn::kRareKeys ? 0 : uint64_t{column.key} + 1);
  }
}

Result<ColumnTable> DecodeColumns(std::span<const std::byte> bytes, uint32_t string_count) {
  ByteReader in(bytes);
  ColumnTable columns;
  uint32_t count;
  if (!in.Varint(columns.raw_fixed_columns) || !in.Varint(count, in.remaining() / 3)) return BadCount();
  for (uint32_t i = 0; i < count; ++i) {
    uint8_t owner;
    uint8_t type;
    uint32_t key;
    if (!in.U8(owner) || !in.U8(type) || !in.Varint(key, string_count)) return Corrupt("it ends early");
    block_layout::AttributeColumn column{.owner = static_cast<AttributeOwner>(owner),
                                         .type = static_cast<ValueType>(type & ~block_layout::kRawFlag),
                                         .raw = (type & block_layout::kRawFlag) != 0};
    if (key > 0) column.key = key - 1;
    const bool has_lists = column.owner == AttributeOwner::kSpan || column.owner == AttributeOwner::kEvent ||
                           column.owner == AttributeOwner::kLink;
    if (!has_lists || static_cast<uint8_t>(column.type) >= kValueTypeCount || (column.raw && !IsCode(column.type))) {
      return Corrupt("an attribute column has an unknown owner or type");
    }
    columns.attributes.push_back(column);
  }
  if (in.remaining() > 0) return Leftover();
  return columns;
}

void EncodeShapes(const ShapeTable& shapes, ByteWriter& out) {
  std::vector<uint32_t> lengths;
  for (uint32_t s = 0; s < shapes.size(); ++s) lengths.push_back(shapes.begin[s + 1] - shapes.begin[s]);
  out.Varint(lengths.size());
  out.Varint(shapes.keys.size());
  Write(lengths, out);
  Write(shapes.keys, out);
  Write(shapes.types, out);
}

Result<ShapeTable> DecodeShapes(std::span<const std::byte> bytes, uint32_t string_count) {
  ByteReader in(bytes);
  uint32_t count;
  uint32_t fields;
  if (!in.Varint(count, block_layout::kEntitiesMax) || count == 0 || !in.Varint(fields, block_layout::kCellsMax)) {
    return BadCount();
  }
  ShapeTable shapes;
  ASSIGN_OR_RETURN(const std::vector<uint32_t> lengths, ReadNumbers<uint32_t>(in, count, fields));
  uint64_t total = 0;
  for (const uint32_t length : lengths) {
    total += length;
    if (total > fields) return Corrupt("its shapes have more fields than there are");
    shapes.begin.push_back(static_cast<uint32_t>(total));
  }
  if (total != fields || lengths[0] != 0) return Corrupt("its shapes do not fit together");
  ASSIGN_OR_RETURN(shapes.keys, ReadNumbers<uint32_t>(in, fields, string_count - 1));
  ASSIGN_OR_RETURN(const std::vector<uint8_t> types, ReadNumbers<uint8_t>(in, fields, kValueTypeCount - 1));
  for (const uint8_t type : types) shapes.types.push_back(static_cast<ValueType>(type));
  if (in.remaining() > 0) return Leftover();
  return shapes;
}

void EncodeEntities(const EntityColumns& entities, ByteWriter& out) {
  out.Varint(entities.size());
  out.Varint(entities.cells.size());
  Write(entities.name, out);
  Write(entities.version, out);
  Write(entities.schema_url, out);
  Write(entities.dropped_attributes, out);
  Write(entities.shape, out);
  Write(entities.cells, out);
}

Result<EntityColumns> DecodeEntities(std::span<const std::byte> bytes, const ShapeTable& shapes,
                                     uint32_t string_count) {
  ByteReader in(bytes);
  uint32_t count;
  uint32_t cells;
  if (!in.Varint(count, block_layout::kEntitiesMax) || count == 0 || !in.Varint(cells, block_layout::kCellsMax)) {
    return BadCount();
  }
  EntityColumns entities;
  ASSIGN_OR_RETURN(entities.name, ReadNumbers<uint32_t>(in, count, string_count - 1));
  ASSIGN_OR_RETURN(entities.version, ReadNumbers<uint32_t>(in, count, string_count - 1));
  ASSIGN_OR_RETURN(entities.schema_url, ReadNumbers<uint32_t>(in, count, string_count - 1));
  ASSIGN_OR_RETURN(entities.dropped_attributes, ReadNumbers<uint32_t>(in, count, UINT32_MAX));
  ASSIGN_OR_RETURN(entities.shape, ReadNumbers<uint32_t>(in, count, shapes.size() - 1));
  ASSIGN_OR_RETURN(entities.cells, ReadNumbers<uint64_t>(in, cells, UINT64_MAX));
  if (in.remaining() > 0) return Leftover();
  entities.cell_begin.push_back(0);
  for (const uint32_t shape : entities.shape) {
    const uint32_t length = shapes.begin[shape + 1] - shapes.begin[shape];
    if (length > cells - entities.cell_begin.back()) return Corrupt("its lists have more values than there are");
    for (uint32_t field = 0; field < length; ++field) {
      const bool is_code = IsCode(shapes.types[shapes.begin[shape] + field]);
      if (is_code && entities.cells[entities.cell_begin.back() + field] >= string_count) {
        return Corrupt("a value is outside of the dictionary");
      }
    }
    entities.cell_begin.push_back(entities.cell_begin.back() + length);
  }
  if (entities.cell_begin.back() != cells) return Corrupt("its lists have fewer values than there are");
  return entities;
}

void EncodeOperations(std::span<const BlockOperation> operations, ByteWriter& out) {
  std::vector<std::string_view> services, names;
  std::vector<uint32_t> service;
  std::vector<uint8_t> kinds;
  for (const BlockOperation& operation : operations) {
    if (services.empty() || services.back() != operation.service) services.push_back(operation.service);
    service.push_back(static_cast<uint32_t>(services.size()) - 1);
    names.push_back(operation.name);
    kinds.push_back(operation.kind);
  }
  out.Varint(operations.size());
  out.Varint(services.size());
  EncodeTexts(services, out);
  Write(service, out);
  EncodeTexts(names, out);
  Write(kinds, out);
}

Result<std::vector<BlockOperation>> DecodeOperations(std::span<const std::byte> bytes, uint32_t span_count) {
  ByteReader in(bytes);
  uint32_t count;
  uint32_t service_count;
  if (!in.Varint(count, std::min(span_count, block_layout::kEntitiesMax)) || count == 0 ||
      !in.Varint(service_count, count) || service_count == 0) {
    return BadCount();
  }
  ASSIGN_OR_RETURN(const TextColumn services, DecodeTexts(in, service_count, block_layout::kTableTextBytesMax));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> service, ReadNumbers<uint32_t>(in, count, service_count - 1));
  ASSIGN_OR_RETURN(const TextColumn names, DecodeTexts(in, count, block_layout::kTableTextBytesMax));
  ASSIGN_OR_RETURN(const std::vector<uint8_t> kinds, ReadNumbers<uint8_t>(in, count, UINT8_MAX));
  if (in.remaining() > 0) return Leftover();
  std::vector<BlockOperation> operations;
  operations.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    operations.push_back({std::string(services[service[i]]), std::string(names[i]), kinds[i]});
  }
  return operations;
}

}  // namespace spoor
