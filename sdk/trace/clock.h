// Time of spans: one reading of the steady clock for each end of a span, told as time since 1970.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace spoor::trace {

inline int64_t SteadyNanos() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A moment `timeout` from now, which may be as long as the type allows.
inline std::chrono::steady_clock::time_point After(std::chrono::milliseconds timeout) noexcept {
  constexpr std::chrono::milliseconds kMax = std::chrono::hours(24 * 365);
  return std::chrono::steady_clock::now() + (timeout < kMax ? timeout : kMax);
}

// What is left of a time that ends at `deadline`; 0 where it is over.
inline std::chrono::milliseconds Left(std::chrono::steady_clock::time_point deadline) noexcept {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return left.count() < 0 ? std::chrono::milliseconds(0) : left;
}

// What lies between the clocks, and when it was looked up. Both are written together by whoever finds them old; a
// reader between the two writes is off by what the clocks drifted in a second.
extern std::atomic<int64_t> wall_minus_steady_ns;
extern std::atomic<int64_t> looked_up_at_ns;
inline constexpr int64_t kLookUpPeriodNs = 1'000'000'000;

// Looks it up, and returns the time since 1970 at `steady_ns`.
uint64_t LookUpWallNanos(int64_t steady_ns) noexcept;

// The time since 1970 at `steady_ns`, a reading of just now. What lies between the clocks is looked up once a second,
// so that a clock that is set is followed; a span's own duration never jumps with it, since its end is its start and
// what went by on the steady clock. Thread-safe.
inline uint64_t WallNanos(int64_t steady_ns) noexcept {
  if (steady_ns - looked_up_at_ns.load(std::memory_order_acquire) > kLookUpPeriodNs) return LookUpWallNanos(steady_ns);
  return static_cast<uint64_t>(steady_ns + wall_minus_steady_ns.load(std::memory_order_relaxed));
}

}  // namespace spoor::trace
