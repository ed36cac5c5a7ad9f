#include "model/string_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/short_bytes.h"
#include "model/span_batch.h"

namespace spoor {
namespace {

TEST(StringTable, GivesEqualTextsOneCodeAndOthersTheirOwn) {
  StringTable table;
  std::set<uint32_t> codes;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = "text " + std::to_string(i);
    const uint32_t code = table.Intern(text);
    EXPECT_TRUE(codes.insert(code).second);
    EXPECT_EQ(table[code], text);
  }
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(codes.contains(table.Intern("text " + std::to_string(i))));
  EXPECT_EQ(table.count(), 10'001u);
  EXPECT_EQ(table.Intern(""), 0u);
}

TEST(StringTable, ClearForgetsWhatWasInternedAndKeepsMemory) {
  StringTable table;
  for (int i = 0; i < 10'000; ++i) table.Intern(std::to_string(i));
  const size_t capacity_bytes = table.capacity_bytes();
  table.Clear();
  EXPECT_EQ(table.count(), 1u);
  EXPECT_EQ(table.Intern("7"), 1u);
  EXPECT_GE(table.capacity_bytes(), capacity_bytes);
  table.Release();
  EXPECT_LT(table.capacity_bytes(), capacity_bytes);
  EXPECT_EQ(table.Intern("7"), 1u);
}

// Texts that share the slot of a table of the smallest size, though not the whole hash: what a hostile sender can find
// in no time, and a patient one for larger tables.
std::vector<std::string> CollidingTexts(size_t count) {
  std::vector<std::string> texts;
  for (int i = 0; texts.size() < count; ++i) {
    std::string text = "key " + std::to_string(i);
    if ((HashString(text) & 0x3FF) == 1) texts.push_back(std::move(text));
  }
  return texts;
}

TEST(StringTable, StaysRightWhenTextsAreChosenToCollide) {
  StringTable table;
  const std::vector<std::string> texts = CollidingTexts(400);
  std::vector<uint32_t> codes;
  for (const std::string& text : texts) codes.push_back(table.Intern(text));
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(table.Intern(texts[i]), codes[i]);
    EXPECT_EQ(table[codes[i]], texts[i]);
    // What is stored is the hash that readers know, whatever placed the text.
    EXPECT_EQ(table.hashes()[codes[i]], HashString(texts[i]));
  }
  EXPECT_TRUE(table.is_seeded());
  table.Clear();
  EXPECT_FALSE(table.is_seeded());
}

TEST(StringTable, BytesAreNeverShared) {
  StringTable table;
  const uint32_t text = table.Intern("same");
  const uint32_t bytes = table.AddBytes("same");
  EXPECT_NE(bytes, text);
  EXPECT_NE(table.AddBytes("same"), bytes);
  EXPECT_EQ(table.Intern("same"), text);
  EXPECT_EQ(table.hashes()[bytes], SpanBatch::kNotText);
  EXPECT_NE(table.AddBytes(""), 0u);
}

TEST(ShortBytes, CompareLikeMemcmpAtEveryLengthAndPlace) {
  for (size_t size = 0; size <= 70; ++size) {
    const std::string a(size, 'a');
    EXPECT_TRUE(SameBytes(a.data(), std::string(a).data(), size)) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string b = a;
      b[at] = 'b';
      EXPECT_FALSE(SameBytes(a.data(), b.data(), size)) << size << " " << at;
    }
  }
}

TEST(ShortBytes, CopyEveryLengthAndNothingBeside) {
  for (size_t size = 0; size <= 70; ++size) {
    std::string from(size, '\0');
    for (size_t i = 0; i < size; ++i) from[i] = static_cast<char>('A' + i % 26);
    std::string to(size + 2, '.');
    CopyBytes(to.data() + 1, from.data(), size);
    EXPECT_EQ(to, "." + from + ".");
  }
}

TEST(ShortBytes, FindAByteBeyondAsciiAnywhere) {
  for (size_t size = 0; size <= 40; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(IsAscii(text.data(), size)) << size;
    for (size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(IsAscii(text.data(), size)) << size << " " << at;
      text[at] = '\x7F';
    }
  }
}

}  // namespace
}  // namespace spoor
