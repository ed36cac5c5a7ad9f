#include "api/ui_files/ui_files.h"

#include <gtest/gtest.h>

namespace spoor::api {
namespace {

constexpr EmbeddedFile kFiles[] = {
    {"index.html", "<html>"},     {"assets/app-1.js", "code"},   {"assets/app-1.js.br", "BR"},
    {"assets/app-1.js.gz", "GZ"}, {"assets/style-2.css", "a{}"}, {"favicon.svg", "<svg>"},
};

HttpResponse Serve(std::string path, HttpHeaders headers = {}) {
  static const UiFiles files(kFiles);
  return files.Serve(HttpRequest{.method = "GET", .path = std::move(path), .headers = std::move(headers)});
}

std::string Header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "none";
}

TEST(UiFiles, RoutesOfTheUiAreItsPage) {
  for (const char* path : {"/", "/search", "/trace/abc", "/trace/12ab...34cd", "/index.html", "/deep/er", "/services",
                           "/service/shop", "/service/shop.v1", "/service/shop.js", "/service/a/b.css"}) {
    const HttpResponse response = Serve(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.static_body, "<html>") << path;
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(Header(response, "Cache-Control"), "no-cache");
    EXPECT_EQ(Header(response, "Content-Security-Policy"), "default-src 'self'");
    EXPECT_EQ(Header(response, "X-Content-Type-Options"), "nosniff");
  }
}

TEST(UiFiles, HashedFilesStayValid) {
  const HttpResponse response = Serve("/assets/style-2.css");
  EXPECT_EQ(response.static_body, "a{}");
  EXPECT_EQ(response.content_type, "text/css; charset=utf-8");
  EXPECT_EQ(Header(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(Header(response, "Vary"), "none");
  EXPECT_EQ(Header(Serve("/favicon.svg"), "Cache-Control"), "no-cache");
}

TEST(UiFiles, SendsThePackedFileThatTheClientTakes) {
  const auto with = [](const char* accepted) { return Serve("/assets/app-1.js", {{"Accept-Encoding", accepted}}); };
  EXPECT_EQ(with("gzip, deflate, br").static_body, "BR");
  EXPECT_EQ(Header(with("gzip, deflate, br"), "Content-Encoding"), "br");
  EXPECT_EQ(with("br;q=0, gzip;q=0.5").static_body, "GZ");
  EXPECT_EQ(Header(with("gzip"), "Content-Encoding"), "gzip");
  EXPECT_EQ(Header(with("gzip"), "Vary"), "Accept-Encoding");
  EXPECT_EQ(with("identity").static_body, "code");
  EXPECT_EQ(Header(with("identity"), "Content-Encoding"), "none");
  EXPECT_EQ(Header(with("identity"), "Vary"), "Accept-Encoding");
  EXPECT_EQ(with("brotli, xgzip").static_body, "code");
  EXPECT_EQ(with(",,;,").static_body, "code");
}

TEST(UiFiles, AnUnchangedFileIsNotSentAgain) {
  const std::string etag = Header(Serve("/"), "ETag");
  const HttpResponse same = Serve("/search", {{"If-None-Match", "\"other\", W/" + etag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_TRUE(same.static_body.empty());
  EXPECT_EQ(Header(same, "ETag"), etag);
  EXPECT_EQ(Serve("/", {{"If-None-Match", "\"other\""}}).status, 200);
}

TEST(UiFiles, NothingOutsideTheTableCanBeReached) {
  for (const char* path :
       {"/../etc/passwd.txt", "/assets/../index.htm", "/assets/app-1.js.br", "/assets/missing.js", "//index.html",
        "/.env", "/assets/..%2f..%2fx.js", "/assets/service/shop.js", "/service.js", "/missing.svg"}) {
    const HttpResponse response = Serve(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8") << path;
  }
}

TEST(UiFiles, TheBinaryHasAPage) {
  const UiFiles files(EmbeddedUi());
  const HttpResponse response = files.Serve(HttpRequest{.method = "GET", .path = "/"});
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.static_body.find("Spoor"), std::string_view::npos);
}

}  // namespace
}  // namespace spoor::api
