#include "app/challenge_command.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "app/challenge_line.h"
#include "app/check_command.h"
#include "app/stop_signals.h"
#include "base/file_system.h"
#include "learn/course/build.h"
#include "learn/course/learners_copy.h"
#include "learn/course/running_copy.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;
using learn::LearnersCopy;
using learn::PartChange;
using learn::PartState;
using learn::PartStatus;
using learn::RunningCopy;

void Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Result<std::string> ThisProgram() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return IoError(fmt::format("read /proc/self/exe: {}", failed.message()));
  return program.string();
}

Result<std::string> AbsoluteFolder(const std::string& folder) {
  std::error_code failed;
  fs::path path = fs::weakly_canonical(fs::absolute(folder, failed), failed);
  if (failed) return IoError(fmt::format("{}: {}", folder, failed.message()));
  if (!path.has_filename()) path = path.parent_path();
  return path.string();
}

Status MakeScriptRunnable(const LearnersCopy& copy) {
  const std::string path = copy.PathOf(learn::Course::kScript);
  std::error_code failed;
  fs::permissions(path, fs::perms(0755), failed);
  if (failed) return IoError(fmt::format("make {} executable: {}", path, failed.message()));
  return {};
}

// One carrying-out of a line.
class Challenge {
 public:
  static Result<std::unique_ptr<Challenge>> Make(const ChallengeLine& line, const std::stop_token& stop) {
    ASSIGN_OR_RETURN(const std::string program, ThisProgram());
    ASSIGN_OR_RETURN(const std::string folder, AbsoluteFolder(line.folder));
    ASSIGN_OR_RETURN(learn::Course course, learn::Course::Read(learn::EmbeddedCourse(), program));
    return std::unique_ptr<Challenge>(new Challenge(line, stop, program, folder, std::move(course)));
  }

  // The exit code.
  Result<int> Run() {
    if (line_.verb == "start") return Done(Start());
    ASSIGN_OR_RETURN(LearnersCopy copy, LearnersCopy::Open(PosixFileSystem(), course_, folder_));
    if (line_.verb == "check") return Check();
    if (line_.verb == "status") return Done(ShowStatus(copy));
    ASSIGN_OR_RETURN(const std::unique_ptr<FolderLock> lock, Lock());
    if (line_.verb == "up") return Done(Up());
    if (line_.verb == "down") return Done(Down());
    if (line_.verb == "solve") return Done(Solve(copy));
    return Done(Reset(copy));
  }

 private:
  Challenge(const ChallengeLine& line, const std::stop_token& stop, std::string program, std::string folder,
            learn::Course course)
      : line_(line),
        stop_(stop),
        program_(std::move(program)),
        folder_(std::move(folder)),
        course_(std::move(course)) {}

  static Result<int> Done(const Status& status) {
    if (!status) return status.error();
    return 0;
  }

  Result<std::unique_ptr<FolderLock>> Lock() const {
    FileSystem& files = PosixFileSystem();
    RETURN_IF_ERROR(files.CreateFolder(folder_ + "/.spoor"));
    Result<std::unique_ptr<FolderLock>> lock = files.LockFolder(folder_ + "/.spoor");
    if (!lock && lock.error().code == Code::kBusy) {
      return Busy("another ./challenge is at work in this folder: wait until it is done");
    }
    return lock;
  }

  // With the ports that were told before, and over them those that are told now.
  Result<RunningCopy> Running() const {
    ASSIGN_OR_RETURN(learn::CopyPorts ports, learn::ReadCopyPorts(PosixFileSystem(), folder_ + "/.spoor/ports"));
    for (const auto& [port, number] : line_.ports) ports.*(port.port) = number;
    return RunningCopy({.folder = folder_, .spoor = program_, .ports = ports});
  }

  Status Start() {
    ASSIGN_OR_RETURN(const LearnersCopy copy, LearnersCopy::Create(PosixFileSystem(), course_, folder_));
    RETURN_IF_ERROR(MakeScriptRunnable(copy));
    Print(
        fmt::format("Your copy is in {}: three services without tracing, and the lessons.\n"
                    "\n"
                    "  cd {}\n"
                    "  ./challenge up       builds and starts it; a minute or two, the first time\n"
                    "  ./challenge check    says how far you are\n",
                    folder_, line_.folder));
    return {};
  }

  Status Up() {
    const char* path = getenv("PATH");
    const char* compiler = getenv("CXX");
    ASSIGN_OR_RETURN(const learn::BuildTools tools,
                     learn::FindBuildTools(path == nullptr ? "" : path, compiler == nullptr ? "" : compiler));
    ASSIGN_OR_RETURN(RunningCopy running, Running());
    RETURN_IF_ERROR(running.CheckPorts());
    RETURN_IF_ERROR(Build(tools));
    RETURN_IF_ERROR(running.Up(
        [](const PartStatus& part, PartChange change) {
          static constexpr std::string_view kWords[] = {"started", "started anew", "runs"};
          Print(fmt::format("{:<18}{:<14}{}\n", part.name, kWords[static_cast<size_t>(change)], part.url));
        },
        stop_));
    const std::vector<PartStatus> parts = running.Parts();
    Print(fmt::format("\nTry: curl {}/api/users, then look at {}, and ask ./challenge check how far you are.\n",
                      parts.front().url, parts.back().url));
    return {};
  }

