#include <gtest/gtest.h>

#include "web/json.h"
#include "web/server.h"
#include "web/url.h"

namespace web {
namespace {

TEST(Url, IsReadWithItsParts) {
  const auto url = ParseUrl("http://backend:8081/users?slow=true");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "backend");
  EXPECT_EQ(url->port, 8081);
  EXPECT_EQ(url->target, "/users?slow=true");
  EXPECT_EQ(ParseUrl("http://backend")->Authority(), "backend:80");
  EXPECT_EQ(ParseUrl("http://backend?a")->target, "/?a");
  EXPECT_EQ(ParseUrl("http://[::1]:8081")->host, "::1");
  EXPECT_EQ(ParseUrl("http://[::1]:8081")->Authority(), "[::1]:8081");
}

TEST(Url, ThatMakesNoSenseIsNone) {
  for (const char* text :
       {"", "backend:8081", "https://backend", "http://", "http://:8081", "http://backend:", "http://a:b", "http://a:0",
        "http://a:65536", "http://a:80x", "http://[::1", "http://[]:80", "http://[::1]80"}) {
    EXPECT_FALSE(ParseUrl(text)) << text;
  }
}

TEST(PercentEncoding, SurvivesBothWays) {
  const std::string all = "a/b?c=d&e f%00\xc3\xa4\n~-._";
  EXPECT_EQ(PercentDecode(PercentEncode(all)), all);
  EXPECT_EQ(PercentEncode("a/b ?"), "a%2Fb%20%3F");
  EXPECT_EQ(PercentDecode("%4"), "%4");
  EXPECT_EQ(PercentDecode("%zz%41%"), "%zzA%");
}

TEST(Query, IsReadByName) {
  const std::map<std::string, std::string> expected{{"a", "1"}, {"b", ""}, {"c d", "x=y"}, {"e", "2"}};
  EXPECT_EQ(ParseQuery("a=1&b&c%20d=x%3Dy&&=z&e=1&e=2"), expected);
}

TEST(Json, NumbersAreAsPeopleWriteThem) {
  EXPECT_EQ(JsonText({129.9, 89.0, 0.1, -3, 1e300, nullptr, true}), "[129.9,89,0.1,-3,1e+300,null,true]");
  EXPECT_EQ(JsonText(json::object{{"a\"b", json::array{}}, {"c", json::object{}}}), R"({"a\"b":[],"c":{}})");
  EXPECT_FALSE(ParseJson("{"));
  EXPECT_EQ(JsonText(*ParseJson(R"({"price":129.9})")), R"({"price":129.9})");
}

Response Ask(const Server& server, boost::beast::http::verb method, const std::string& target) {
  Request request;
  request.message.method(method);
  request.message.target(target);
  request.path = target;
  return server.Answer(std::move(request));
}

TEST(Server, FindsTheRouteAndItsParameters) {
  namespace http = boost::beast::http;
  Server server("shop", "1.0");
  server.Get("/users/{id}", [](const Request& request) { return Response(200, request.path_parameters.at("id")); });
  server.Get("/broken", [](const Request& request) { return Response(200, request.path_parameters.at("none")); });
  EXPECT_EQ(Ask(server, http::verb::get, "/users/a%2Fb").body, "a/b");
  EXPECT_EQ(Ask(server, http::verb::get, "/users").status, 404);
  EXPECT_EQ(Ask(server, http::verb::get, "/users/1/2").status, 404);
  EXPECT_EQ(Ask(server, http::verb::post, "/users/1").status, 405);
  EXPECT_EQ(Ask(server, http::verb::get, "/broken").status, 500);
  EXPECT_EQ(Ask(server, http::verb::get, "/").body,
            R"({"service":"shop","version":"1.0","endpoints":["/","/users/{id}","/broken"]})");
}

TEST(Server, PutsTheWrapperThatWasAddedLastOutside) {
  Server server("shop", "1.0");
  std::string order;
  for (const char* name : {"inner ", "outer "}) {
    server.Wrap([&order, name](const Request& request, const Handler& next) {
      order += name;
      return next(request);
    });
  }
  Ask(server, boost::beast::http::verb::get, "/");
  EXPECT_EQ(order, "outer inner ");
}

}  // namespace
}  // namespace web
