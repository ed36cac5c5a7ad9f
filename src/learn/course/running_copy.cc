#include "learn/course/running_copy.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/limits.h"
#include "learn/check/url.h"
#include "learn/course/text_file.h"
#include "learn/programs/background_program.h"
#include "learn/programs/health.h"
#include "learn/programs/local_port.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSpoor = "spoor";
constexpr auto kReadyPatience = 30s;
constexpr auto kPartStopPatience = limits::kStopPatience + 2s;  // Spoor's own, and a little more

// The variables of this process that change what a service or its tracing does, as text.
std::string InheritedVariables() {
  std::set<std::string_view> found;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    if (name.starts_with("OTEL_") || name.starts_with("SPOOR_") || name == "DELAY_SCALE" || name == "FAULT_RATE" ||
        name == "SLOW_RATE" || name == "LISTEN_HOST") {
      found.insert(text);
    }
  }
  return fmt::format("{}\n", fmt::join(found, "\n"));
}

// All that makes a program behave as it does: which file it is, and what it is told. One that was built anew is another
// file, since the linker cannot write to one that runs.
std::string Fingerprint(const ProgramPlan& plan) {
  struct stat about{};
  stat(plan.words[0].c_str(), &about);
  std::string text = fmt::format("{} {} {}\n", about.st_ino, about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
  for (const std::string& word : plan.words) text += word + "\n";
  for (const auto& [name, value] : plan.variables) text += fmt::format("{}={}\n", name, value);
  return text + InheritedVariables();
}

// What is wrong with two flags that say the same port; nothing where there are no such two.
Status CheckDifferent(const CopyPorts& ports) {
  for (size_t i = 0; i < kCopyPorts.size(); ++i) {
    for (size_t j = i + 1; j < kCopyPorts.size(); ++j) {
      const CopyPort &one = kCopyPorts[i], &other = kCopyPorts[j];
      if (ports.*(one.port) != ports.*(other.port)) continue;
      return Invalid(fmt::format("--{} and --{} are both {}: each needs a port of its own", one.flag, other.flag,
                                 ports.*(one.port)));
    }
  }
  return {};
}

}  // namespace

// In the order in which they are started: each calls only those before it.
const std::array<RunningCopy::Part, 4>& RunningCopy::All() {
  static const std::array<Part, 4>& parts = *new std::array<Part, 4>{{
      {kSpoor, "/ready", {&CopyPorts::query, &CopyPorts::otlp_http}},
      {"database-service", "/health", {&CopyPorts::database}},
      {"backend", "/health", {&CopyPorts::backend}},
      {"frontend", "/health", {&CopyPorts::frontend}},
  }};
  return parts;
}

Status RunningCopy::CheckPorts() const {
  RETURN_IF_ERROR(CheckDifferent(settings_.ports));
  ASSIGN_OR_RETURN(const CopyPorts kept, ReadCopyPorts(PosixFileSystem(), Kept("ports")));
  std::set<uint16_t> ours;
  for (const Part& part : All()) {
    if (!RunningInBackground(PidFileOf(part))) continue;
    for (const auto port : part.ports) ours.insert(kept.*port);
  }
  for (const CopyPort& wanted : kCopyPorts) {
    const uint16_t port = settings_.ports.*(wanted.port);
    if (ours.contains(port) || IsPortFree(port)) continue;
    return Busy(
        fmt::format("port {}, for {}, is taken: stop what listens there (./dev run, spoor demo or another copy, "
                    "most likely), or choose another port with --{}",
                    port, wanted.text, wanted.flag));
  }
  return {};
}

Status RunningCopy::Up(const std::function<void(const PartStatus&, PartChange)>& told, const std::stop_token& stop) {
  struct Step {
    const Part& part;
    ProgramPlan plan;
    PartChange change = PartChange::kStarted;
  };
  std::vector<Step> steps;
  for (const Part& part : All()) {
    Step step{part, PlanOf(part)};
    if (RunningInBackground(PidFileOf(part))) {
      step.change = IsAsStarted(part, step.plan) ? PartChange::kRanAlready : PartChange::kStartedAnew;
    }
    steps.push_back(std::move(step));
  }
  // All that goes goes first: its ports may be wanted by others now.
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->change == PartChange::kStartedAnew) RETURN_IF_ERROR(Stop(step->part));
  }
  RETURN_IF_ERROR(WriteCopyPorts(PosixFileSystem(), Kept("ports"), settings_.ports));
  for (const Step& step : steps) {
    if (step.change != PartChange::kRanAlready) RETURN_IF_ERROR(Start(step.part, step.plan, stop));
    told(StatusOf(step.part), step.change);
  }
  return {};
}

Result<std::vector<std::string_view>> RunningCopy::Down() {
  std::vector<std::string_view> stopped;
  for (auto part = All().rbegin(); part != All().rend(); ++part) {
    if (RunningInBackground(PidFileOf(*part))) stopped.push_back(part->name);
    RETURN_IF_ERROR(Stop(*part));
  }
  return stopped;
}

std::vector<PartStatus> RunningCopy::Parts() const {
  std::vector<PartStatus> parts;
  for (auto part = All().rbegin(); part != All().rend(); ++part) parts.push_back(StatusOf(*part));
  return parts;
}