  Status Build(const learn::BuildTools& tools) {
    const bool is_terminal = isatty(STDOUT_FILENO) != 0;
    learn::BuildWatch watch;
    watch.on_begin = [](bool is_first) {
      Print(is_first ? "Building the services; the first time takes a minute or two.\n" : "Building what changed.\n");
    };
    watch.on_progress = [is_terminal](const std::string& progress) {
      if (is_terminal) Print(fmt::format("\r{:<12}", progress));
    };
    const Result<std::string> said = learn::Build(folder_, tools, folder_ + "/.spoor/build.log", watch, stop_);
    if (is_terminal) Print(fmt::format("\r{:<12}\r", ""));
    if (!said) return said.error();
    if (!said->empty()) Print(*said + "\n");
    return {};
  }

  Status Down() {
    ASSIGN_OR_RETURN(RunningCopy running, Running());
    ASSIGN_OR_RETURN(const std::vector<std::string_view> stopped, running.Down());
    Print(stopped.empty() ? "Nothing ran.\n" : fmt::format("Stopped {}.\n", fmt::join(stopped, ", ")));
    return {};
  }

  Status Solve(LearnersCopy& copy) {
    const learn::Tasks tasks = course_.tasks();
    learn::Tasks wanted;
    for (const int task : tasks) {
      if (line_.task == "all" || line_.task == std::to_string(task)) wanted.insert(task);
    }
    if (wanted.empty()) {
      return Invalid(fmt::format("there is no solution of task '{}': there are those of {}, and all", line_.task,
                                 fmt::join(tasks, ", ")));
    }
    std::map<std::string, std::string> replaced;  // path to where the learner's file is now
    for (const int task : wanted) {
      ASSIGN_OR_RETURN(const std::vector<learn::Replaced> files, copy.Solve(task));
      for (const learn::Replaced& file : files) replaced.emplace(file.path, file.kept_as);
    }
    Tell(replaced, "is solved", "solved");
    return {};
  }

  Status Reset(LearnersCopy& copy) {
    ASSIGN_OR_RETURN(const std::vector<learn::Replaced> files, copy.Reset());
    RETURN_IF_ERROR(MakeScriptRunnable(copy));
    std::map<std::string, std::string> replaced;
    for (const learn::Replaced& file : files) replaced.emplace(file.path, file.kept_as);
    Tell(replaced, "is as it was at the beginning", "as it was at the beginning");
    return {};
  }

  static void Tell(const std::map<std::string, std::string>& replaced, std::string_view what, std::string_view state) {
    for (const auto& [path, kept_as] : replaced) {
      const std::string kept = kept_as.empty() ? "" : fmt::format("; yours is kept as {}", kept_as);
      Print(fmt::format("{} {}{}\n", path, what, kept));
    }
    Print(replaced.empty() ? fmt::format("Nothing to do: everything is {} already.\n", state)
                           : "Now build and start it: ./challenge up\n");
  }

  Status ShowStatus(const LearnersCopy& copy) {
    ASSIGN_OR_RETURN(const RunningCopy running, Running());
    for (const PartStatus& part : running.Parts()) Print(StatusText(part));
    ASSIGN_OR_RETURN(const std::vector<learn::OpenTask> open, copy.OpenTasks());
    Print("\n");
    for (const int task : course_.tasks()) {
      std::vector<std::string> places;
      for (const learn::OpenTask& one : open) {
        if (one.task == task) places.push_back(fmt::format("{} in {}", one.steps, one.path));
      }
      Print(fmt::format("task {}: {}\n", task,
                        places.empty() ? "no steps left" : fmt::format("steps left: {}", fmt::join(places, ", "))));
    }
    return {};
  }

  static std::string StatusText(const PartStatus& part) {
    switch (part.state) {
      case PartState::kRuns: return fmt::format("{:<18}runs       {}   process {}\n", part.name, part.url, part.pid);
      case PartState::kStopped: return fmt::format("{:<18}stopped\n", part.name);
      case PartState::kEnded: break;
    }
    return fmt::format("{:<18}ended, though nobody stopped it; the last that it wrote, in {}:\n{}", part.name,
                       part.log_path, part.last_lines);
  }

  Result<int> Check() {
    ASSIGN_OR_RETURN(const RunningCopy running, Running());
    const std::vector<PartStatus> parts = running.Parts();
    static constexpr std::string_view kFlags[] = {"--frontend-url", "--backend-url", "--database-url", "--query-url"};
    std::vector<std::string> words;
    for (size_t i = 0; i < parts.size(); ++i) words.push_back(fmt::format("{}={}", kFlags[i], parts[i].url));
    words.insert(words.end(), line_.check_words.begin(), line_.check_words.end());
    return RunCheckCommand(std::move(words));
  }

  const ChallengeLine& line_;
  const std::stop_token stop_;
  const std::string program_;
  const std::string folder_;
  const learn::Course course_;
};

Result<int> Carry(const ChallengeLine& line, const std::stop_token& stop) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Challenge> challenge, Challenge::Make(line, stop));
  return challenge->Run();
}

// What was said by others stands above, as it is; the last line says what to do.
void PrintError(std::string_view message) {
  const size_t end = message.rfind('\n');
  const std::string details(message.substr(0, end == std::string_view::npos ? 0 : end + 1));
  std::fprintf(stderr, "%sspoor: %s\n", details.c_str(), std::string(message.substr(details.size())).c_str());
}

}  // namespace

int RunChallenge(std::vector<std::string> words) {
  const Result<ChallengeLine> line = ReadChallengeLine(std::move(words));
  if (line && line->verb.empty()) {
    Print(ChallengeHelpText());
    return 0;
  }
  // What is being built is not left half done. All else ends at once.
  std::optional<StopSignals> signals;
  if (line && line->verb == "up") signals.emplace();
  const Result<int> code = line ? Carry(*line, signals ? signals->token() : std::stop_token()) : line.error();
  if (code) return *code;
  PrintError(code.error().message);
  return code.error().code == Code::kInvalid ? 2 : 1;
}

}  // namespace spoor
