#include "block/number_encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace spoor {
namespace {

std::vector<std::byte> Encode(const std::vector<uint64_t>& values) {
  NumberHints hints;
  ByteWriter out;
  EncodeNumbers(values, hints, out);
  return {out.bytes().begin(), out.bytes().end()};
}

void ExpectRoundTrip(const std::vector<uint64_t>& values) {
  const std::vector<std::byte> bytes = Encode(values);
  ByteReader in(bytes);
  auto all = ReadNumbers<uint64_t>(in, values.size(), UINT64_MAX);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(*all, values);
  EXPECT_EQ(in.remaining(), 0u);
  for (size_t begin : {size_t{0}, values.size() / 3, values.size() / 2}) {
    std::vector<uint64_t> part(std::min<size_t>(7, values.size() - begin));
    ByteReader again(bytes);
    ASSERT_TRUE(DecodeNumbers(again, values.size(), begin, part));
    EXPECT_TRUE(std::equal(part.begin(), part.end(), values.begin() + static_cast<ptrdiff_t>(begin)));
  }
}

TEST(NumberEncoding, GivesBackEveryWidth) {
  std::mt19937_64 random(1);
  for (int width = 0; width <= 64; ++width) {
    for (size_t count : {1, 2, 3, 15, 64, 1000}) {
      std::vector<uint64_t> values(count);
      for (uint64_t& value : values) value = width == 0 ? 0 : random() >> (64 - width);
      ExpectRoundTrip(values);
      for (uint64_t& value : values) value += UINT64_MAX / 2;
      ExpectRoundTrip(values);
    }
  }
}

TEST(NumberEncoding, GivesBackEveryShapeOfColumn) {
  std::mt19937_64 random(2);
  std::vector<uint64_t> few(5000), runs, ascending(5000), skewed(5000), extremes(5000);
  for (uint64_t& value : few) value = (random() % 50) * 0x123456789ABCDull;
  while (runs.size() < 5000) runs.insert(runs.end(), 1 + random() % 90, random());
  for (uint64_t& value : ascending) value = random();
  std::ranges::sort(ascending);
  for (uint64_t& value : skewed) value = random() >> (34 + random() % 30);
  for (uint64_t& value : extremes) value = random() % 3 == 0 ? UINT64_MAX : random() % 3;
  for (const auto& values : {few, runs, ascending, skewed, extremes, std::vector<uint64_t>{}}) ExpectRoundTrip(values);
}

TEST(NumberEncoding, TakesOneByteOrTwoForAConstant) {
  EXPECT_EQ(Encode(std::vector<uint64_t>(8192, 0)).size(), 2u);
  EXPECT_EQ(Encode(std::vector<uint64_t>(8192, 100)).size(), 2u);
}

TEST(NumberEncoding, TakesLittleMoreThanTheEntropyOfSkewedValues) {
  std::mt19937_64 random(3);
  std::vector<uint64_t> values(8192);
  // Widths of 0 to 31 bits, each as likely: five bits say which, and half of 31 stand behind on average.
  for (uint64_t& value : values) value = (random() & UINT32_MAX) >> (random() % 32);
  EXPECT_LT(Encode(values).size() * 8 / 8192.0, 5.0 + 15.5 + 0.2);
  ExpectRoundTrip(values);
}

TEST(NumberEncoding, GivesBackWidthsOfEveryKind) {
  std::mt19937_64 random(5);
  for (const uint64_t base : {uint64_t{0}, uint64_t{1'700'000'000'000'000'000}, UINT64_MAX / 2}) {
    std::vector<uint64_t> values(3000);
    for (uint64_t& value : values) value = base + ((random() >> 1) >> (random() % 64));
    ExpectRoundTrip(values);
    EXPECT_LT(Encode(values).size() * 8 / 3000.0, 6.0 + 31.0 + 1.0);
  }
}

TEST(NumberEncoding, RefusesNumbersAboveTheirMaximum) {
  const std::vector<std::byte> bytes = Encode({1, 2, 300, 4});
  ByteReader in(bytes);
  EXPECT_TRUE(ReadNumbers<uint32_t>(in, 4, 300));
  ByteReader again(bytes);
  EXPECT_FALSE(ReadNumbers<uint32_t>(again, 4, 299));
}

TEST(NumberEncoding, RefusesEveryTruncation) {
  std::mt19937_64 random(4);
  std::vector<uint64_t> few(300), skewed(300);
  for (uint64_t& value : few) value = (random() % 20) * 1'000'003;
  for (uint64_t& value : skewed) value = random() >> (random() % 64);
  for (const auto& values : {few, skewed}) {
    const std::vector<std::byte> bytes = Encode(values);
    for (size_t size = 0; size < bytes.size(); ++size) {
      ByteReader in{std::span(bytes).first(size)};
      EXPECT_FALSE(ReadNumbers<uint64_t>(in, values.size(), UINT64_MAX)) << size;
    }
  }
}

}  // namespace
}  // namespace spoor
