#include "learn/programs/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/limits.h"
#include "learn/programs/launch.h"
#include "learn/programs/pid_fd.h"

namespace spoor::learn {

using namespace std::chrono_literals;

Result<std::unique_ptr<Program>> Program::Start(ProgramPlan plan, Watch watch) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) return IoError(fmt::format("cannot start {}: {}", plan.name, strerror(errno)));
  auto program = std::unique_ptr<Program>(new Program(std::move(plan), std::move(watch), output[0]));
  const Result<pid_t> launched = Launch(program->plan_, output[1], Lifetime::kWithParent);
  close(output[1]);
  if (!launched) return launched.error();
  program->pid_ = *launched;
  program->pid_fd_ = OpenPidFd(program->pid_);
  if (program->pid_fd_ < 0) {
    const Error error = IoError(fmt::format("cannot watch {}: {}", program->name(), strerror(errno)));
    kill(program->pid_, SIGKILL);
    program->Reap();
    return error;
  }
  program->thread_ = std::thread([&program = *program] { program.Follow(); });
  return program;
}

Program::~Program() {
  if (thread_.joinable()) {
    EndWithin(0ms);
    thread_.join();
  }
  close(output_fd_);
  if (pid_fd_ >= 0) close(pid_fd_);
}

// Until it has ended, and then what is left in the pipe: a grandchild may hold that open for longer.
void Program::Follow() {
  fcntl(output_fd_, F_SETFL, O_NONBLOCK);
  bool is_open = true;
  while (true) {
    std::array<pollfd, 2> events{{{.fd = pid_fd_, .events = POLLIN, .revents = 0},
                                  {.fd = is_open ? output_fd_ : -1, .events = POLLIN, .revents = 0}}};
    if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) break;
    if (events[1].revents != 0) is_open = ReadOutput();
    if (events[0].revents != 0) break;
  }
  if (is_open) ReadOutput();
  if (!unended_.empty()) TakeLine(unended_);
  Reap();
  if (watch_.on_end) watch_.on_end();
}

// All that is there. False at its end.
bool Program::ReadOutput() {
  std::array<char, 4096> bytes;
  while (true) {
    const ssize_t count = read(output_fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0;
    for (const char c : std::string_view(bytes.data(), static_cast<size_t>(count))) {
      if (c != '\n') unended_ += c;
      if (c != '\n' && unended_.size() < limits::kProgramLineBytesMax) continue;
      TakeLine(unended_);
      unended_.clear();
    }
  }
}

void Program::TakeLine(std::string_view line) {
  {
    const std::lock_guard lock(mutex_);
    last_lines_.emplace_back(line);
    if (last_lines_.size() > limits::kProgramLastLines) last_lines_.pop_front();
  }
  if (watch_.on_line) watch_.on_line(line);
}

// What it started and left behind ends with it: while it is not reaped yet, its group is surely its own.
void Program::Reap() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
  kill(-pid_, SIGKILL);
  const std::lock_guard lock(mutex_);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  end_ = WIFSIGNALED(status) ? ProgramEnd{0, WTERMSIG(status)} : ProgramEnd{WEXITSTATUS(status), 0};
  ended_.notify_all();
}

std::optional<ProgramEnd> Program::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::string Program::LastLines() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const std::string& line : last_lines_) text += line + "\n";
  return text;
}

std::string Program::EndText() const {
  const std::optional<ProgramEnd> how = end();
  const std::string lines = LastLines();
  std::string text = fmt::format("{} {}", name(), how ? how->Text() : "is running");
  return lines.empty() ? text + ", and wrote nothing" : text + "; the last that it wrote:\n" + lines;
}

void Program::AskToStop() {
  const std::lock_guard lock(mutex_);
  if (!end_) kill(pid_, SIGTERM);
}

void Program::EndWithin(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto has_ended = [this] { return end_.has_value(); };
  if (ended_.wait_for(lock, patience, has_ended)) return;
  kill(-pid_, SIGKILL);
  ended_.wait(lock, has_ended);
}

void StopAll(const std::vector<Program*>& programs, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (Program* program : programs) program->AskToStop();
  for (Program* program : programs) {
    const auto left = deadline - std::chrono::steady_clock::now();
    program->EndWithin(std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), 0ms));
  }
}

}  // namespace spoor::learn
