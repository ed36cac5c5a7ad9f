#include "learn/check/trace_backend.h"

#include <gtest/gtest.h>

#include "learn/check/raw_server.h"

namespace spoor::learn {
namespace {

constexpr std::string_view kId = "000102030405060708090a0b0c0d0e0f";

std::string Http(int status, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

BackendState StateBehind(std::string answer) {
  const RawServer server(std::move(answer));
  return TraceBackend(server.url(), {}, {}).Trace(std::string(kId)).state;
}

TEST(TraceBackend, UnderstandsThatATraceIsNotThere) {
  EXPECT_EQ(StateBehind(Http(404, R"({"data":null,"errors":[{"code":404,"msg":"trace not found"}]})")),
            BackendState::kSpeaks);
  EXPECT_EQ(StateBehind(Http(500, R"({"data":null,"errors":[{"code":500,"msg":"trace not found"}]})")),
            BackendState::kSpeaks);
  EXPECT_EQ(StateBehind(Http(200, R"({"data":[]})")), BackendState::kSpeaks);
  EXPECT_EQ(StateBehind(Http(404, R"({"error":{"httpCode":404,"message":"No traces found"}})")), BackendState::kSpeaks);
}

TEST(TraceBackend, TellsAFailureFromAnotherServer) {
  EXPECT_EQ(StateBehind(Http(503, "busy")), BackendState::kFailing);
  EXPECT_EQ(StateBehind(Http(500, R"({"data":null,"errors":[{"code":500,"msg":"disk"}]})")), BackendState::kFailing);
  EXPECT_EQ(StateBehind(Http(404, "404 page not found")), BackendState::kStrange);
  EXPECT_EQ(StateBehind(Http(200, "<!doctype html><title>x</title>")), BackendState::kStrange);
  EXPECT_EQ(StateBehind("SSH-2.0-x\r\n"), BackendState::kStrange);
  EXPECT_EQ(StateBehind(""), BackendState::kNoReply);
  const ClosedPort closed;
  EXPECT_EQ(TraceBackend(closed.url(), {}, {}).Trace(std::string(kId)).state, BackendState::kNoReply);
}

TEST(TraceBackend, AsksBelowTheBaseForTheIdItself) {
  const RawServer server(Http(200, R"({"data":[]})"));
  Url url = server.url();
  url.base = "/jaeger";
  TraceBackend backend(url, {}, {});
  EXPECT_EQ(backend.Trace(std::string(kId)).state, BackendState::kSpeaks);
  EXPECT_TRUE(server.request().starts_with("GET /jaeger/api/traces/" + std::string(kId))) << server.request();
}

TEST(TraceBackend, SearchesInMicrosecondsAndInTheOtherVersionWithTimestamps) {
  const RawServer old(Http(200, R"({"data":[]})"));
  TraceBackend(old.url(), {}, {}).TracesOf("a b&c", 1'700'000'000'000'000'999, 1'700'000'001'500'000'000);
  EXPECT_TRUE(
      old.request().starts_with("GET /api/traces?service=a%20b%26c&start=1700000000000000&end=1700000001500000&limit="))
      << old.request();
  const RawServer v3(Http(200, "{}"));
  TraceBackend(v3.url(), {}, {}).TracesOf("a", 1'700'000'000'000'000'999, 1'700'000'001'500'000'000);
  EXPECT_TRUE(v3.request().starts_with(
      "GET /api/v3/traces?query.serviceName=a&query.startTimeMin=2023-11-14T22%3A13%3A20.000000999Z&"
      "query.startTimeMax=2023-11-14T22%3A13%3A21.500000000Z&"))
      << v3.request();
}

TEST(TraceBackend, KnowsASpoor) {
  const RawServer spoor(Http(200, R"({"version":"0.1.0"})"));
  EXPECT_TRUE(TraceBackend(spoor.url(), {}, {}).IsSpoor());
  const RawServer other(Http(200, "<!doctype html>"));
  EXPECT_FALSE(TraceBackend(other.url(), {}, {}).IsSpoor());
}

}  // namespace
}  // namespace spoor::learn
