#include "learn/check/live_check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

#include "base/limits.h"

namespace spoor::learn {
namespace {

std::future<Result<std::string>> Ask(LiveCheck& check) {
  auto promise = std::make_shared<std::promise<Result<std::string>>>();
  auto future = promise->get_future();
  check.Ask([promise](Result<std::string> result) { promise->set_value(std::move(result)); });
  return future;
}

TEST(LiveCheck, RunsOnceForAllWhoAskMeanwhileAndAgainForTheNext) {
  std::atomic<int> runs{0};
  std::latch is_running(1), may_end(1);
  LiveCheck check([&](const std::stop_token&) {
    if (runs.fetch_add(1) == 0) {
      is_running.count_down();
      may_end.wait();
    }
    return std::to_string(runs);
  });
  auto first = Ask(check);
  is_running.wait();
  auto second = Ask(check);
  auto third = Ask(check);
  may_end.count_down();
  EXPECT_EQ(*first.get(), "1");
  EXPECT_EQ(*second.get(), "1");
  EXPECT_EQ(*third.get(), "1");
  EXPECT_EQ(*Ask(check).get(), "2");
}

TEST(LiveCheck, RefusesMoreThanTooMany) {
  std::latch may_end(1);
  LiveCheck check([&](const std::stop_token&) {
    may_end.wait();
    return std::string();
  });
  std::vector<std::future<Result<std::string>>> waiting;
  for (size_t i = 0; i < limits::kCheckAskersMax; ++i) waiting.push_back(Ask(check));
  const auto refused = Ask(check).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kBusy);
  may_end.count_down();
  for (auto& one : waiting) EXPECT_TRUE(one.get());
}

TEST(LiveCheck, TellsThoseWhoWaitWhenItStops) {
  std::latch is_running(1);
  LiveCheck check([&](const std::stop_token& stop) {
    is_running.count_down();
    while (!stop.stop_requested()) std::this_thread::yield();
    return std::string("of no use");
  });
  auto waiting = Ask(check);
  is_running.wait();
  check.Stop();
  EXPECT_EQ(waiting.get().error().code, Code::kCancelled);
  EXPECT_EQ(Ask(check).get().error().code, Code::kCancelled);
}

}  // namespace
}  // namespace spoor::learn
