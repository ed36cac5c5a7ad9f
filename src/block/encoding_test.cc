// Texts, dictionary chunks, bit packing, trace filter, order of pages and page cache, each by itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "block/bit_packing.h"
#include "block/dictionary_encoding.h"
#include "block/page_cache.h"
#include "block/page_order.h"
#include "block/text_encoding.h"
#include "block/trace_filter.h"

namespace spoor {
namespace {

std::vector<std::string_view> Views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

size_t ExpectTextsRoundTrip(const std::vector<std::string>& texts) {
  ByteWriter out;
  EncodeTexts(Views(texts), out);
  ByteReader in(out.bytes());
  const auto read = DecodeTexts(in, texts.size(), 1 << 24);
  EXPECT_TRUE(read) << read.error().message;
  EXPECT_EQ(in.remaining(), 0u);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ((*read)[i], texts[i]);
  const auto holds = [&](std::string_view text) {
    ByteReader again(out.bytes());
    return TextsHold(again, texts.size(), 1 << 24, text).value();
  };
  for (size_t i = 0; i < texts.size(); i += 1 + texts.size() / 50) {
    EXPECT_TRUE(holds(texts[i]));
    std::string other = texts[i] + "0";
    EXPECT_EQ(holds(other), std::ranges::find(texts, other) != texts.end());
    if (texts[i].empty()) continue;
    other = texts[i];
    other.back() = other.back() == '1' ? '2' : '1';
    EXPECT_EQ(holds(other), std::ranges::find(texts, other) != texts.end());
  }
  return out.size();
}

TEST(BitPacking, GivesBackEveryWidthAtEveryPosition) {
  std::mt19937_64 random(1);
  for (int width = 0; width <= 64; ++width) {
    std::vector<uint64_t> values(77);
    for (uint64_t& value : values) value = width == 0 ? 5 : 5 + (random() >> (64 - width));
    std::vector<std::byte> packed(PackedBytes(values.size(), width));
    PackBits(values, 5, width, packed.data());
    for (size_t begin = 0; begin < values.size(); ++begin) {
      std::vector<uint64_t> part(values.size() - begin);
      UnpackBits(packed, begin, 5, width, part);
      ASSERT_TRUE(std::equal(part.begin(), part.end(), values.begin() + static_cast<ptrdiff_t>(begin))) << width;
    }
  }
}

TEST(TextEncoding, GivesBackTexts) {
  std::mt19937_64 random(2);
  std::vector<std::string> mixed{"", "a", std::string("\0\xFF", 2), std::string(100'000, 'x')};
  for (int i = 0; i < 500; ++i) mixed.emplace_back(random() % 40, static_cast<char>('a' + random() % 26));
  ExpectTextsRoundTrip(mixed);
  ExpectTextsRoundTrip({});
  ExpectTextsRoundTrip({""});
  ExpectTextsRoundTrip(std::vector<std::string>(100, ""));
}

TEST(TextEncoding, TakesFourBitsForAHexDigit) {
  std::mt19937_64 random(3);
  std::vector<std::string> ids;
  for (int i = 0; i < 4096; ++i) {
    std::string id = "user-";
    for (int digit = 0; digit < 16; ++digit) id += "0123456789abcdef"[random() % 16];
    ids.push_back(id);
  }
  EXPECT_LT(ExpectTextsRoundTrip(ids), 4096 * 8.1);
}

std::string RandomText(std::mt19937_64& random, std::string_view pattern) {
  std::string text(pattern);
  for (char& c : text) {
    if (c == 'x') c = "0123456789abcdef"[random() % 16];
    if (c == 'X') c = "0123456789ABCDEF"[random() % 16];
  }
  return text;
}

TEST(TextEncoding, TakesHexadecimalIdsForWhatTheyAre) {
  std::mt19937_64 random(8);
  // A UUID has 16 bytes, whatever stands between its digits; an odd number of digits costs nothing either.
  for (const auto& [pattern, bytes] : {std::pair("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", 16.0),
                                       std::pair("XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX", 16.0),
                                       std::pair("id-XXXXxxx", 3.5), std::pair("xxxxxxxxxxxxxxxx", 8.0)}) {
    std::vector<std::string> ids;
    for (int i = 0; i < 2001; ++i) ids.push_back(RandomText(random, pattern));
    EXPECT_LT(ExpectTextsRoundTrip(ids), 2001 * bytes + 80) << pattern;
  }
}

TEST(TextEncoding, GivesBackWhatOnlyLooksLikeAnId) {
  std::mt19937_64 random(9);
  for (const char* odd : {"0123456789abcdeF", "0123456789abcdeg", "0123456789abcde", "0123456789abcdef0", ""}) {
    std::vector<std::string> ids;
    for (int i = 0; i < 500; ++i) ids.push_back(RandomText(random, "xxxxxxxxxxxxxxxx"));
    ids.emplace_back(odd);
    ExpectTextsRoundTrip(ids);
  }
  // Characters that a pattern uses for itself.
  ExpectTextsRoundTrip(std::vector<std::string>(100, std::string("\0\1", 2)));
  std::vector<std::string> beside_zero;
  for (int i = 0; i < 100; ++i) beside_zero.push_back(std::string("\0", 1) + RandomText(random, "xxxx"));
  ExpectTextsRoundTrip(beside_zero);
}

TEST(TextEncoding, TakesNumbersAndAddressesForWhatTheyAre) {
  std::mt19937_64 random(10);
  std::vector<std::string> numbers{"0", "18446744073709551615"}, addresses{"0.0.0.0", "255.255.255.255"};
  for (int i = 0; i < 2000; ++i) {
    numbers.push_back(std::to_string(1'700'000'000'000 + random() % 100'000));
    addresses.push_back("10." + std::to_string(random() % 256) + "." + std::to_string(random() % 256) + "." +
                        std::to_string(random() % 256));
  }
  EXPECT_LT(ExpectTextsRoundTrip({numbers.begin() + 2, numbers.end()}), 2000 * 2.2 + 80);
  EXPECT_LT(ExpectTextsRoundTrip({addresses.begin() + 2, addresses.end()}), 2000 * 3.0 + 80);
  ExpectTextsRoundTrip(numbers);
  ExpectTextsRoundTrip(addresses);
  for (const char* odd : {"00", "007", "+5", "-5", " 5", "5 ", "18446744073709551616", "99999999999999999999", "1e5"}) {
    std::vector<std::string> with_odd = numbers;
    with_odd.emplace_back(odd);
    ExpectTextsRoundTrip(with_odd);
  }
  for (const char* odd : {"1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..2.3", ".1.2.3", "1.2.3."}) {
    std::vector<std::string> with_odd = addresses;
    with_odd.emplace_back(odd);
    ExpectTextsRoundTrip(with_odd);
  }
}

TEST(DictionaryEncoding, GivesBackChunksAndFindsTheRightOne) {
  std::mt19937_64 random(4);
  std::set<std::string> sorted{""};
  while (sorted.size() < 20'000) sorted.insert("/api/things/" + std::to_string(random() % 1'000'000));
  const std::vector<std::string> strings(sorted.begin(), sorted.end());
  const std::vector<std::string_view> views = Views(strings);
  DictionaryIndex index;
  size_t code = 0;
  while (code < views.size()) {
    const size_t length = std::min<size_t>(1500, views.size() - code);
    ByteWriter out;
    EncodeChunk(std::span(views).subspan(code, length), out);
    const auto chunk = DecodeChunk(out.bytes(), static_cast<uint32_t>(length));
    ASSERT_TRUE(chunk) << chunk.error().message;
    for (size_t i = 0; i < length; ++i) ASSERT_EQ((*chunk)[i], views[code + i]);
    const std::string_view separator = code == 0 ? "" : Separator(views[code - 1], views[code]);
    EXPECT_LE(separator, views[code]);
    EXPECT_TRUE(code == 0 || separator > views[code - 1]);
    index.separators.bytes.insert(index.separators.bytes.end(), separator.begin(), separator.end());
    index.separators.end.push_back(index.separators.bytes.size());
    code += length;
    index.code_begin.push_back(static_cast<uint32_t>(code));
    index.offset.push_back(0);
  }
  EXPECT_GT(index.size(), 5u);
  for (uint32_t i = 0; i < views.size(); ++i) {
    ASSERT_EQ(index.ChunkOfText(views[i]), index.ChunkOfCode(i)) << views[i];
  }
}

TEST(TraceFilter, HoldsAllOfItsKeysAndIsWrongOnceIn256Times) {
  std::mt19937_64 random(5);
  for (const size_t count : {size_t{1}, size_t{2}, size_t{3}, size_t{10}, size_t{1000}, size_t{100'000}}) {
    std::vector<uint64_t> keys(count);
    for (uint64_t& key : keys) key = random();
    keys.push_back(keys.front());
    ByteWriter out;
    TraceFilter::Build(keys, out);
    const auto filter = TraceFilter::Parse(out.bytes());
    ASSERT_TRUE(filter) << filter.error().message;
    for (const uint64_t key : keys) ASSERT_TRUE(filter->MayHold(key));
    int wrong = 0;
    for (int i = 0; i < 1'000'000; ++i) wrong += filter->MayHold(random());
    EXPECT_LT(wrong, 4'300);
    EXPECT_LT(static_cast<double>(out.size()) * 8, 400 + 11.5 * static_cast<double>(count));
  }
}

TEST(TraceFilter, RefusesBytesThatAreNoFilter) {
  ByteWriter out;
  TraceFilter::Build({1, 2, 3}, out);
  for (size_t size = 0; size < out.size(); ++size) EXPECT_FALSE(TraceFilter::Parse(out.bytes().first(size)));
}

TEST(PageOrder, IsThatOfAStableSort) {
  std::mt19937_64 random(6);
  for (const uint32_t limit : {1u, 2u, 300u, 70'000u, UINT32_MAX}) {
    std::vector<uint32_t> names(1000);
    for (uint32_t& name : names) name = static_cast<uint32_t>(random() % limit);
    std::vector<uint32_t> expected(names.size());
    for (uint32_t i = 0; i < expected.size(); ++i) expected[i] = i;
    std::ranges::sort(expected, {}, [&](uint32_t row) { return std::pair(names[row], row); });
    EXPECT_EQ(OrderByName(names), expected);
  }
  EXPECT_TRUE(OrderByName({}).empty());
}

TEST(PageCache, KeepsWhatWasUsedLastWithinItsLimit) {
  PageCache cache(100);
  const uint64_t owner = cache.NewOwner();
  EXPECT_NE(owner, cache.NewOwner());
  const auto page = [](int i) { return std::make_shared<const int>(i); };
  cache.Insert(owner, 1, page(1), 40);
  cache.Insert(owner, 2, page(2), 40);
  EXPECT_NE(cache.Find(owner, 1), nullptr);
  cache.Insert(owner, 3, page(3), 40);
  EXPECT_EQ(cache.Find(owner, 2), nullptr) << "the one not used for the longest time is given up";
  EXPECT_NE(cache.Find(owner, 1), nullptr);
  EXPECT_NE(cache.Find(owner, 3), nullptr);
  EXPECT_EQ(cache.used_bytes(), 80u);
  cache.Insert(owner, 4, page(4), 101);
  EXPECT_EQ(cache.Find(owner, 4), nullptr) << "larger than the cache";
  EXPECT_NE(cache.Find(owner, 1), nullptr);
  cache.Insert(owner, 1, page(5), 10);
  EXPECT_EQ(*std::static_pointer_cast<const int>(cache.Find(owner, 1)), 5);
  EXPECT_EQ(cache.used_bytes(), 50u);
  const auto kept = cache.Find(owner, 3);
  cache.Insert(owner + 1, 3, page(6), 10);
  cache.Erase(owner);
  EXPECT_EQ(cache.used_bytes(), 10u);
  EXPECT_EQ(*std::static_pointer_cast<const int>(kept), 3) << "a page lives as long as it is held";
  EXPECT_NE(cache.Find(owner + 1, 3), nullptr);
}

}  // namespace
}  // namespace spoor
