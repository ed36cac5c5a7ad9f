#include "learn/check/url.h"

#include <gtest/gtest.h>

namespace spoor::learn {
namespace {

TEST(Url, ReadsHostPortAndBase) {
  const auto plain = ParseUrl("http://localhost:8080");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "localhost");
  EXPECT_EQ(plain->port, "8080");
  EXPECT_EQ(plain->base, "");
  EXPECT_EQ(plain->Text(), "http://localhost:8080");

  const auto based = ParseUrl("HTTP://example.org/jaeger/ui//");
  ASSERT_TRUE(based);
  EXPECT_EQ(based->port, "80");
  EXPECT_EQ(based->base, "/jaeger/ui");
  EXPECT_EQ(based->Text(), "http://example.org/jaeger/ui");
}

TEST(Url, ReadsIpv6InBrackets) {
  const auto url = ParseUrl("http://[::1]:16686/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, "16686");
  EXPECT_EQ(url->Authority(), "[::1]:16686");
  EXPECT_EQ(ParseUrl("http://[fe80::1]")->Authority(), "[fe80::1]");
}

TEST(Url, SaysWhatIsWrongWithAnother) {
  for (const char* text :
       {"", "localhost:8080", "https://localhost", "http://", "http://:80", "http://a:", "http://a:0", "http://a:70000",
        "http://a:8x", "http://[::1", "http://[]:80", "http://[::1]80", "http://::1:80", "http://a/?q=1", "http://a#b",
        "http://me@a", "http://a b", "http://a\n", "ftp://a"}) {
    const auto url = ParseUrl(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, Code::kInvalid);
    EXPECT_NE(url.error().message.find("as in http://localhost:8080"), std::string::npos);
  }
}

}  // namespace
}  // namespace spoor::learn
