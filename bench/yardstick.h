// The yardstick of docs/benchmarks.md: what a sender pays just to zip the bytes.
#pragma once

#include <vector>

#include "bench/traffic.h"

namespace spoor::bench {

struct Yardstick {
  double cpu_us_per_span = 0;  // Y: zstd level 1, body by body, one thread, one reused context
  double bytes_per_span = 0;   // S: what the bodies shrink to by it
  double raw_bytes_per_span = 0;
};

Yardstick MeasureYardstick(const std::vector<Body>& bodies);

}  // namespace spoor::bench
