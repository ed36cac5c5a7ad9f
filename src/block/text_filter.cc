#include "block/text_filter.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "base/crc32c.h"
#include "block/block_layout.h"
#include "block/byte_reader.h"
#include "block/number_encoding.h"
#include "block/radix_sort.h"

namespace spoor {
namespace {

// A group ends after so many pages, or sooner where it has so many hashes: a text that is there, or is believed to be,
// has its group's pages read.
constexpr uint32_t kGroupPages = 8;
constexpr size_t kGroupHashes = size_t{1} << 18;
// Beyond those that tell the texts of a group apart: how seldom a filter is wrong.
constexpr int kSpareBitsMin = 3;
constexpr int kSpareBitsMax = 7;
constexpr int kHashBitsMax = 32;
// A bucket has from 256 to 512 hashes, about half a KiB: what a search reads of a group.
constexpr int kBucketHashesBits = 9;
constexpr int kRiceBitsMax = 24;

// Bits, the lowest of each byte first.
class BitWriter {
 public:
  explicit BitWriter(ByteWriter& out) : out_(out) {}

  void Write(uint64_t bits, int count) {  // at most 32
    pending_ |= bits << used_;
    used_ += count;
    while (used_ >= 8) {
      out_.U8(static_cast<uint8_t>(pending_));
      pending_ >>= 8;
      used_ -= 8;
    }
  }
  void WriteUnary(uint64_t zeros) {
    for (; zeros >= 32; zeros -= 32) Write(0, 32);
    Write(uint64_t{1} << zeros, static_cast<int>(zeros) + 1);
  }
  void Finish() {
    if (used_ > 0) Write(0, 8 - used_);
  }

 private:
  ByteWriter& out_;
  uint64_t pending_ = 0;
  int used_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  // Up to 32 bits; false where the bytes end first.
  bool Read(int count, uint32_t& bits) {
    if (!Fill(count)) return false;
    bits = static_cast<uint32_t>(pending_ & ((uint64_t{1} << count) - 1));
    Drop(count);
    return true;
  }
  bool ReadUnary(uint64_t& zeros) {
    zeros = 0;
    while (pending_ == 0) {
      zeros += static_cast<uint64_t>(left_);
      left_ = 0;
      if (!Fill(1)) return false;
    }
    const int more = std::countr_zero(pending_);
    zeros += static_cast<uint64_t>(more);
    Drop(more + 1);
    return true;
  }

 private:
  bool Fill(int count) {
    while (left_ <= 56 && at_ < bytes_.size()) {
      pending_ |= std::to_integer<uint64_t>(bytes_[at_++]) << left_;
      left_ += 8;
    }
    return left_ >= count;
  }
  void Drop(int count) {
    pending_ = count == 64 ? 0 : pending_ >> count;
    left_ -= count;
  }

  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  uint64_t pending_ = 0;
  int left_ = 0;  // bits of pending_
};

// A bit more for texts that take twice the bytes: reading them in vain costs twice as much, and the bit half as much.
int SpareBits(size_t encoded_bytes, size_t texts) {
  return std::min(kSpareBitsMin + static_cast<int>(std::bit_width(encoded_bytes / (texts * 6))), kSpareBitsMax);
}

// Of numbers below `count`.
int BitWidth(size_t count) { return count == 0 ? 0 : static_cast<int>(std::bit_width(count - 1)); }

// How many bits of a gap are written as they are, the rest of it in unary. Golomb, "Run-length encodings" (IEEE
// Transactions on Information Theory 12, 1966); Rice's powers of two.
int RiceBits(const TextFilterGroup& group, size_t hashes) {
  return std::clamp(group.hash_bits - BitWidth(hashes), 0, kRiceBitsMax);
}

void EncodeBucket(std::span<const uint32_t> hashes, int rice_bits, uint32_t first, ByteWriter& out) {
  out.Varint(hashes.size());
  out.U8(static_cast<uint8_t>(rice_bits));
  BitWriter bits(out);
  uint32_t next = first;  // the least that may come
  for (const uint32_t hash : hashes) {
    const uint32_t gap = hash - next;
    bits.WriteUnary(gap >> rice_bits);
    bits.Write(gap & ((uint32_t{1} << rice_bits) - 1), rice_bits);
    next = hash + 1;
  }
  bits.Finish();
}

uint32_t KeptBits(uint64_t hash, int bits) { return bits == 0 ? 0 : static_cast<uint32_t>(hash >> (64 - bits)); }

void Unique(std::vector<uint32_t>& sorted) { sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end()); }

}  // namespace

