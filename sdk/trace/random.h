// Random numbers for ids: xoshiro256++ (Blackman and Vigna, prng.di.unimi.it).
#pragma once

#include <cstddef>
#include <cstdint>

#include "trace/fork.h"

namespace spoor::trace {

// Plain data that begins as zeros and is then stale. Not thread-safe: there is one for each thread (ThreadRandom).
class Random {
 public:
  // Whether it must be seeded: at first, and in the child of a fork, which must not repeat its parent's numbers.
  bool IsStale() const noexcept { return generation_ != fork_generation.load(std::memory_order_relaxed); }
  void Seed() noexcept;

  // REQUIRE that it is not stale.

  uint64_t Next() noexcept {
    uint64_t numbers[1];
    Fill(numbers);
    return numbers[0];
  }

  // Several at once, between which the state stays in registers.
  template <size_t kCount>
  void Fill(uint64_t (&numbers)[kCount]) noexcept {
    uint64_t s0 = state_[0], s1 = state_[1], s2 = state_[2], s3 = state_[3];
    for (uint64_t& number : numbers) {
      number = Rotate(s0 + s3, 23) + s0;
      const uint64_t shifted = s1 << 17;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = Rotate(s3, 45);
    }
    state_[0] = s0;
    state_[1] = s1;
    state_[2] = s2;
    state_[3] = s3;
  }

 private:
  static uint64_t Rotate(uint64_t value, int bits) noexcept { return value << bits | value >> (64 - bits); }

  uint64_t state_[4];
  uint32_t generation_;  // of forks, when it was seeded; 0 is none
};

}  // namespace spoor::trace
