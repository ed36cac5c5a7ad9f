#include "block/text_filter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace spoor {
namespace {

constexpr uint64_t kFirstOffset = 1000;
constexpr size_t kTextBytes = 8;  // that a text takes

// A filter as it stands in a file, and what a reader makes of it.
struct Written {
  ByteWriter buckets;
  ByteWriter index_bytes;
  TextFilterIndex index;

  // `taken`: the buckets of groups that were full.
  Written(TextFilterBuilder& builder, uint32_t pages, ByteWriter taken = {}) : buckets(std::move(taken)) {
    builder.TakeGroup(kFirstOffset + buckets.size(), buckets);
    builder.EncodeIndex(index_bytes);
    auto decoded = DecodeTextFilterIndex(index_bytes.bytes(), pages, kFirstOffset + buckets.size());
    EXPECT_TRUE(decoded) << decoded.error().message;
    if (decoded) index = *std::move(decoded);
  }

  std::span<const std::byte> Bucket(uint64_t bucket) const {
    return buckets.bytes().subspan(index.offset[bucket] - kFirstOffset, index.bytes[bucket]);
  }
  bool MayHold(const TextFilterGroup& group, std::string_view text) const {
    const uint64_t hash = TextFilterHash(text);
    return BucketHolds(group, Bucket(BucketOf(group, hash)), hash).value();
  }
  // Whether a page may hold the text.
  bool MayHold(uint32_t page, std::string_view text) const {
    for (const TextFilterGroup& group : index.groups) {
      if (page >= group.page_begin && page < group.page_end && MayHold(group, text)) return true;
    }
    return false;
  }
};

std::string Text(uint32_t page, uint32_t i) { return fmt::format("text {} of page {}", i, page); }

void Add(TextFilterBuilder& builder, std::string_view text, size_t encoded_bytes = kTextBytes) {
  builder.Add(std::span(&text, 1), encoded_bytes);
}

Written Fill(uint32_t pages, uint32_t texts, size_t encoded_bytes = kTextBytes) {
  TextFilterBuilder builder;
  ByteWriter buckets;
  for (uint32_t page = 0; page < pages; ++page) {
    for (uint32_t i = 0; i < texts; ++i) Add(builder, Text(page, i), encoded_bytes);
    if (builder.EndPage(page)) builder.TakeGroup(kFirstOffset + buckets.size(), buckets);
  }
  return Written(builder, pages, std::move(buckets));
}

constexpr uint32_t kPages = 18, kTexts = 2000;

// How many of texts that were not added a group holds.
double ShareOfWrong(const Written& written) {
  double wrong = 0, asked = 0;
  for (const TextFilterGroup& group : written.index.groups) {
    for (uint32_t i = 0; i < 20'000; ++i, ++asked) wrong += written.MayHold(group, fmt::format("absent {}", i)) ? 1 : 0;
  }
  return wrong / asked;
}

double BitsPerText(const Written& written) {
  return 8.0 * static_cast<double>(written.buckets.size()) / (kPages * kTexts);
}

TEST(TextFilter, HoldsWhatWasAddedAndLittleElse) {
  const Written written = Fill(kPages, kTexts);
  ASSERT_GE(written.index.groups.size(), 2u);
  for (uint32_t page = 0; page < kPages; ++page) {
    for (uint32_t i = 0; i < kTexts; ++i) ASSERT_TRUE(written.MayHold(page, Text(page, i)));
  }
  EXPECT_LT(ShareOfWrong(written), 1.0 / 16);
  EXPECT_LT(BitsPerText(written), 6.1);
}

TEST(TextFilter, IsWrongMoreSeldomWhereTextsAreLong) {
  const Written longer = Fill(kPages, kTexts, 48);
  EXPECT_LT(ShareOfWrong(longer), 1.0 / 128);
  EXPECT_LT(BitsPerText(longer), 9.1);
  EXPECT_LT(BitsPerText(Fill(kPages, kTexts, 2)), 5.1);
}

TEST(TextFilter, LeavesOutEmptyTexts) {
  TextFilterBuilder builder;
  Add(builder, "", 1);
  EXPECT_FALSE(builder.EndPage(0));
  ByteWriter buckets;
  builder.TakeGroup(kFirstOffset, buckets);
  EXPECT_FALSE(builder.has_groups());
}

TEST(TextFilter, TakesOneTextAndOneThatRepeats) {
  TextFilterBuilder builder;
  for (int i = 0; i < 3000; ++i) Add(builder, "again");
  EXPECT_FALSE(builder.EndPage(0));
  const Written written(builder, 1);
  EXPECT_TRUE(written.MayHold(0u, "again"));
  EXPECT_LT(written.buckets.size(), 8u);
}

TEST(TextFilter, LeavesOutPagesWithoutTexts) {
  TextFilterBuilder builder;
  EXPECT_FALSE(builder.EndPage(0));
  EXPECT_FALSE(builder.EndPage(1));
  Add(builder, "here");
  EXPECT_FALSE(builder.EndPage(2));
  const Written written(builder, 3);
  ASSERT_EQ(written.index.groups.size(), 1u);
  EXPECT_EQ(written.index.groups[0].page_begin, 2u);
  EXPECT_EQ(written.index.groups[0].page_end, 3u);
}

TEST(TextFilter, RefusesAnIndexThatDoesNotFitTogether) {
  const Written written = Fill(9, 3000);
  const auto bytes = written.index_bytes.bytes();
  const uint64_t file_bytes = kFirstOffset + written.buckets.size();
  EXPECT_FALSE(DecodeTextFilterIndex(bytes, 3, file_bytes));      // pages that are not there
  EXPECT_FALSE(DecodeTextFilterIndex(bytes, 9, file_bytes - 1));  // buckets behind the end
  EXPECT_FALSE(DecodeTextFilterIndex(bytes.first(bytes.size() - 1), 9, file_bytes));
  std::mt19937_64 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> damaged(bytes.begin(), bytes.end());
    damaged[random() % damaged.size()] ^= std::byte{static_cast<uint8_t>(1 + random() % 255)};
    const auto index = DecodeTextFilterIndex(damaged, 9, file_bytes);
    if (!index) continue;
    for (size_t bucket = 0; bucket < index->offset.size(); ++bucket) {
      EXPECT_LE(index->offset[bucket] + index->bytes[bucket], file_bytes);
    }
  }
}

TEST(TextFilter, ReadsDamagedBucketsWithinTheirBounds) {
  const Written written = Fill(8, 3000);
  std::mt19937_64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const TextFilterGroup& group = written.index.groups[0];
    const uint64_t hash = random();
    const auto bucket = written.Bucket(BucketOf(group, hash));
    std::vector<std::byte> damaged(bucket.begin(), bucket.end());
    damaged.resize(random() % (damaged.size() + 1));
    if (!damaged.empty()) damaged[random() % damaged.size()] ^= std::byte{static_cast<uint8_t>(random())};
    static_cast<void>(BucketHolds(group, damaged, hash).has_value());
  }
}

}  // namespace
}  // namespace spoor
