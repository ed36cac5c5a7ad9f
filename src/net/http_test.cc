#include "net/http.h"

#include <gtest/gtest.h>

#include "net/http_answer.h"
#include "net/http_target.h"

namespace spoor {
namespace {

std::vector<std::pair<std::string, std::string>> Parsed(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (QueryParameter& parameter : ParseQuery(query)) {
    pairs.emplace_back(std::move(parameter.name), std::move(parameter.value));
  }
  return pairs;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ParseQuery, DecodesNamesAndValuesInOrder) {
  EXPECT_EQ(Parsed("service=a+b%2Fc&tag=x:1&tag=y:2&empty=&bare"),
            (Pairs{{"service", "a b/c"}, {"tag", "x:1"}, {"tag", "y:2"}, {"empty", ""}, {"bare", ""}}));
  EXPECT_EQ(Parsed("tags=%7B%22a%3Db%22%7D&x=1=2"), (Pairs{{"tags", "{\"a=b\"}"}, {"x", "1=2"}}));
  EXPECT_EQ(Parsed("&&a=1&"), (Pairs{{"a", "1"}}));
  EXPECT_EQ(Parsed(""), Pairs{});
}

TEST(ParseQuery, KeepsMalformedEscapesAsTheyStand) {
  EXPECT_EQ(Parsed("a=%&b=%4&c=%zz&d=100%"), (Pairs{{"a", "%"}, {"b", "%4"}, {"c", "%zz"}, {"d", "100%"}}));
  EXPECT_EQ(Parsed("a=%41"), (Pairs{{"a", "A"}}));
}

TEST(HttpRequest, FindsHeadersInAnyCase) {
  HttpRequest request;
  request.headers = {{"content-TYPE", "a"}, {"Content-Type", "b"}};
  EXPECT_EQ(request.Header("Content-Type"), "a");
  EXPECT_EQ(request.Header("Accept"), "");
}

TEST(HttpResponder, AnswersOnceAndFiveHundredWhenDropped) {
  std::vector<int> statuses;
  {
    HttpResponder responder([&](HttpResponse response) { statuses.push_back(response.status); });
    HttpResponder moved = std::move(responder);
    moved.Send({.status = 204});
  }
  {
    const HttpResponder dropped([&](HttpResponse response) { statuses.push_back(response.status); });
  }
  EXPECT_EQ(statuses, (std::vector<int>{204, 500}));
}

TEST(ParseHttpTarget, TakesPathsApartAndRefusesWhatIsNone) {
  EXPECT_EQ(ParseHttpTarget("/a%2Fb?c=%2F?d")->path, "/a/b");
  EXPECT_EQ(ParseHttpTarget("/a%2Fb?c=%2F?d")->query, "c=%2F?d");
  EXPECT_EQ(ParseHttpTarget("HTTP://h")->path, "/");
  EXPECT_EQ(ParseHttpTarget("http://h?q=1")->query, "q=1");
  EXPECT_EQ(ParseHttpTarget("/a+b")->path, "/a+b");
  for (const std::string_view bad : {"", "a", "?x", "host:80", "/%", "/%0", "/a%00b"}) {
    EXPECT_FALSE(ParseHttpTarget(bad).has_value()) << bad;
  }
  EXPECT_EQ(RawHttpPath("http://h/a%2Fb?x"), "/a%2Fb");
}

TEST(ChooseEncoding, TakesTheBestThatIsOffered) {
  EXPECT_EQ(ChooseEncoding("gzip, deflate, br, zstd"), Encoding::kZstd);
  EXPECT_EQ(ChooseEncoding("deflate, GZIP;q=0.5"), Encoding::kGzip);
  EXPECT_EQ(ChooseEncoding("gzip;q=0, zstd;q=0.000"), Encoding::kIdentity);
  EXPECT_EQ(ChooseEncoding("*"), Encoding::kIdentity);
  EXPECT_EQ(ChooseEncoding(""), Encoding::kIdentity);
}

TEST(MakeHttpAnswer, SaysNoLengthWhereThereCanBeNoBody) {
  for (const int status : {204, 304}) {
    const HttpAnswer answer = MakeHttpAnswer({.status = status, .body = "ignored"}, {});
    EXPECT_EQ(answer.head.find("Content-Length"), std::string::npos);
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_NE(MakeHttpAnswer({.status = 200}, {}).head.find("Content-Length: 0"), std::string::npos);
}

}  // namespace
}  // namespace spoor
