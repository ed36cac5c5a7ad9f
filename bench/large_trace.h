// One trace of thousands of spans, to be looked at among many small ones.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/traffic.h"

namespace spoor::bench {

// A tree of 20 services in which each span has eight children.
std::vector<Body> LargeTrace(uint64_t trace_low, uint32_t span_count, uint64_t start_ns);

}  // namespace spoor::bench