PartStatus RunningCopy::StatusOf(const Part& part) const {
  PartStatus status{.name = part.name, .url = UrlOf(part.ports[0])};
  status.log_path = fmt::format(".spoor/logs/{}.log", part.name);
  status.last_lines = LastLinesOf(LogOf(part));
  if (const auto pid = RunningInBackground(PidFileOf(part))) {
    status.state = PartState::kRuns;
    status.pid = *pid;
  } else if (const Result<bool> was_started = IsThere(PosixFileSystem(), PidFileOf(part));
             was_started && *was_started) {
    status.state = PartState::kEnded;
  }
  return status;
}

ProgramPlan RunningCopy::PlanOf(const Part& part) const {
  ProgramPlan plan{.name = std::string(part.name), .words = {}, .variables = {}, .folder = settings_.folder};
  if (part.name == kSpoor) {
    plan.words = {settings_.spoor, "serve"};
    for (std::string& word : SpoorFlags()) plan.words.push_back(std::move(word));
    return plan;
  }
  plan.words = {fmt::format("{}/build/{}", settings_.folder, part.name)};
  plan.variables = {
      {"PORT", std::to_string(settings_.ports.*(part.ports[0]))},
      {"SERVICE_NAME", ""},  // it knows its own
      {"BACKEND_URL", UrlOf(&CopyPorts::backend)},
      {"DATABASE_SERVICE_URL", UrlOf(&CopyPorts::database)},
      {"DATABASE_PATH", Kept("shop.db")},
      {"OTEL_SERVICE_NAME", ""},  // would be all three services', and beat what the learner writes
      {"OTEL_EXPORTER_OTLP_ENDPOINT", UrlOf(&CopyPorts::otlp_http)},
      {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""},
  };
  // Spans are there soon after they ended, for those who look at once.
  if (getenv("OTEL_BSP_SCHEDULE_DELAY") == nullptr) plan.variables.emplace_back("OTEL_BSP_SCHEDULE_DELAY", "500");
  return plan;
}

std::vector<std::string> RunningCopy::SpoorFlags() const {
  const CopyPorts& ports = settings_.ports;
  std::vector<std::string> words;
  const auto add = [&](std::string_view flag, std::string value) {
    words.emplace_back(flag);
    words.push_back(std::move(value));
  };
  add("--data-dir", Kept("data"));
  add("--listen-host", "127.0.0.1");
  add("--query-port", std::to_string(ports.query));
  add("--otlp-http-port", std::to_string(ports.otlp_http));
  add("--otlp-grpc-port", "off");
  add("--jaeger-http-port", "off");
  add("--challenge", "on");
  add("--challenge-frontend-url", UrlOf(&CopyPorts::frontend));
  add("--challenge-backend-url", UrlOf(&CopyPorts::backend));
  add("--challenge-database-url", UrlOf(&CopyPorts::database));
  return words;
}

bool RunningCopy::IsAsStarted(const Part& part, const ProgramPlan& plan) const {
  const Result<std::string> started = ReadText(PosixFileSystem(), StartedFileOf(part));
  return started && *started == Fingerprint(plan);
}

Status RunningCopy::Start(const Part& part, const ProgramPlan& plan, const std::stop_token& stop) {
  FileSystem& files = PosixFileSystem();
  RETURN_IF_ERROR(files.CreateFolder(Kept("logs")));
  ASSIGN_OR_RETURN(const bool has_log, IsThere(files, LogOf(part)));  // a log is of one run; the one before is kept
  if (has_log) RETURN_IF_ERROR(files.Rename(LogOf(part), LogOf(part) + ".before"));
  RETURN_IF_ERROR(WriteText(files, StartedFileOf(part), Fingerprint(plan)));
  ASSIGN_OR_RETURN([[maybe_unused]] const pid_t pid, StartInBackground(plan, LogOf(part), PidFileOf(part)));
  ASSIGN_OR_RETURN(Url url, ParseUrl(UrlOf(part.ports[0])));
  const HealthQuestion question{
      .name = plan.name, .url = std::move(url), .target = std::string(part.ready), .patience = kReadyPatience};
  const auto ended = [&]() -> std::optional<std::string> {
    if (RunningInBackground(PidFileOf(part))) return std::nullopt;
    const PartStatus status = StatusOf(part);
    return fmt::format(
        "{}{} ended as soon as it was started: mend it, then ./challenge up again (what it wrote is in {})",
        status.last_lines, part.name, status.log_path);
  };
  return WaitUntilHealthy(question, ended, stop);
}

Status RunningCopy::Stop(const Part& part) { return StopInBackground(PidFileOf(part), kPartStopPatience); }

std::string RunningCopy::UrlOf(uint16_t CopyPorts::* port) const {
  return fmt::format("http://127.0.0.1:{}", settings_.ports.*port);
}

std::string RunningCopy::LogOf(const Part& part) const { return Kept(fmt::format("logs/{}.log", part.name)); }

std::string RunningCopy::PidFileOf(const Part& part) const { return Kept(fmt::format("{}.pid", part.name)); }

std::string RunningCopy::StartedFileOf(const Part& part) const { return Kept(fmt::format("{}.started", part.name)); }

std::string RunningCopy::Kept(std::string_view path) const {
  return fmt::format("{}/.spoor/{}", settings_.folder, path);
}

}  // namespace spoor::learn
