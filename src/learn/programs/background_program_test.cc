#include "learn/programs/background_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "learn/programs/process_identity.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = 20s;  // for what happens at once

class BackgroundProgram : public testing::Test {
 protected:
  BackgroundProgram() {
    std::string pattern = (std::filesystem::temp_directory_path() / "spoor-background-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    log_ = folder_ + "/sleeper.log";
    pid_file_ = folder_ + "/sleeper.pid";
  }
  ~BackgroundProgram() override {
    EXPECT_TRUE(StopInBackground(pid_file_, 0ms));
    while (waitpid(-1, nullptr, WNOHANG) > 0) continue;
    std::filesystem::remove_all(folder_);
  }

  Result<pid_t> Start(const std::string& script) {
    return StartInBackground({.name = "sleeper", .words = {"/bin/sh", "-c", script}, .variables = {}, .folder = {}},
                             log_, pid_file_);
  }
  void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  std::string ReadFile(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  template <class Condition>
  bool Eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return condition();
  }

  std::string folder_, log_, pid_file_;
};

TEST_F(BackgroundProgram, RunsUntilItIsStoppedByItsFile) {
  const Result<pid_t> pid = Start("echo here; exec sleep 1000");
  ASSERT_TRUE(pid) << pid.error().message;
  EXPECT_EQ(RunningInBackground(pid_file_), *pid);
  EXPECT_EQ(getsid(*pid), *pid);
  EXPECT_TRUE(Eventually([&] { return LastLinesOf(log_) == "here\n"; }));
  ASSERT_TRUE(StopInBackground(pid_file_, kLong));
  EXPECT_EQ(RunningInBackground(pid_file_), std::nullopt);
  EXPECT_FALSE(std::filesystem::exists(pid_file_));
  int status = 0;
  ASSERT_EQ(waitpid(*pid, &status, 0), *pid);
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(BackgroundProgram, ThatDoesNotEndIsKilled) {
  const Result<pid_t> pid = Start("trap '' TERM; echo deaf; while :; do sleep 1; done");
  ASSERT_TRUE(Eventually([&] { return LastLinesOf(log_) == "deaf\n"; }));
  ASSERT_TRUE(StopInBackground(pid_file_, 10ms));
  int status = 0;
  ASSERT_EQ(waitpid(*pid, &status, 0), *pid);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST_F(BackgroundProgram, IsStartedOnce) {
  const Result<pid_t> pid = Start("exec sleep 1000");
  const Result<pid_t> again = Start("exec sleep 1000");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kBusy);
  EXPECT_EQ(again.error().message, "sleeper runs already, as process " + std::to_string(*pid));
}

TEST_F(BackgroundProgram, ThatHasEndedIsNotRunningEvenUnreaped) {
  const Result<pid_t> pid = Start("echo sorry; exit 1");
  ASSERT_TRUE(pid);
  EXPECT_TRUE(Eventually([&] { return !RunningInBackground(pid_file_); }));
  EXPECT_EQ(LastLinesOf(log_), "sorry\n");
  ASSERT_TRUE(Start("exec sleep 1000")) << "and may be started anew";
  EXPECT_TRUE(RunningInBackground(pid_file_));
}

TEST_F(BackgroundProgram, IsNotTakenForAnotherWithItsId) {
  const Result<pid_t> pid = Start("exec sleep 1000");
  ASSERT_TRUE(pid);
  auto identity = *ProcessIdentity::Of(*pid);
  const std::string right = identity.Text();
  ++identity.start_ticks;
  WriteFile(pid_file_, identity.Text());
  EXPECT_EQ(RunningInBackground(pid_file_), std::nullopt);
  ASSERT_TRUE(StopInBackground(pid_file_, 0ms));
  EXPECT_EQ(kill(*pid, 0), 0);
  EXPECT_TRUE(ProcessIdentity::Of(*pid)) << "another's process was left alone";
  WriteFile(pid_file_, right);
}

TEST_F(BackgroundProgram, OfADamagedFileIsNothing) {
  const std::string self = std::to_string(getpid());
  for (const std::string text : {"", "x", "1 2 3\n", "0 0 a\n", "-1 5 a\n", "99999999999999999999 5 a\n", "a b c d"}) {
    WriteFile(pid_file_, text);
    EXPECT_EQ(RunningInBackground(pid_file_), std::nullopt) << text;
    EXPECT_TRUE(StopInBackground(pid_file_, 0ms)) << text;
    EXPECT_FALSE(std::filesystem::exists(pid_file_));
  }
  WriteFile(pid_file_, self + " 0 " + std::string(100'000, 'x'));
  EXPECT_EQ(RunningInBackground(pid_file_), std::nullopt);
}

TEST_F(BackgroundProgram, LogIsContinued) {
  WriteFile(log_, "before\n");
  ASSERT_TRUE(Start("echo after"));
  EXPECT_TRUE(Eventually([&] { return ReadFile(log_) == "before\nafter\n"; }));
}

TEST_F(BackgroundProgram, LastLinesAreTwenty) {
  std::string text;
  for (int i = 1; i <= 100; ++i) text += std::to_string(i) + "\n";
  WriteFile(log_, text);
  EXPECT_THAT(LastLinesOf(log_), testing::StartsWith("81\n"));
  WriteFile(log_, "one\ntwo");
  EXPECT_EQ(LastLinesOf(log_), "one\ntwo");
  EXPECT_EQ(LastLinesOf(folder_ + "/none"), "");
}

TEST(ProcessIdentity, SurvivesItsText) {
  const auto self = ProcessIdentity::Of(getpid());
  ASSERT_TRUE(self);
  EXPECT_EQ(ProcessIdentity::Parse(self->Text()), self);
  EXPECT_GT(self->start_ticks, 0u);
}

}  // namespace
}  // namespace spoor::learn
