// What a check found, as text for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "learn/check/six_checks.h"

namespace spoor::learn {

struct CheckReport {
  std::vector<TaskResult> tasks;

  int score() const;
  int max_score() const;
  int percent() const;
  bool passed() const { return score() == max_score(); }
};

CheckReport MakeReport(const Observation& observation, const CheckSettings& settings);

// The page that `spoor check` prints: UTF-8, lines of at most 80 columns but for long addresses.
std::string ReportText(const CheckReport& report);

// One object, as docs/api/spoor.md has it.
std::string ReportJson(const CheckReport& report);

}  // namespace spoor::learn