uint64_t TextFilterHash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

size_t TextFilterIndex::size_bytes() const {
  return sizeof *this + groups.size() * sizeof(TextFilterGroup) +
         offset.size() * (sizeof(uint64_t) + 2 * sizeof(uint32_t));
}

void TextFilterBuilder::Add(std::span<const std::string_view> texts, size_t encoded_bytes) {
  encoded_bytes_ += encoded_bytes;
  for (const std::string_view text : texts) {
    if (!text.empty()) hashes_.push_back(TextFilterHash(text));
  }
}

bool TextFilterBuilder::EndPage(uint32_t page) {
  page_end_ = page + 1;
  if (hashes_.empty()) {
    page_begin_ = page_end_;
    encoded_bytes_ = 0;
  }
  return !hashes_.empty() && (page_end_ - page_begin_ >= kGroupPages || hashes_.size() >= kGroupHashes);
}

void TextFilterBuilder::TakeGroup(uint64_t offset, ByteWriter& buckets) {
  if (hashes_.empty()) return;
  int bits = std::min(BitWidth(hashes_.size()) + kSpareBitsMax, kHashBitsMax);
  kept_.clear();
  kept_.reserve(hashes_.size());
  for (const uint64_t hash : hashes_) kept_.push_back(KeptBits(hash, bits));
  hashes_.clear();
  RadixSort(kept_, bits, spare_);
  Unique(kept_);
  const int spare_bits = SpareBits(std::exchange(encoded_bytes_, 0), kept_.size());
  if (const int fewer = bits - BitWidth(kept_.size()) - spare_bits; fewer > 0) {
    for (uint32_t& hash : kept_) hash >>= fewer;
    Unique(kept_);
    bits -= fewer;
  }
  TextFilterGroup group{.page_begin = page_begin_, .page_end = page_end_, .hash_bits = static_cast<uint8_t>(bits)};
  group.bucket_bits = static_cast<uint8_t>(std::max(BitWidth(kept_.size()) - kBucketHashesBits, 0));
  const int rice_bits = RiceBits(group, kept_.size());
  const int in_bucket_bits = bits - group.bucket_bits;
  auto hash = kept_.begin();
  for (uint64_t bucket = 0; bucket < group.bucket_count(); ++bucket) {
    const auto end = std::find_if(hash, kept_.end(), [&](uint32_t h) { return h >> in_bucket_bits != bucket; });
    const size_t begin_bytes = buckets.size();
    EncodeBucket(std::span(hash, end), rice_bits, static_cast<uint32_t>(bucket << in_bucket_bits), buckets);
    bucket_bytes_.push_back(buckets.size() - begin_bytes);
    checksums_.push_back(Crc32c(buckets.from(begin_bytes)));
    hash = end;
  }
  groups_.push_back(group);
  offsets_.push_back(offset);
  page_begin_ = page_end_;
}

void TextFilterBuilder::EncodeIndex(ByteWriter& out) const {
  const auto write = [&](auto get) {
    std::vector<uint64_t> column;
    for (const TextFilterGroup& group : groups_) column.push_back(get(group));
    NumberHints hints;
    EncodeNumbers(column, hints, out);
  };
  out.Varint(groups_.size());
  write([](const TextFilterGroup& group) { return group.page_begin; });
  write([](const TextFilterGroup& group) { return group.page_end; });
  write([](const TextFilterGroup& group) { return group.hash_bits; });
  write([](const TextFilterGroup& group) { return group.bucket_bits; });
  NumberHints hints;
  EncodeNumbers(offsets_, hints, out);
  out.Varint(bucket_bytes_.size());
  EncodeNumbers(bucket_bytes_, hints, out);
  EncodeNumbers(checksums_, hints, out);
}

