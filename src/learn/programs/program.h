// Program: a child process that lives no longer than this one, and whose lines are read as it writes them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "learn/programs/program_plan.h"

namespace spoor::learn {

// Owned by whoever started it; thread-safe once started. The operating system kills the process when the thread that
// called Start ends, so that is to be one that lives as long as the program is to.
class Program {
 public:
  // Called on a thread of the program's own.
  struct Watch {
    std::function<void(std::string_view line)> on_line = {};  // of output and errors, without its end
    std::function<void()> on_end = {};                        // once, after the last line
  };

  static Result<std::unique_ptr<Program>> Start(ProgramPlan plan, Watch watch);
  ~Program();  // kills what still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const std::string& name() const { return plan_.name; }
  pid_t pid() const { return pid_; }

  // How it ended; nothing while it runs.
  std::optional<ProgramEnd> end() const;
  // The last lines that it wrote, at most twenty, each with its end.
  std::string LastLines() const;
  // "frontend ended with status 1; the last that it wrote:" and those lines. Once it has ended.
  std::string EndText() const;

  // Asks it to end (SIGTERM).
  void AskToStop();
  // Returns when it is gone: after `patience` it is killed (SIGKILL), and with it whatever it started.
  void EndWithin(std::chrono::milliseconds patience);

 private:
  Program(ProgramPlan plan, Watch watch, int output_fd)
      : plan_(std::move(plan)), watch_(watch), output_fd_(output_fd) {}
  void Follow();
  bool ReadOutput();
  void TakeLine(std::string_view line);
  void Reap();

  const ProgramPlan plan_;
  const Watch watch_;
  const int output_fd_;  // what it writes is read here
  pid_t pid_ = 0;
  int pid_fd_ = -1;      // readable once it has ended
  std::string unended_;  // of the thread: the line that is being written
  std::thread thread_;

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<ProgramEnd> end_;       // guarded by mutex_
  std::deque<std::string> last_lines_;  // guarded by mutex_
};

// Asks all of them to end, and returns when they are gone: what still runs after `patience` is killed.
void StopAll(const std::vector<Program*>& programs, std::chrono::milliseconds patience);

}  // namespace spoor::learn
