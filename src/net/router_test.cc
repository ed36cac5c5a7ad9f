#include "net/router.h"

#include <gtest/gtest.h>

#include <optional>

namespace spoor {
namespace {

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router.Add("GET", "/api/traces", Say("search"));
    router.Add("POST", "/api/traces", Say("post"));
    router.Add("GET", "/api/traces/{id}", [](HttpRequest, const PathParameters& path, HttpResponder responder) {
      responder.Send({.body = "trace " + path["id"]});
    });
    router.Add("GET", "/api/traces/latest", Say("latest"));
    router.Add("GET", "/api/services/{service}/operations",
               [](HttpRequest, const PathParameters& path, HttpResponder responder) {
                 responder.Send({.body = "operations of " + path["service"]});
               });
    router.Add("GET", "/", Say("root"));
  }

  static Router::Handler Say(std::string text) {
    return [text](HttpRequest, const PathParameters&, HttpResponder responder) { responder.Send({.body = text}); };
  }

  HttpResponse Ask(std::string method, std::string target) {
    std::optional<HttpResponse> answer;
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    router.Route(std::move(request), HttpResponder([&](HttpResponse response) { answer = std::move(response); }));
    return *answer;
  }

  Router router;
};

TEST_F(RouterTest, FindsLiteralPathsAndParameters) {
  EXPECT_EQ(Ask("GET", "/api/traces?x=/").body, "search");
  EXPECT_EQ(Ask("POST", "/api/traces").body, "post");
  EXPECT_EQ(Ask("GET", "/api/traces/7").body, "trace 7");
  EXPECT_EQ(Ask("GET", "http://host/api/traces/7?raw=true").body, "trace 7");
  EXPECT_EQ(Ask("GET", "/").body, "root");
  EXPECT_EQ(Ask("GET", "http://host").body, "root");
}

TEST_F(RouterTest, PrefersTheLiteralSegment) { EXPECT_EQ(Ask("GET", "/api/traces/latest").body, "latest"); }

TEST_F(RouterTest, TakesAnEscapedSlashAsPartOfTheParameter) {
  EXPECT_EQ(Ask("GET", "/api/services/a%2Fb%20c/operations").body, "operations of a/b c");
  EXPECT_EQ(Ask("GET", "/api/services/a/b/operations").status, 404);
  EXPECT_EQ(Ask("GET", "/api/services//operations").status, 404);
  EXPECT_EQ(Ask("GET", "/api/traces/").status, 404);
}

TEST_F(RouterTest, NamesTheMethodsThatThereAre) {
  const HttpResponse response = Ask("DELETE", "/api/traces");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers, (HttpHeaders{{"Allow", "GET, POST"}}));
}

TEST_F(RouterTest, LetsItsOwnerWordWhatIsNotThere) {
  router.SetNotFound([](HttpRequest request, HttpResponder responder) {
    responder.Send({.status = 404, .body = "no " + request.target});
  });
  router.SetMethodNotAllowed([](const HttpRequest& request) { return HttpResponse{.body = "no " + request.method}; });
  EXPECT_EQ(Ask("GET", "/x").body, "no /x");
  EXPECT_EQ(Ask("PUT", "/").body, "no PUT");
  EXPECT_EQ(Ask("PUT", "/").status, 405);
  EXPECT_EQ(Ask("OPTIONS", "*").status, 404);
}

}  // namespace
}  // namespace spoor