Result<TextFilterIndex> DecodeTextFilterIndex(std::span<const std::byte> bytes, uint32_t page_count,
                                              uint64_t file_bytes) {
  ByteReader in(bytes);
  uint32_t count;
  if (!in.Varint(count, page_count)) return Corrupt("the text filter has no valid count");
  ASSIGN_OR_RETURN(const auto begins, ReadNumbers<uint32_t>(in, count, page_count));
  ASSIGN_OR_RETURN(const auto ends, ReadNumbers<uint32_t>(in, count, page_count));
  ASSIGN_OR_RETURN(const auto hash_bits, ReadNumbers<uint8_t>(in, count, kHashBitsMax));
  ASSIGN_OR_RETURN(const auto bucket_bits, ReadNumbers<uint8_t>(in, count, kHashBitsMax));
  ASSIGN_OR_RETURN(const auto offsets, ReadNumbers<uint64_t>(in, count, file_bytes));
  TextFilterIndex index;
  uint64_t buckets = 0;
  uint32_t page = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (begins[i] < page || ends[i] <= begins[i] || bucket_bits[i] > hash_bits[i]) {
      return Corrupt("the text filter's groups do not fit together");
    }
    index.groups.push_back({begins[i], ends[i], hash_bits[i], bucket_bits[i], buckets});
    buckets += index.groups.back().bucket_count();
    page = ends[i];
  }
  // A bucket takes two bytes in the file.
  uint64_t bucket_count;
  if (!in.Varint(bucket_count, file_bytes / 2) || bucket_count != buckets) {
    return Corrupt("the text filter has no valid number of buckets");
  }
  ASSIGN_OR_RETURN(index.bytes, ReadNumbers<uint32_t>(in, bucket_count, file_bytes));
  ASSIGN_OR_RETURN(index.checksum, ReadNumbers<uint32_t>(in, bucket_count, UINT32_MAX));
  if (in.remaining() > 0) return Corrupt("bytes are left behind the text filter");
  index.offset.reserve(bucket_count);
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t offset = offsets[i];
    for (uint64_t bucket = 0; bucket < index.groups[i].bucket_count(); ++bucket) {
      const uint32_t bucket_bytes = index.bytes[index.offset.size()];
      if (bucket_bytes > file_bytes - offset) return Corrupt("the text filter's buckets lie outside of the file");
      index.offset.push_back(offset);
      offset += bucket_bytes;
    }
  }
  return index;
}

uint64_t BucketOf(const TextFilterGroup& group, uint64_t hash) {
  return group.first_bucket + (KeptBits(hash, group.hash_bits) >> (group.hash_bits - group.bucket_bits));
}

Result<bool> BucketHolds(const TextFilterGroup& group, std::span<const std::byte> bucket, uint64_t hash) {
  ByteReader in(bucket);
  uint64_t count;
  uint8_t rice_bits;
  if (!in.Varint(count, uint64_t{1} << kHashBitsMax) || !in.U8(rice_bits) || rice_bits > kRiceBitsMax) {
    return Corrupt("it has no valid head");
  }
  const uint32_t wanted = KeptBits(hash, group.hash_bits);
  const int in_bucket_bits = group.hash_bits - group.bucket_bits;
  uint64_t next = (BucketOf(group, hash) - group.first_bucket) << in_bucket_bits;
  BitReader bits(bucket.subspan(in.position()));
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t high;
    uint32_t low;
    if (!bits.ReadUnary(high) || !bits.Read(rice_bits, low)) return Corrupt("it ends early");
    const uint64_t found = next + (high << rice_bits | low);
    if (found >= wanted) return found == wanted;
    next = found + 1;
  }
  return false;
}

}  // namespace spoor
