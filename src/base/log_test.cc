#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace spoor {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int64_t kNoon = 1'769'860'800'123'456'789;  // 2026-01-31T12:00:00.123456789Z

TEST(Log, WritesLogfmtWithTimeLevelMessageAndFields) {
  EXPECT_EQ(FormatLogLine(LogFormat::kLogfmt, kNoon, LogLevel::kWarn, "disk full",
                          {{"path", "/data/a b"}, {"free_bytes", 0}, {"share", 0.5}, {"empty", ""}, {"retry", true}}),
            "ts=2026-01-31T12:00:00.123456Z level=warn msg=\"disk full\" path=\"/data/a b\" free_bytes=0 share=0.5 "
            "empty=\"\" retry=true");
}

TEST(Log, WritesJsonWithTypes) {
  EXPECT_EQ(
      FormatLogLine(LogFormat::kJson, kNoon, LogLevel::kInfo, "listening",
                    {{"port", uint16_t{4318}}, {"tls", false}, {"host", std::string("::1")}}),
      R"({"ts":"2026-01-31T12:00:00.123456Z","level":"info","msg":"listening","port":4318,"tls":false,"host":"::1"})");
}

TEST(Log, KeepsAnEventOnOneLineWhateverTheValueHolds) {
  const std::string_view value = "a\nlevel=error msg=\"forged\"\x1b[31m\xff";
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    const std::string line = FormatLogLine(format, kNoon, LogLevel::kInfo, "x", {{"value", value}});
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    EXPECT_THAT(line, Not(HasSubstr("\x1b")));
    EXPECT_THAT(line, HasSubstr(R"("a\nlevel=error msg=\"forged\"\u001b[31m)"));
  }
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  LogCapture capture;
  ConfigureLog(LogLevel::kWarn, LogFormat::kLogfmt);
  LogInfo("unheard");
  LogWarn("heard", {{"n", 1}});
  EXPECT_THAT(capture.text(), HasSubstr("level=warn msg=heard n=1\n"));
  EXPECT_THAT(capture.text(), Not(HasSubstr("unheard")));
}

TEST(Log, WritesWholeLinesFromManyThreads) {
  LogCapture capture;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 100; ++n) LogInfo("tick", {{"text", std::string(100, 'x')}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = capture.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 400);
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) EXPECT_EQ(text.compare(at, 3, "ts="), 0);
}

TEST(Log, ReadsItsOwnNames) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("loud"), std::nullopt);
  EXPECT_EQ(ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_EQ(ParseLogFormat(""), std::nullopt);
}

TEST(LogLimit, LetsOneThroughAPeriodAndCountsTheRest) {
  LogLimit limit(std::chrono::hours(1));
  EXPECT_EQ(limit.Pass(), 0u);
  EXPECT_EQ(limit.Pass(), std::nullopt);
  LogLimit open(std::chrono::nanoseconds(0));
  EXPECT_TRUE(open.Pass().has_value());
  EXPECT_TRUE(open.Pass().has_value());
}

}  // namespace
}  // namespace spoor
