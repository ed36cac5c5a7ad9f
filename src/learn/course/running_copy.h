// RunningCopy: the programs of a learner's copy, three services and a Spoor, in the background.
#pragma once

#include <sys/types.h>

#include <array>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "learn/course/copy_ports.h"
#include "learn/programs/program_plan.h"

namespace spoor::learn {

struct RunningCopySettings {
  std::string folder;  // of the copy, an absolute path
  std::string spoor;   // the program, an absolute path
  CopyPorts ports;     // that it is to have
};

enum class PartState : uint8_t {
  kStopped,
  kRuns,
  kEnded,  // though nobody asked it to
};

struct PartStatus {
  std::string_view name;  // "spoor", "frontend", "backend", "database-service"
  PartState state = PartState::kStopped;
  pid_t pid = 0;           // where it runs
  std::string url;         // "http://127.0.0.1:8080"
  std::string log_path;    // in the copy: ".spoor/logs/frontend.log"
  std::string last_lines;  // of the log
};

enum class PartChange : uint8_t {
  kStarted,
  kStartedAnew,  // it ran, as another program or with other ports or variables
  kRanAlready,
};

// What it keeps is below .spoor/ in the copy: ports, process ids, logs, what each program was started with, the traces
// and the services' database. One thread's and one process' at a time.
class RunningCopy {
 public:
  explicit RunningCopy(RunningCopySettings settings) : settings_(std::move(settings)) {}

  // kBusy where a port is somebody else's, kInvalid where two are the same.
  Status CheckPorts() const;

  // Starts what does not run, and anew what has changed. Returns when all of it answers; `told` hears of each part once
  // it does. A part that ends instead is an error: its last lines, and a line that says what to do. What runs goes on.
  Status Up(const std::function<void(const PartStatus&, PartChange)>& told, const std::stop_token& stop);

  // Stops all parts, and gives the names of those that ran.
  Result<std::vector<std::string_view>> Down();

  // In the order of their calls: the frontend first, Spoor last.
  std::vector<PartStatus> Parts() const;

 private:
  struct Part {
    std::string_view name;
    std::string_view ready;                    // the path that answers 200 once it is ready
    std::vector<uint16_t CopyPorts::*> ports;  // that it listens on; the first is that of its address
  };
  static const std::array<Part, 4>& All();

  PartStatus StatusOf(const Part& part) const;
  ProgramPlan PlanOf(const Part& part) const;
  std::vector<std::string> SpoorFlags() const;
  bool IsAsStarted(const Part& part, const ProgramPlan& plan) const;
  Status Start(const Part& part, const ProgramPlan& plan, const std::stop_token& stop);
  Status Stop(const Part& part);
  std::string UrlOf(uint16_t CopyPorts::* port) const;
  std::string LogOf(const Part& part) const;
  std::string PidFileOf(const Part& part) const;
  std::string StartedFileOf(const Part& part) const;
  std::string Kept(std::string_view path) const;

  const RunningCopySettings settings_;
};

}  // namespace spoor::learn
