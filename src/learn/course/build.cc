#include "learn/course/build.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "learn/course/build_output.h"
#include "learn/course/text_file.h"
#include "learn/programs/program.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

constexpr int kLinesShownMax = 60;
constexpr auto kStopPatience = 2s;

// The program's path, or nothing where no folder of `path` has it.
std::string FindProgram(std::string_view path, std::string_view name) {
  if (name.find('/') != std::string_view::npos)
    return access(std::string(name).c_str(), X_OK) == 0 ? std::string(name) : "";
  while (!path.empty()) {
    const size_t end = std::min(path.find(':'), path.size());
    const std::string candidate = fmt::format("{}/{}", path.substr(0, end), name);
    if (end > 0 && access(candidate.c_str(), X_OK) == 0) return candidate;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return "";
}

Error Missing(std::string_view what) {
  return NotFound(fmt::format("there is no {} here: sudo apt-get install {}", what, kBuildPackages));
}

// Runs a tool to its end, with `output` getting all that it writes.
Result<ProgramEnd> RunTool(ProgramPlan plan, std::string& output, const BuildWatch& watch,
                           const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  bool has_ended = false;
  Program::Watch follow;
  follow.on_line = [&](std::string_view line) {
    output.append(line).append("\n");
    const std::string progress = ProgressOf(line);
    if (!progress.empty()) watch.on_progress(progress);
  };
  follow.on_end = [&] {
    const std::lock_guard lock(mutex);
    has_ended = true;
    changed.notify_all();
  };
  ASSIGN_OR_RETURN(const std::unique_ptr<Program> program, Program::Start(std::move(plan), std::move(follow)));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, stop, [&] { return has_ended; });
  }
  program->EndWithin(kStopPatience);
  if (stop.stop_requested()) return Error(Code::kCancelled, "stopped while building");
  return *program->end();
}

// One build, step by step.
class CopyBuild {
 public:
  CopyBuild(const std::string& folder, const BuildTools& tools, const std::string& log_path, const BuildWatch& watch,
            const std::stop_token& stop)
      : folder_(folder), build_(folder + "/build"), tools_(tools), log_path_(log_path), watch_(watch), stop_(stop) {}

  Result<std::string> Run() {
    ASSIGN_OR_RETURN(const std::optional<std::string> built_for, FolderInCache());
    const bool is_first = !built_for || *built_for != folder_;
    watch_.on_begin(is_first);
    if (is_first) RETURN_IF_ERROR(Configure(built_for.has_value()));
    RETURN_IF_ERROR(RunStep(Step::kBuild, {tools_.cmake, "--build", build_, "--parallel", Processors()}));
    return CompilersLines(output_, folder_, kLinesShownMax);
  }

 private:
  enum class Step : uint8_t { kConfigure, kBuild };

  // For which folder there is a configured build; a copy that was moved has one for another.
  Result<std::optional<std::string>> FolderInCache() {
    FileSystem& files = PosixFileSystem();
    ASSIGN_OR_RETURN(const bool has_ninja, IsThere(files, build_ + "/build.ninja"));
    ASSIGN_OR_RETURN(const bool has_make, IsThere(files, build_ + "/Makefile"));
    const Result<std::string> cache = ReadText(files, build_ + "/CMakeCache.txt");
    if (!cache && cache.error().code != Code::kNotFound) return cache.error();
    if (!cache || (!has_ninja && !has_make)) return std::optional<std::string>();
    constexpr std::string_view kKey = "\nCMAKE_HOME_DIRECTORY:INTERNAL=";
    const size_t key = cache->find(kKey);
    if (key == std::string::npos) return std::optional<std::string>("");
    const size_t begin = key + kKey.size();
    return std::optional(cache->substr(begin, cache->find('\n', begin) - begin));
  }

  Status Configure(bool is_anew) {
    std::vector<std::string> words = {tools_.cmake, "-S", folder_, "-B", build_};
    if (is_anew) words.emplace_back("--fresh");
    words.insert(words.end(), {"-G", tools_.has_ninja ? "Ninja" : "Unix Makefiles"});
    words.emplace_back("-DCMAKE_EXPORT_COMPILE_COMMANDS=ON");  // for the learner's editor
    if (tools_.has_ccache) words.emplace_back("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache");
    return RunStep(Step::kConfigure, std::move(words));
  }

  Status RunStep(Step step, std::vector<std::string> words) {
    ProgramPlan plan{.name = "cmake", .words = std::move(words), .variables = {}, .folder = folder_};
    // What is the same in two copies is compiled once, and messages name files as without ccache.
    plan.variables = {
        {"CCACHE_BASEDIR", folder_}, {"CCACHE_NOHASHDIR", "1"}, {"CCACHE_ABSSTDERR", "1"}, {"CLICOLOR_FORCE", "0"}};
    const Result<ProgramEnd> end = RunTool(std::move(plan), output_, watch_, stop_);
    RETURN_IF_ERROR(WriteText(PosixFileSystem(), log_path_, output_));
    if (!end) return end.error();
    if (end->signal == 0 && end->exit_status == 0) return {};
    const std::string lines = CompilersLines(output_, folder_, kLinesShownMax);
    const std::string todo =
        step == Step::kConfigure
            ? fmt::format("the build cannot be set up, and it needs these packages: sudo apt-get install {}",
                          kBuildPackages)
            : "the build failed: mend what stands above, then ./challenge up again";
    return Error(Code::kIo, fmt::format("{}\n{} (all that was said is in {})", lines, todo, log_path_));
  }

  static std::string Processors() { return std::to_string(std::max(1u, std::thread::hardware_concurrency())); }

  const std::string& folder_;
  const std::string build_;
  const BuildTools& tools_;
  const std::string& log_path_;
  const BuildWatch& watch_;
  const std::stop_token& stop_;
  std::string output_;
};

}  // namespace

Result<BuildTools> FindBuildTools(std::string_view path, std::string_view compiler) {
  BuildTools tools;
  tools.cmake = FindProgram(path, "cmake");
  if (tools.cmake.empty()) return Missing("cmake");
  if (!compiler.empty() && FindProgram(path, compiler).empty()) {
    return NotFound(fmt::format("the variable CXX names {}, which is not there: unset it, or install that", compiler));
  }
  if (compiler.empty() && FindProgram(path, "c++").empty() && FindProgram(path, "g++").empty() &&
      FindProgram(path, "clang++").empty()) {
    return Missing("C++ compiler");
  }
  tools.has_ninja = !FindProgram(path, "ninja").empty();
  if (!tools.has_ninja && FindProgram(path, "make").empty()) return Missing("ninja or make");
  tools.has_ccache = !FindProgram(path, "ccache").empty();
  return tools;
}

Result<std::string> Build(const std::string& folder, const BuildTools& tools, const std::string& log_path,
                          const BuildWatch& watch, const std::stop_token& stop) {
  return CopyBuild(folder, tools, log_path, watch, stop).Run();
}

}  // namespace spoor::learn
