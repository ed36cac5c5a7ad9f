// The text filter of a block: which pages may have a text outside of the dictionary. Columns of mostly distinct texts
// (user ids, URLs) stand raw in their pages, so without this a search for one value would read all of them.
// docs/formats/block.md, "Text filter", gives the bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "block/byte_writer.h"

namespace spoor {

// The hash of a text, whose highest bits a filter keeps. XXH3-64: it stands in files.
uint64_t TextFilterHash(std::string_view text);

// A run of pages and the hashes of all their raw texts. Its buckets part the hashes by their highest bits.
struct TextFilterGroup {
  uint32_t page_begin = 0;
  uint32_t page_end = 0;
  uint8_t hash_bits = 0;    // of each hash that are kept
  uint8_t bucket_bits = 0;  // of these, the highest, which are the bucket's number; at most hash_bits
  uint64_t first_bucket = 0;

  uint64_t bucket_count() const { return uint64_t{1} << bucket_bits; }
};

// Where the buckets are: those of a group one behind the other.
struct TextFilterIndex {
  std::vector<TextFilterGroup> groups;    // by page; pages in none of them have no raw text
  std::vector<uint64_t> offset;           // of each bucket
  std::vector<uint32_t> bytes, checksum;  // the same

  size_t size_bytes() const;
};

// Hashes as they come, page by page; one thread's at a time. A text that was added is found; one that was not is found
// wrongly now and then: with a chance of 1 in 24 a group where its texts take 8 bytes each, of 1 in 190 where they take
// 48 or more, which cost more to read in vain.
class TextFilterBuilder {
 public:
  // Texts of the current page (of which the empty one need not be found), and how many bytes they take there.
  void Add(std::span<const std::string_view> texts, size_t encoded_bytes);
  // All texts of page `page` were added. True where a group is full: its buckets are to be taken then.
  bool EndPage(uint32_t page);
  // Appends the buckets of the pages since the last time to `buckets`, which will stand at `offset` of the file, and
  // tells of them in the index.
  void TakeGroup(uint64_t offset, ByteWriter& buckets);

  void EncodeIndex(ByteWriter& out) const;
  bool has_groups() const { return !groups_.empty(); }

 private:
  std::vector<uint64_t> hashes_;
  size_t encoded_bytes_ = 0;            // of their texts
  std::vector<uint32_t> kept_, spare_;  // the highest bits of hashes_
  uint32_t page_begin_ = 0;
  uint32_t page_end_ = 0;
  std::vector<TextFilterGroup> groups_;
  std::vector<uint64_t> offsets_;                   // by group
  std::vector<uint64_t> bucket_bytes_, checksums_;  // by bucket
};

// Checks that groups are of pages below `page_count`, and that buckets lie within the first `file_bytes` bytes.
Result<TextFilterIndex> DecodeTextFilterIndex(std::span<const std::byte> bytes, uint32_t page_count,
                                              uint64_t file_bytes);

// The bucket of a group that would have the hash.
uint64_t BucketOf(const TextFilterGroup& group, uint64_t hash);
// Whether a bucket, whose bytes were checked, has the hash. kCorrupt where they are no bucket.
Result<bool> BucketHolds(const TextFilterGroup& group, std::span<const std::byte> bucket, uint64_t hash);

}  // namespace spoor
