#include "learn/programs/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace spoor::learn {

std::string ProgramEnd::Text() const {
  if (signal == 0) return fmt::format("ended with status {}", exit_status);
  return fmt::format("was ended by signal {} ({})", signal, strsignal(signal));
}

namespace {

// All that the child needs, made before the fork: between fork and exec only calls that are safe in a signal handler
// may be made, since other threads may have held any lock.
struct Prepared {
  std::vector<char*> words;
  std::vector<std::string> environment_texts;
  std::vector<char*> environment;

  explicit Prepared(const ProgramPlan& plan) {
    for (const std::string& word : plan.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    for (const auto& [name, value] : plan.variables) environment_texts.push_back(name + "=" + value);
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string_view text = *variable;
      const std::string_view name = text.substr(0, text.find('='));
      if (!IsTold(plan, name)) environment_texts.emplace_back(text);
    }
    for (std::string& text : environment_texts) environment.push_back(text.data());
    environment.push_back(nullptr);
  }

  static bool IsTold(const ProgramPlan& plan, std::string_view name) {
    for (const auto& variable : plan.variables) {
      if (variable.first == name) return true;
    }
    return false;
  }
};

void ResetSignals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// In the child. Returns only where something failed, with errno.
void Become(const Prepared& prepared, const ProgramPlan& plan, int output_fd, Lifetime lifetime, pid_t parent) {
  ResetSignals();
  if (lifetime == Lifetime::kOwn) {
    setsid();
  } else {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);  // it has died already
  }
  const int nothing = open("/dev/null", O_RDONLY);  // check-ok(bans): a descriptor for exec, not data
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output_fd, 1) < 0 || dup2(output_fd, 2) < 0) return;
  if (!plan.folder.empty() && chdir(plan.folder.c_str()) != 0) return;
  execve(prepared.words[0], prepared.words.data(), prepared.environment.data());
}

Error LaunchError(const ProgramPlan& plan, int error_number) {
  const Code code = error_number == ENOENT ? Code::kNotFound : Code::kIo;
  return Error(code, fmt::format("cannot start {}: {}: {}", plan.name, plan.words[0], strerror(error_number)));
}

}  // namespace

Result<pid_t> Launch(const ProgramPlan& plan, int output_fd, Lifetime lifetime) {
  SPOOR_CHECK(!plan.words.empty());
  const Prepared prepared(plan);
  int failure[2];  // closed by exec; else it carries the child's errno
  if (pipe2(failure, O_CLOEXEC) != 0) return LaunchError(plan, errno);
  // No handler of this process may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    Become(prepared, plan, output_fd, lifetime, parent);
    const int error_number = errno;
    if (write(failure[1], &error_number, sizeof(error_number)) < 0) _exit(127);
    _exit(127);
  }
  const int fork_errno = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(failure[1]);
  int error_number = 0;
  ssize_t count = 0;
  do {
    count = read(failure[0], &error_number, sizeof(error_number));
  } while (count < 0 && errno == EINTR);
  close(failure[0]);
  if (child < 0) return LaunchError(plan, fork_errno);
  if (count == sizeof(error_number)) {
    waitpid(child, nullptr, 0);
    return LaunchError(plan, error_number);
  }
  return child;
}

}  // namespace spoor::learn
