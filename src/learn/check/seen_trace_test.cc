#include "learn/check/seen_trace.h"

#include <gtest/gtest.h>

namespace spoor::learn {
namespace {

SeenSpan Span(std::string id, std::string parent) {
  SeenSpan span;
  span.span_id = std::move(id);
  span.parent_id = std::move(parent);
  return span;
}

TEST(SeenTrace, FollowsParentsUpToTheFirstThatIsNotHere) {
  const SeenTrace trace({Span("c", "b"), Span("b", "a"), Span("a", "caller"), Span("root", "")});
  const Ancestry ancestry = trace.AncestryOf(trace.spans()[0]);
  ASSERT_EQ(ancestry.spans.size(), 3u);
  EXPECT_EQ(ancestry.spans[2]->span_id, "a");
  EXPECT_EQ(ancestry.above, "caller");
  EXPECT_EQ(trace.AncestryOf(trace.spans()[3]).above, "");
}

TEST(SeenTrace, EndsACycle) {
  const SeenTrace trace({Span("a", "b"), Span("b", "a")});
  EXPECT_EQ(trace.AncestryOf(trace.spans()[0]).above, "");
}

TEST(SeenTrace, ReadsIdsAsHexOfEitherCase) {
  EXPECT_EQ(IdFromHex("ABCdef12", 16), "00000000abcdef12");
  EXPECT_EQ(IdFromHex("", 16), "");
  EXPECT_EQ(IdFromHex("0000", 16), "");
  EXPECT_EQ(IdFromHex("xyz", 16), "");
  EXPECT_EQ(IdFromHex("00000000000000001", 16), "");
}

TEST(SeenTrace, ReadsIdsAsBase64WhereTheyAreNoHex) {
  EXPECT_EQ(IdFromHexOrBase64("0102030405060708", 16), "0102030405060708");
  EXPECT_EQ(IdFromHexOrBase64("AQIDBAUGBwg=", 16), "0102030405060708");
  EXPECT_EQ(IdFromHexOrBase64("AAECAwQFBgcICQoLDA0ODw==", 32), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(IdFromHexOrBase64("AAAAAAAAAAA=", 16), "");
  EXPECT_EQ(IdFromHexOrBase64("AQID", 16), "");
  EXPECT_EQ(IdFromHexOrBase64("", 16), "");
}

TEST(SeenTrace, FindsThePathInATargetAUrlAndAName) {
  EXPECT_EQ(PathIn("/api/users?slow=true"), "/api/users");
  EXPECT_EQ(PathIn("http://host:8080/users#x"), "/users");
  EXPECT_EQ(PathIn("GET /db/users"), "/db/users");
  EXPECT_EQ(PathIn("GET"), "");
  EXPECT_EQ(PathIn("http://host"), "");
  EXPECT_GT(PathRank("url.path"), PathRank("http.route"));
  EXPECT_GT(PathRank("http.route"), PathRank("http.method"));
  EXPECT_EQ(PathRank("http.method"), 0);
}

}  // namespace
}  // namespace spoor::learn
