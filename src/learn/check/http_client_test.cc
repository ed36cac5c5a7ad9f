#include "learn/check/http_client.h"

#include <gtest/gtest.h>

#include "learn/check/raw_server.h"

namespace spoor::learn {
namespace {

using std::chrono::milliseconds;

HttpOutcome Get(const RawServer& server, HttpPatience patience = {}) {
  return HttpGet(server.url(), "/a?b=c", {{"traceparent", "x"}}, patience, {});
}

TEST(HttpClient, GetsBelowTheBaseWithItsHeaders) {
  const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  Url url = server.url();
  url.base = "/jaeger";
  const HttpOutcome outcome = HttpGet(url, "/a?b=c", {{"traceparent", "x"}}, {}, {});
  ASSERT_TRUE(outcome.IsAnswered()) << outcome.message;
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, "hello");
  EXPECT_TRUE(server.request().starts_with("GET /jaeger/a?b=c HTTP/1.1\r\n")) << server.request();
  EXPECT_NE(server.request().find("\r\ntraceparent: x\r\n"), std::string::npos);
  EXPECT_NE(server.request().find("\r\nHost: " + url.Authority() + "\r\n"), std::string::npos);
}

TEST(HttpClient, ReadsChunksAndAnswersThatEndWithTheConnection) {
  const RawServer chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n3\r\nbar\r\n0\r\n\r\n");
  EXPECT_EQ(Get(chunked).body, "foobar");
  const RawServer old("HTTP/1.0 404 Gone\r\n\r\nuntil the end");
  const HttpOutcome outcome = Get(old);
  EXPECT_EQ(outcome.status, 404);
  EXPECT_EQ(outcome.body, "until the end");
}

TEST(HttpClient, PassesOverWhatComesBeforeTheAnswer) {
  const RawServer server("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(Get(server).status, 204);
}

TEST(HttpClient, TalksIpv6) {
  const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", RawServer::Then::kClose, AF_INET6);
  if (!server.is_bound()) GTEST_SKIP() << "no IPv6 on this machine";
  EXPECT_EQ(Get(server).status, 200);
}

TEST(HttpClient, TellsARefusedConnection) {
  const ClosedPort closed;
  const HttpOutcome outcome = HttpGet(closed.url(), "/", {}, {}, {});
  EXPECT_EQ(outcome.end, HttpEnd::kRefused);
  EXPECT_EQ(outcome.message, "connection refused");
}

TEST(HttpClient, TellsANameThatNoHostHas) {
  const HttpOutcome outcome = HttpGet({"nobody.invalid", "80", ""}, "/", {}, {}, {});
  EXPECT_TRUE(outcome.end == HttpEnd::kUnknownHost || outcome.end == HttpEnd::kTimeout) << outcome.message;
}

TEST(HttpClient, TellsASilentServer) {
  const RawServer server("", RawServer::Then::kStayOpen);
  const HttpOutcome outcome = Get(server, {.answer = milliseconds(50)});
  EXPECT_EQ(outcome.end, HttpEnd::kTimeout);
  EXPECT_EQ(outcome.message, "no answer within 0.05 s");
}

TEST(HttpClient, TellsAnAnswerThatStopsHalfway) {
  const RawServer slow("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", RawServer::Then::kStayOpen);
  EXPECT_EQ(Get(slow, {.answer = milliseconds(50)}).end, HttpEnd::kTimeout);
  const RawServer cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
  EXPECT_EQ(Get(cut).end, HttpEnd::kClosed);
  const RawServer nothing("");
  EXPECT_EQ(Get(nothing).end, HttpEnd::kClosed);
}

TEST(HttpClient, TellsWhatDoesNotSpeakHttp) {
  for (const char* said :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x03\x00", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"}) {
    const RawServer server(said, RawServer::Then::kStayOpen);
    const HttpOutcome outcome = Get(server, {.answer = milliseconds(100)});
    EXPECT_EQ(outcome.end, HttpEnd::kNotHttp) << said << ": " << outcome.message;
  }
  const RawServer closing("\x15\x03\x03");
  EXPECT_EQ(Get(closing).end, HttpEnd::kNotHttp);
}

TEST(HttpClient, ReadsNoMoreThanItsLimit) {
  const RawServer told("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!");
  EXPECT_EQ(Get(told, {.body_bytes_max = 5}).end, HttpEnd::kTooLarge);
  const RawServer chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n");
  EXPECT_EQ(Get(chunked, {.body_bytes_max = 5}).end, HttpEnd::kTooLarge);
  const RawServer head("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(Get(head).end, HttpEnd::kTooLarge);
}

TEST(HttpClient, StopsWhenAsked) {
  const RawServer server("", RawServer::Then::kStayOpen);
  std::stop_source stop;
  HttpOutcome outcome;
  {
    const std::jthread asker([&] { outcome = HttpGet(server.url(), "/", {}, {}, stop.get_token()); });
    while (server.request().empty()) std::this_thread::yield();
    stop.request_stop();
  }
  EXPECT_EQ(outcome.end, HttpEnd::kStopped);
}

}  // namespace
}  // namespace spoor::learn
