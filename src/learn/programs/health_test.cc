#include "learn/programs/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "learn/check/raw_server.h"
#include "learn/programs/local_port.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::StartsWith;

std::optional<std::string> Runs() { return std::nullopt; }

HealthQuestion Question(const RawServer& server, std::chrono::milliseconds patience) {
  return {.name = "frontend", .url = server.url(), .patience = patience};
}

TEST(WaitUntilHealthy, SucceedsOnceTheAnswerIs200) {
  const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_TRUE(WaitUntilHealthy(Question(server, 20s), Runs, {}));
}

TEST(WaitUntilHealthy, TellsHowItIsAnsweredInstead) {
  const RawServer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nsick");
  const Status waited = WaitUntilHealthy(Question(server, 100ms), Runs, {});
  ASSERT_FALSE(waited);
  EXPECT_THAT(waited.error().message, StartsWith("frontend at " + server.url().Text() + "/health was not healthy"));
  EXPECT_THAT(waited.error().message, EndsWith("it answers 503 sick"));
}

TEST(WaitUntilHealthy, TellsTheStoryOfAProgramThatHasEnded) {
  const RawServer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nsick");
  int asked = 0;
  const auto ended = [&] {
    return ++asked == 3 ? std::optional<std::string>("frontend ended with status 1") : std::nullopt;
  };
  const Status waited = WaitUntilHealthy(Question(server, 20s), ended, {});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().message, "frontend ended with status 1");
}

TEST(WaitUntilHealthy, EndsSoonAfterAStop) {
  const RawServer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nsick");
  std::stop_source stop;
  int asked = 0;
  const auto ended = [&]() -> std::optional<std::string> {
    if (++asked == 2) stop.request_stop();
    return std::nullopt;
  };
  const Status waited = WaitUntilHealthy(Question(server, 20s), ended, stop.get_token());
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, Code::kCancelled);
}

TEST(LocalPort, IsTakenWhereSomebodyListens) {
  const RawServer server("");
  const auto port = static_cast<uint16_t>(std::stoi(server.url().port));
  EXPECT_FALSE(IsPortFree(port));
  EXPECT_TRUE(IsPortListening(port));
  EXPECT_TRUE(IsPortFree(0));
}

}  // namespace
}  // namespace spoor::learn
