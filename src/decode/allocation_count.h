// How many times this folder's test program has called operator new, for tests of what decoding allocates.
#pragma once

#include <cstddef>

namespace spoor {

// Always 0 under the thread sanitizer, whose own operator new cannot be replaced.
size_t AllocationCount();

}  // namespace spoor
