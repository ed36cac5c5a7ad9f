#include "learn/programs/background_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/limits.h"
#include "learn/programs/launch.h"
#include "learn/programs/pid_fd.h"
#include "learn/programs/process_identity.h"

namespace spoor::learn {
namespace {

// A descriptor that is closed when this goes.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  const int fd_;
};

// The end of a file, at most `bytes_max` of it.
Result<std::string> ReadEnd(const std::string& path, uint64_t bytes_max) {
  ASSIGN_OR_RETURN(const auto file, PosixFileSystem().Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  std::string text(std::min(size, bytes_max), '\0');
  RETURN_IF_ERROR(file->Read(size - text.size(), std::as_writable_bytes(std::span(text))));
  return text;
}

// Under a name of its own first, so that a file that is there is whole.
Status WriteWhole(const std::string& path, const std::string& text) {
  FileSystem& files = PosixFileSystem();
  const std::string next = path + ".next";
  if (const Status removed = files.Remove(next); !removed && removed.error().code != Code::kNotFound) return removed;
  ASSIGN_OR_RETURN(const auto file, files.Open(next, OpenMode::kCreateNew));
  RETURN_IF_ERROR(file->Append(std::as_bytes(std::span(text))));
  return files.Rename(next, path);
}

std::optional<ProcessIdentity> IdentityIn(const std::string& pid_path) {
  const Result<std::string> text = ReadEnd(pid_path, limits::kPidFileBytesMax);
  return text ? ProcessIdentity::Parse(*text) : std::nullopt;
}

bool StillRuns(const ProcessIdentity& identity) { return ProcessIdentity::Of(identity.pid) == identity; }

// The process, held so that its id cannot become another's meanwhile; -1 where it does not run.
int OpenProcess(const ProcessIdentity& identity) {
  const int fd = OpenPidFd(identity.pid);
  if (fd >= 0 && StillRuns(identity)) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

bool EndsWithin(int pid_fd, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd event{.fd = pid_fd, .events = POLLIN, .revents = 0};
    const int count = poll(&event, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (count > 0) return true;
    if (count == 0 || errno != EINTR) return false;
  }
}

}  // namespace

Result<pid_t> StartInBackground(const ProgramPlan& plan, const std::string& log_path, const std::string& pid_path) {
  if (const auto running = RunningInBackground(pid_path)) {
    return Busy(fmt::format("{} runs already, as process {}", plan.name, *running));
  }
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  const Descriptor log(open(log_path.c_str(), kFlags, 0644));  // check-ok(bans): a descriptor for exec, not data
  if (log.get() < 0) return FileError("open", log_path, errno);
  ASSIGN_OR_RETURN(const pid_t pid, Launch(plan, log.get(), Lifetime::kOwn));
  const auto identity = ProcessIdentity::Of(pid);
  // One that has ended already leaves its reason in the log, which whoever waits for it will tell.
  const Status kept = WriteWhole(pid_path, identity.value_or(ProcessIdentity{pid, 0, "ended"}).Text());
  if (!kept) {
    kill(pid, SIGKILL);  // ours, and not reaped: it is no other
    return kept.error();
  }
  return pid;
}

std::optional<pid_t> RunningInBackground(const std::string& pid_path) {
  const auto identity = IdentityIn(pid_path);
  return identity && StillRuns(*identity) ? std::optional(identity->pid) : std::nullopt;
}

Status StopInBackground(const std::string& pid_path, std::chrono::milliseconds patience) {
  if (const auto identity = IdentityIn(pid_path)) {
    const Descriptor process(OpenProcess(*identity));
    if (process.get() >= 0) {
      if (SendSignal(process.get(), SIGTERM) != 0 && errno != ESRCH) {
        return IoError(fmt::format("cannot stop process {} of {}: {}", identity->pid, pid_path, strerror(errno)));
      }
      if (!EndsWithin(process.get(), patience)) {
        kill(-identity->pid, SIGKILL);  // it still runs, so the group is its own
        SendSignal(process.get(), SIGKILL);
        EndsWithin(process.get(), limits::kKillPatience);
      }
    }
  }
  const Status removed = PosixFileSystem().Remove(pid_path);
  return removed || removed.error().code == Code::kNotFound ? Status() : removed;
}

std::string LastLinesOf(const std::string& log_path) {
  const Result<std::string> end = ReadEnd(log_path, limits::kProgramLastLines * limits::kProgramLineBytesMax);
  if (!end) return {};
  size_t start = end->size();
  for (size_t lines = 0; start > 0; --start) {
    if ((*end)[start - 1] == '\n' && start < end->size() && ++lines == limits::kProgramLastLines) break;
  }
  return end->substr(start);
}

}  // namespace spoor::learn
