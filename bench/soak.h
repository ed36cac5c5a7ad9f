// `spoor_bench soak`: whether a server that takes in half of what it can, with retention on, stays as large as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spoor::bench {

struct SoakOptions {
  std::string binary = "build/spoor";
  std::string data_parent = ".";  // where the data folder is made
  uint64_t seed = 1;
  double minutes = 20;
  int connections = 4;
  std::vector<std::string> server_flags = {"--max-disk", "1GiB"};
};

// A quarter of the time; sizes are the means of one look a second.
struct SoakQuarter {
  uint64_t spans = 0;
  uint64_t refused = 0;  // requests that had to come again
  double rss_mb = 0;
  double disk_mb = 0;
  double ack_p99_ms = 0;
};

struct SoakResult {
  double most_per_second = 0;  // spans, as fast as they are taken
  double cpu_us_per_span = 0;
  std::vector<SoakQuarter> quarters;
};

SoakResult MeasureSoak(const SoakOptions& options);

std::string SoakTable(const SoakResult& result);

}  // namespace spoor::bench
