#include "net/cors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spoor {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

HttpRequest From(std::string origin, std::string method = "OPTIONS") {
  HttpRequest request;
  request.method = std::move(method);
  request.headers = {{"origin", std::move(origin)},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "content-type,traceparent"}};
  return request;
}

TEST(Cors, LetsAConfiguredOriginSendAndReadItsAnswer) {
  const Cors cors({"https://other.example", "https://shop.example"});
  const auto answer = cors.Preflight(From("https://shop.example"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 204);
  EXPECT_THAT(answer->headers, Contains(Pair("Access-Control-Allow-Origin", "https://shop.example")));
  EXPECT_THAT(answer->headers, Contains(Pair("Access-Control-Allow-Methods", "POST")));
  EXPECT_THAT(answer->headers, Contains(Pair("Access-Control-Allow-Headers", "content-type,traceparent")));
  EXPECT_THAT(answer->headers, Contains(Pair("Vary", "Origin")));
  EXPECT_THAT(cors.AnswerHeaders(From("https://shop.example", "POST")),
              Contains(Pair("Access-Control-Allow-Origin", "https://shop.example")));
}

TEST(Cors, LetsEveryOriginSendWhereAStarSaysSo) {
  const Cors cors({"*"});
  EXPECT_EQ(cors.Preflight(From("http://localhost:3000"))->status, 204);
  EXPECT_THAT(cors.AnswerHeaders(From("http://x", "POST")), Contains(Pair("Access-Control-Allow-Origin", "*")));
}

TEST(Cors, RefusesOthersAndCachesTellThemApart) {
  const Cors cors({"https://shop.example"});
  for (const std::string origin : {"https://shop.example.evil", "http://shop.example", "null"}) {
    EXPECT_EQ(cors.Preflight(From(origin))->status, 403) << origin;
    EXPECT_THAT(cors.AnswerHeaders(From(origin, "POST")),
                Not(Contains(Pair("Access-Control-Allow-Origin", testing::_))));
    EXPECT_THAT(cors.AnswerHeaders(From(origin, "POST")), Contains(Pair("Vary", "Origin")));
  }
}

TEST(Cors, SaysNothingWhereNothingIsConfiguredOrNobodyAsked) {
  const Cors none({});
  EXPECT_FALSE(none.Preflight(From("https://shop.example")).has_value());
  EXPECT_THAT(none.AnswerHeaders(From("https://shop.example")), IsEmpty());
  EXPECT_FALSE(Cors({"*"}).Preflight(HttpRequest{.method = "OPTIONS"}).has_value());
  EXPECT_THAT(Cors({"*"}).AnswerHeaders(HttpRequest{}), Not(Contains(Pair("Access-Control-Allow-Origin", "*"))));
}

}  // namespace
}  // namespace spoor
