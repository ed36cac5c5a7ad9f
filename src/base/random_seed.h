// A secret number of this process, for hash tables whose keys strangers choose.
#pragma once

#include <cstdint>

namespace spoor {

// The same number for the life of the process, from the operating system's randomness; it never leaves the process.
// Thread-safe.
uint64_t ProcessSeed();

}  // namespace spoor
