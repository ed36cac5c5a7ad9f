#include "trace/random.h"

#include <sys/random.h>

#include <chrono>

namespace spoor::trace {

void Random::Seed() noexcept {
  generation_ = fork_generation.load(std::memory_order_relaxed);
  if (getrandom(state_, sizeof(state_), 0) == static_cast<ssize_t>(sizeof(state_)) &&
      (state_[0] | state_[1] | state_[2] | state_[3]) != 0) {
    return;
  }
  // Without the system's randomness: time and place, spread by splitmix64.
  uint64_t seed = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
                  reinterpret_cast<uintptr_t>(this);
  for (uint64_t& word : state_) {
    seed += 0x9E3779B97F4A7C15u;
    word = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9u;
    word = (word ^ word >> 27) * 0x94D049BB133111EBu;
    word ^= word >> 31;
  }
}

}  // namespace spoor::trace
