// Launching a program: fork and exec, with every error of both told to the one who asked.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "learn/programs/program_plan.h"

namespace spoor::learn {

enum class Lifetime : uint8_t {
  kWithParent,  // killed when the thread that launched it ends, however that ends (PR_SET_PDEATHSIG)
  kOwn,         // in a session of its own, so that it outlives the terminal and this process
};

// Starts the program in a process group of its own, with default signals, its input empty, and what it writes going to
// `output_fd`, which stays the caller's. The process's id: the caller reaps it. kNotFound where there is no such
// program. Thread-safe.
Result<pid_t> Launch(const ProgramPlan& plan, int output_fd, Lifetime lifetime);

}  // namespace spoor::learn
