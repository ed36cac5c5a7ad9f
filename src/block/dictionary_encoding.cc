#include "block/dictionary_encoding.h"

#include <algorithm>

#include "block/block_layout.h"
#include "block/byte_stream.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

constexpr size_t kChunkStringsMax = block_layout::kChunkTextBytes + 1;  // all differ: one at most is empty
// What a chunk of several strings unpacks to at most.
constexpr size_t kChunkBytesMax = block_layout::kChunkTextBytes + block_layout::kLongTextBytes;

size_t SharedPrefix(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

template <class T>
void Write(std::span<const T> values, ByteWriter& out) {
  const std::vector<uint64_t> wide(values.begin(), values.end());
  NumberHints hints;
  EncodeNumbers(wide, hints, out);
}

}  // namespace

uint32_t DictionaryIndex::ChunkOfCode(uint32_t code) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(code_begin, code) - code_begin.begin()) - 1;
}

uint32_t DictionaryIndex::ChunkOfText(std::string_view text) const {
  uint32_t low = 0;
  uint32_t high = static_cast<uint32_t>(separators.size());
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (separators[middle] <= text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? size() : low - 1;
}

void EncodeChunk(std::span<const std::string_view> strings, ByteWriter& out) {
  std::vector<uint64_t> shared, rest;
  std::vector<std::byte> bytes;
  std::string_view before;
  for (const std::string_view string : strings) {
    const size_t prefix = SharedPrefix(before, string);
    shared.push_back(prefix);
    rest.push_back(string.size() - prefix);
    const auto tail = std::as_bytes(std::span(string.substr(prefix)));
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    before = string;
  }
  NumberHints hints;
  EncodeNumbers(shared, hints, out);
  EncodeNumbers(rest, hints, out);
  WriteStream(bytes, StreamEffort::kCompress, out);
}

Result<TextColumn> DecodeChunk(std::span<const std::byte> bytes, uint32_t count) {
  ByteReader in(bytes);
  const size_t limit = count == 1 ? block_layout::kTextBytesMax : kChunkBytesMax;
  if (count > kChunkStringsMax) return Corrupt("a dictionary chunk has more strings than fit");
  ASSIGN_OR_RETURN(const std::vector<uint64_t> shared, ReadNumbers<uint64_t>(in, count, limit));
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rest, ReadNumbers<uint64_t>(in, count, limit));
  TextColumn strings;
  size_t total = 0;
  size_t rest_total = 0;
  size_t before = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (shared[i] > before) return Corrupt("a dictionary string shares more than the one before has");
    before = shared[i] + rest[i];
    total += before;
    rest_total += rest[i];
    if (total > limit) return Corrupt("a dictionary chunk is longer than it may be");
    strings.end.push_back(total);
  }
  std::vector<char> tails(rest_total);
  RETURN_IF_ERROR(ReadStream(in, std::as_writable_bytes(std::span(tails))));
  if (in.remaining() > 0) return Corrupt("bytes are left behind a dictionary chunk");
  strings.bytes.resize(total);
  size_t from = 0;
  size_t begin = 0;
  size_t previous_begin = 0;
  for (uint32_t i = 0; i < count; ++i) {
    std::copy_n(strings.bytes.begin() + static_cast<ptrdiff_t>(previous_begin), shared[i],
                strings.bytes.begin() + static_cast<ptrdiff_t>(begin));
    std::copy_n(tails.begin() + static_cast<ptrdiff_t>(from), rest[i],
                strings.bytes.begin() + static_cast<ptrdiff_t>(begin + shared[i]));
    from += rest[i];
    previous_begin = begin;
    begin = strings.end[i];
  }
  return strings;
}

std::string_view Separator(std::string_view before, std::string_view first) {
  return first.substr(0, std::min(SharedPrefix(before, first) + 1, block_layout::kSeparatorBytesMax));
}

void EncodeDictionaryIndex(const DictionaryIndex& index, ByteWriter& out) {
  out.Varint(index.size());
  out.Varint(index.text_count);
  Write<uint32_t>(index.code_begin, out);
  Write<uint64_t>(index.offset, out);
  Write<uint32_t>(index.bytes, out);
  Write<uint32_t>(index.checksum, out);
  std::vector<std::string_view> separators;
  for (size_t i = 0; i < index.separators.size(); ++i) separators.push_back(index.separators[i]);
  out.Varint(separators.size());
  EncodeTexts(separators, out);
}

Result<DictionaryIndex> DecodeDictionaryIndex(std::span<const std::byte> bytes, uint64_t file_bytes) {
  ByteReader in(bytes);
  DictionaryIndex index;
  uint32_t chunks;
  uint32_t separators;
  // A chunk takes at least three bytes in the file.
  if (!in.Varint(chunks, std::min<uint64_t>(block_layout::kStringsMax, file_bytes / 3)) ||
      !in.Varint(index.text_count, block_layout::kStringsMax)) {
    return Corrupt("the dictionary's index has no valid counts");
  }
  ASSIGN_OR_RETURN(index.code_begin, ReadNumbers<uint32_t>(in, size_t{chunks} + 1, block_layout::kStringsMax));
  ASSIGN_OR_RETURN(index.offset, ReadNumbers<uint64_t>(in, chunks, file_bytes));
  ASSIGN_OR_RETURN(index.bytes, ReadNumbers<uint32_t>(in, chunks, UINT32_MAX));
  ASSIGN_OR_RETURN(index.checksum, ReadNumbers<uint32_t>(in, chunks, UINT32_MAX));
  if (!in.Varint(separators, chunks)) return Corrupt("the dictionary has more separators than chunks");
  ASSIGN_OR_RETURN(index.separators, DecodeTexts(in, separators, block_layout::kTableTextBytesMax));
  bool valid = in.remaining() == 0 && index.code_begin[0] == 0 && index.text_count <= index.string_count();
  for (uint32_t chunk = 0; chunk < chunks && valid; ++chunk) {
    valid =
        index.code_begin[chunk] < index.code_begin[chunk + 1] && index.bytes[chunk] <= file_bytes - index.offset[chunk];
  }
  if (!valid || index.code_begin[separators] != index.text_count) {
    return Corrupt("the dictionary's index does not fit together");
  }
  return index;
}

}  // namespace spoor
