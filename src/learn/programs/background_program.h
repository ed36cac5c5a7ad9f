// Programs that go on when this one has ended: `up` starts them, and a later `down` finds and stops them. What is known
// of one is in a file with its process id, and with what tells that process from a later one with the same id.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "learn/programs/program_plan.h"

namespace spoor::learn {

// Starts it in a session of its own, appending what it writes to `log_path`, and keeps its process in `pid_path`, both
// made with their folders there already. kBusy where the process of `pid_path` still runs.
Result<pid_t> StartInBackground(const ProgramPlan& plan, const std::string& log_path, const std::string& pid_path);

// The process that `pid_path` names, if it still runs. A file that is missing, damaged or of a process that has ended
// (even where another has its id now) is nothing.
std::optional<pid_t> RunningInBackground(const std::string& pid_path);

// Asks it to end (SIGTERM), kills its group (SIGKILL) after `patience`, and removes the file. Success, too, where it
// does not run. An error: the operating system does not let us.
Status StopInBackground(const std::string& pid_path, std::chrono::milliseconds patience);

// The last lines of a log, at most twenty; empty where there is none.
std::string LastLinesOf(const std::string& log_path);

}  // namespace spoor::learn
