// How much memory this process takes.
#pragma once

#include <cstdint>

namespace spoor {

// What the system holds in memory for it (/proc/self/statm, proc(5): resident pages); 0 where that cannot be told.
uint64_t ResidentBytes();

}  // namespace spoor
