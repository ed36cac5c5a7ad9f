#include "export/url.h"

#include <gtest/gtest.h>

namespace spoor::trace {
namespace {

std::string Read(const std::string& text) {
  const auto url = ParseUrl(text);
  if (!url) return "none";
  return std::string(url->is_tls ? "tls " : "") + url->host + " " + url->port + " " + url->target + " " +
         url->HostHeader();
}

TEST(Url, HasHostPortAndTarget) {
  EXPECT_EQ(Read("http://collector:4318/v1/traces"), "collector 4318 /v1/traces collector:4318");
  EXPECT_EQ(Read("http://collector"), "collector 80 / collector");
  EXPECT_EQ(Read("HTTPS://collector/x?y=1#z"), "tls collector 443 /x?y=1 collector");
  EXPECT_EQ(Read("https://collector:443/"), "tls collector 443 / collector");
  EXPECT_EQ(Read("http://user:secret@collector:1/"), "collector 1 / collector:1");
  EXPECT_EQ(Read("http://[::1]:4318/v1"), "::1 4318 /v1 [::1]:4318");
  EXPECT_EQ(Read("http://[::1]/v1"), "::1 80 /v1 [::1]");
  EXPECT_EQ(Read("http://collector?x=1"), "collector 80 /?x=1 collector");
}

TEST(Url, IsToldWithoutNameAndPassword) {
  EXPECT_EQ(ParseUrl("https://user:secret@collector:1/x")->ToText(), "https://collector:1/x");
}

TEST(Url, IsNoneWithoutAKnownSchemeAHostOrAPort) {
  for (const char* text :
       {"", "collector:4318", "grpc://c:1", "http://", "http://:1", "http://c:x", "http://c:0", "http://c:65536",
        "http://c:-1", "http://[::1", "http://c:1/a b", "http://c:1/\r\nX: y", "http://c d/"}) {
    EXPECT_EQ(Read(text), "none") << text;
  }
}

}  // namespace
}  // namespace spoor::trace
