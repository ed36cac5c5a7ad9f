// The six checks of the challenge: what each is worth, and how it stands by what was observed. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "learn/check/explain.h"
#include "learn/check/observation.h"
#include "learn/check/settings.h"

namespace spoor::learn {

inline constexpr int kTaskCount = 6;

struct TaskResult {
  int task = 0;  // 1 to 6
  std::string title;
  int points = 0;
  bool passed = false;
  std::string trace_id;  // of a request's trace of which the backend has something; none without
  Explanation why;       // where it did not pass
};

// Of the tasks that are asked for, in order.
std::vector<TaskResult> Judge(const Observation& observation, const CheckSettings& settings);

// Whether waiting for more spans cannot change how the tasks that are asked for stand: each has passed, or cannot.
bool IsSettled(const Observation& observation, const CheckSettings& settings);

}  // namespace spoor::learn
