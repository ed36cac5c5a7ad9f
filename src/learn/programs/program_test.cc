#include "learn/programs/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "learn/programs/launch.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kLong = 20s;  // for what happens at once

ProgramPlan Shell(const std::string& script) {
  return {.name = "shell", .words = {"/bin/sh", "-c", script}, .variables = {}, .folder = {}};
}

// What a program writes, and that it has ended.
class Listener {
 public:
  Program::Watch watch() {
    return {.on_line =
                [this](std::string_view line) {
                  const std::lock_guard lock(mutex_);
                  lines_.emplace_back(line);
                  changed_.notify_all();
                },
            .on_end =
                [this] {
                  const std::lock_guard lock(mutex_);
                  has_ended_ = true;
                  changed_.notify_all();
                }};
  }
  bool WaitForLine(const std::string& line) {
    return WaitFor([&] { return std::find(lines_.begin(), lines_.end(), line) != lines_.end(); });
  }
  bool WaitForALine() {
    return WaitFor([&] { return !lines_.empty(); });
  }
  bool WaitForEnd() {
    return WaitFor([&] { return has_ended_; });
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  template <class Condition>
  bool WaitFor(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLong, condition);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool has_ended_ = false;
};

std::unique_ptr<Program> Started(ProgramPlan plan, Listener& listener) {
  auto program = Program::Start(std::move(plan), listener.watch());
  EXPECT_TRUE(program) << program.error().message;
  return program ? *std::move(program) : nullptr;
}

TEST(Program, TellsLinesOfOutputAndErrorsAndHowItEnded) {
  Listener listener;
  const auto program = Started(Shell("echo out; echo err >&2; printf unended; exit 3"), listener);
  ASSERT_TRUE(listener.WaitForEnd());
  EXPECT_THAT(listener.lines(), testing::UnorderedElementsAre("out", "err", "unended"));
  ASSERT_TRUE(program->end());
  EXPECT_EQ(program->end()->exit_status, 3);
  EXPECT_THAT(program->EndText(), StartsWith("shell ended with status 3; the last that it wrote:\nout\n"));
}

TEST(Program, KeepsTheLastLinesOnly) {
  Listener listener;
  const auto program = Started(Shell("seq 1 1000"), listener);
  ASSERT_TRUE(listener.WaitForEnd());
  EXPECT_EQ(listener.lines().size(), 1000u);
  EXPECT_THAT(program->LastLines(), StartsWith("981\n"));
  EXPECT_THAT(program->LastLines(), testing::EndsWith("\n1000\n"));
}

TEST(Program, CutsALineThatNeverEnds) {
  Listener listener;
  const auto program = Started(Shell("head -c 10000 /dev/zero | tr '\\0' x"), listener);
  ASSERT_TRUE(listener.WaitForEnd());
  ASSERT_EQ(listener.lines().size(), 3u);
  EXPECT_EQ(listener.lines()[0].size(), 4096u);
  EXPECT_EQ(listener.lines()[2].size(), 10'000u - 2 * 4096u);
}

TEST(Program, RunsWithItsVariablesInItsFolderWithEmptyInput) {
  setenv("SPOOR_TEST_KEPT", "kept", 1);
  setenv("SPOOR_TEST_REPLACED", "old", 1);
  ProgramPlan plan = Shell("echo $SPOOR_TEST_KEPT $SPOOR_TEST_REPLACED $SPOOR_TEST_ADDED; pwd; cat");
  plan.variables = {{"SPOOR_TEST_REPLACED", "new"}, {"SPOOR_TEST_ADDED", "added"}};
  plan.folder = "/usr";
  Listener listener;
  const auto program = Started(std::move(plan), listener);
  ASSERT_TRUE(listener.WaitForEnd());
  EXPECT_THAT(listener.lines(), testing::ElementsAre("kept new added", "/usr"));
}

TEST(Program, OfNoSuchFileIsNotFound) {
  const auto program =
      Program::Start({.name = "frontend", .words = {"/no/such/frontend"}, .variables = {}, .folder = {}}, {});
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code, Code::kNotFound);
  EXPECT_EQ(program.error().message, "cannot start frontend: /no/such/frontend: No such file or directory");
}

TEST(Program, IsAskedToEndAndMayTidyUp) {
  Listener listener;
  const auto program =
      Started(Shell("trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.01; done"), listener);
  ASSERT_TRUE(listener.WaitForLine("ready"));
  StopAll({program.get()}, kLong);
  EXPECT_EQ(program->end()->exit_status, 0);
  EXPECT_TRUE(listener.WaitForLine("tidy"));
}

TEST(Program, ThatDoesNotEndIsKilledWithAllThatItStarted) {
  Listener listener;
  const auto program = Started(Shell("trap '' TERM; sleep 1000 & echo $!; wait; while :; do sleep 1; done"), listener);
  ASSERT_TRUE(listener.WaitForALine());
  const pid_t grandchild = std::stoi(listener.lines()[0]);
  StopAll({program.get()}, 10ms);
  EXPECT_EQ(program->end()->signal, SIGKILL);
  EXPECT_EQ(program->end()->Text(), "was ended by signal 9 (Killed)");
  // Nobody of ours reaps it, so it is gone once init, or whoever stands in for it, has.
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  const auto runs = [&] {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string pid, name, state;
    return static_cast<bool>(stat >> pid >> name >> state) && state != "Z";
  };
  while (runs() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(runs());
}

TEST(Program, ThatLeavesSomebodyBehindTakesThemAlong) {
  Listener listener;
  const auto program = Started(Shell("sleep 1000 & echo left; exit 0"), listener);
  ASSERT_TRUE(listener.WaitForEnd());  // although the sleeper holds the pipe open
  EXPECT_EQ(program->end()->exit_status, 0);
}

TEST(Program, HasTheSignalsOfAFreshProcess) {
  sigset_t term, before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, &before);
  Listener listener;
  const auto program = Started(Shell("kill -TERM $$; echo survived"), listener);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(listener.WaitForEnd());
  EXPECT_EQ(program->end()->signal, SIGTERM);
  EXPECT_TRUE(listener.lines().empty());
}

TEST(Program, DiesWithTheThreadThatStartedIt) {
  Listener listener;
  std::unique_ptr<Program> program;
  std::thread starter([&] {
    program = Started(Shell("echo ready; exec sleep 1000"), listener);
    EXPECT_TRUE(listener.WaitForLine("ready"));
  });
  starter.join();
  ASSERT_TRUE(listener.WaitForEnd());
  EXPECT_EQ(program->end()->signal, SIGKILL);
}

}  // namespace
}  // namespace spoor::learn
