#include "base/utf8.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(Utf8, AcceptsTheEdgesOfEveryLength) {
  for (const std::string_view text : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                                      "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text));
    EXPECT_EQ(Utf8SequenceLength(text), text.size());
  }
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatLiesBeyondUnicode) {
  for (const std::string_view text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC2", "\xE2\x82", "\xE2\x28\xA1"}) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_EQ(Utf8SequenceLength(text), 0u);
  }
}

TEST(Utf8, FindsABadByteBehindWholeWordsOfAscii) {
  for (size_t at = 0; at < 24; ++at) {
    std::string text(24, 'a');
    EXPECT_TRUE(IsUtf8(text));
    text[at] = '\x80';
    EXPECT_FALSE(IsUtf8(text));
  }
}

TEST(Utf8, ReplacesTheLongestBeginningOfASequence) {
  EXPECT_EQ(Utf8InvalidLength("\xF0\x90\x80x"), 3u);
  EXPECT_EQ(Utf8InvalidLength("\xE2\x82"), 2u);
  EXPECT_EQ(Utf8InvalidLength("\xED\xA0\x80"), 1u);
  EXPECT_EQ(Utf8InvalidLength("\xFFxx"), 1u);
  EXPECT_EQ(ToUtf8("a\xE2\x82z\xFF"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(ToUtf8("größe"), "größe");
}

}  // namespace
}  // namespace spoor
