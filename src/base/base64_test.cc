#include "base/base64.h"

#include <gtest/gtest.h>

#include <utility>

namespace spoor {
namespace {

TEST(Base64, WritesAndReadsTheExamplesOfRfc4648) {
  for (const auto& [bytes, text] : {std::pair<std::string_view, std::string_view>{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    std::string out;
    AppendBase64(out, bytes);
    EXPECT_EQ(out, text);
    std::string back;
    EXPECT_TRUE(DecodeBase64(text, back));
    EXPECT_EQ(back, bytes);
  }
}

TEST(Base64, ReadsTheUrlSafeAlphabetAndTextWithoutPadding) {
  std::string out = "kept:";
  EXPECT_TRUE(DecodeBase64("-_-_", out));
  EXPECT_TRUE(DecodeBase64("+/+/", out));
  EXPECT_TRUE(DecodeBase64("Zg", out));
  EXPECT_EQ(out,
            "kept:\xFB\xFF\xBF\xFB\xFF\xBF"
            "f");
}

TEST(Base64, RefusesEverythingElseAndLeavesTheOutputAlone) {
  std::string out = "kept";
  for (const std::string_view text : {"Z", "Zm9vY", "Zg=", "Zg===", "=", "====", "Zm9v=", "Z=g=", "Zm 9", "Zm9v\n"}) {
    EXPECT_FALSE(DecodeBase64(text, out)) << text;
    EXPECT_EQ(out, "kept");
  }
}

}  // namespace
}  // namespace spoor
