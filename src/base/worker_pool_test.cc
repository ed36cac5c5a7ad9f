#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <vector>

namespace spoor {
namespace {

TEST(WorkerPool, RunsWhatItTookInOrderOnOneThread) {
  std::vector<int> seen;
  {
    WorkerPool pool("test", 1, 100);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.Submit([&seen, i] { seen.push_back(i); }));
  }
  ASSERT_EQ(seen.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(seen[i], i);
}

TEST(WorkerPool, RefusesWhenItsQueueIsFull) {
  std::latch started(1);
  std::latch release(1);
  WorkerPool pool("test", 1, 2);
  ASSERT_TRUE(pool.Submit([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_FALSE(pool.Submit([] { ADD_FAILURE() << "ran though it was refused"; }));
  EXPECT_EQ(pool.queue_length(), 2u);
  release.count_down();
}

TEST(WorkerPool, StopRunsWhatIsQueuedAndTakesNothingNew) {
  std::atomic<int> ran{0};
  WorkerPool pool("test", 2, 1000, true);
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += pool.Submit([&ran] { ++ran; });
  pool.Stop();
  EXPECT_EQ(ran, taken);
  EXPECT_FALSE(pool.Submit([] {}));
  pool.Stop();
}

TEST(WorkerPool, DestroysAJobBeforeItTakesTheNext) {
  auto held = std::make_shared<int>(0);
  std::weak_ptr<int> watch = held;
  bool gone = false;
  WorkerPool pool("test", 1, 10);
  ASSERT_TRUE(pool.Submit([held = std::move(held)] {}));
  ASSERT_TRUE(pool.Submit([&] { gone = watch.expired(); }));
  pool.Stop();
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace spoor
