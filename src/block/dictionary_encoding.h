// A block's dictionary as bytes: sorted strings in chunks, and the index that says which chunk has which.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "block/byte_writer.h"
#include "block/text_encoding.h"

namespace spoor {

// Where the chunks are. Codes below text_count are texts, ascending by their bytes; the others are bytes and nested
// values.
struct DictionaryIndex {
  uint32_t text_count = 0;
  std::vector<uint32_t> code_begin{0};  // of chunk c; size() + 1
  std::vector<uint64_t> offset;
  std::vector<uint32_t> bytes;
  std::vector<uint32_t> checksum;
  // Of a chunk of texts: greater than all texts before it, and no greater than its first. One of kSeparatorBytesMax
  // bytes may be cut: it is no less than the one before then, and the text may stand in an earlier chunk.
  TextColumn separators;

  uint32_t size() const { return static_cast<uint32_t>(offset.size()); }
  uint32_t string_count() const { return code_begin.back(); }
  uint32_t ChunkOfCode(uint32_t code) const;
  // The one chunk that may hold `text`, or size(); with a cut separator, the last of those that may.
  uint32_t ChunkOfText(std::string_view text) const;
};

void EncodeChunk(std::span<const std::string_view> strings, ByteWriter& out);
// Reads a chunk of `count` strings.
Result<TextColumn> DecodeChunk(std::span<const std::byte> bytes, uint32_t count);

// What separates texts up to `before` from those from `first` on.
std::string_view Separator(std::string_view before, std::string_view first);

void EncodeDictionaryIndex(const DictionaryIndex& index, ByteWriter& out);
// Checks that chunks lie within the first `file_bytes` bytes.
Result<DictionaryIndex> DecodeDictionaryIndex(std::span<const std::byte> bytes, uint64_t file_bytes);

}  // namespace spoor
