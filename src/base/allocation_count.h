// How many times a test program has called operator new. Only in those that are built with cmake/count_allocations.cc
// (COUNT_ALLOCATIONS of spoor_folder); nothing else may use it.
#pragma once

#include <cstddef>

namespace spoor {

// Always 0 under the thread sanitizer, whose own operator new cannot be replaced.
size_t AllocationCount();

}  // namespace spoor
