// The parts of an open block that are not pages of spans: tables, traces and dictionary, read when they are first
// asked for and then kept in the page cache.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "block/block_file.h"
#include "block/block_tables.h"
#include "block/column_uses.h"
#include "block/dictionary_encoding.h"
#include "block/footer.h"
#include "block/text_filter.h"
#include "block/trace_table.h"

namespace spoor {

// "trace table", ...
std::string_view SectionName(block_layout::Section type);

// What is needed to make sense of a page.
struct BlockTables {
  static constexpr uint32_t kNoColumn = UINT32_MAX;

  DictionaryIndex dictionary;
  ShapeTable shapes;
  ColumnTable columns;
  EntityColumns resources, scopes;
  // By owner (ListOwnerIndex) and field of the shape table: the attribute column that has its cells.
  std::array<std::vector<uint32_t>, kListOwners> column_of_field;

  size_t size_bytes() const;
};

// The whole dictionary, unpacked.
struct Dictionary {
  TextColumn strings;
};

// Thread-safe. Errors name file, section and offset.
class BlockSections {
 public:
  BlockSections(const BlockFile& file, std::vector<SectionEntry> entries) : file_(file), entries_(std::move(entries)) {}
  // What the block says of itself; before anything but its info is asked for.
  void set_counts(uint32_t span_count, uint32_t trace_count) {
    span_count_ = span_count;
    trace_count_ = trace_count;
  }

  // Null where the block has no such section.
  const SectionEntry* Find(block_layout::Section type) const;
  // The bytes of a section, checked.
  Result<std::vector<std::byte>> Read(block_layout::Section type) const;
  // Reads a section and decodes it with `decode` (bytes → Result<T>).
  template <class T, class Decode>
  Result<T> Load(block_layout::Section type, Decode decode) const {
    ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, Read(type));
    Result<T> value = decode(std::span<const std::byte>(bytes));
    if (!value) return Tell(type, value.error());
    return value;
  }
  Error Tell(block_layout::Section type, const Error& error) const;

  Result<std::shared_ptr<const BlockTables>> Tables() const;
  Result<std::shared_ptr<const TraceTable>> Traces() const;
  // Null where they are not in the cache.
  std::shared_ptr<const TraceTable> CachedTraces() const;
  Result<std::shared_ptr<const Dictionary>> WholeDictionary() const;
  // Whether a group of the text filter may have a text with that hash. Reads a bucket.
  Result<bool> TextFilterHolds(const TextFilterIndex& index, const TextFilterGroup& group, uint64_t hash) const;
  Result<std::shared_ptr<const TextFilterIndex>> TextFilter(uint32_t page_count) const;
  // The code of a text of the dictionary. Reads a chunk.
  Result<std::optional<uint32_t>> FindCode(const DictionaryIndex& index, std::string_view text) const;
  Result<std::shared_ptr<const TextColumn>> Chunk(const DictionaryIndex& index, uint32_t chunk) const;

 private:
  uint64_t OffsetOf(block_layout::Section type) const;
  Result<BlockTables> LoadTables() const;
  Result<TextColumn> LoadChunk(const DictionaryIndex& index, uint32_t chunk) const;
  Result<Dictionary> LoadDictionary() const;

  const BlockFile& file_;
  const std::vector<SectionEntry> entries_;
  uint32_t span_count_ = 0;
  uint32_t trace_count_ = 0;
};

}  // namespace spoor
