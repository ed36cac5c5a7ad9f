// `spoor_bench start`: what a server takes that has nothing to do, and how long it needs until it serves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spoor::bench {

struct StartOptions {
  std::string binary = "build/spoor";
  std::string data_parent = ".";
  uint64_t seed = 1;
  uint64_t spans = 1'000'000;  // in the log
  int runs = 5;
  std::vector<std::string> server_flags;
};

struct StartResult {
  std::string what;
  std::string unit;
  std::vector<double> figures;  // one a run
};

std::vector<StartResult> MeasureStart(const StartOptions& options);
std::string StartTable(const std::vector<StartResult>& results);

}  // namespace spoor::bench
