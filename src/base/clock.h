// Clock: where time comes from, so that a test can be its master.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>

namespace spoor {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Nanoseconds since 1970, as the machine believes; may jump in either direction.
  virtual int64_t WallNanos() const = 0;
  // Nanoseconds since some start; never goes back. For durations and deadlines.
  virtual int64_t SteadyNanos() const = 0;
};

class MachineClock final : public Clock {
 public:
  int64_t WallNanos() const override { return Read(CLOCK_REALTIME); }
  int64_t SteadyNanos() const override { return Read(CLOCK_MONOTONIC); }

 private:
  static int64_t Read(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }
};

// The machine's clock. Never destroyed.
inline const Clock& SystemClock() {
  static const MachineClock clock;
  return clock;
}

// A clock that stands still until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t wall_ns = 1'700'000'000'000'000'000) : wall_ns_(wall_ns) {}

  int64_t WallNanos() const override { return wall_ns_.load(); }
  int64_t SteadyNanos() const override { return steady_ns_.load(); }

  void Advance(int64_t ns) {
    steady_ns_ += ns;
    wall_ns_ += ns;
  }
  // As when somebody sets the machine's clock: steady time does not move.
  void SetWall(int64_t ns) { wall_ns_ = ns; }

 private:
  std::atomic<int64_t> wall_ns_;
  std::atomic<int64_t> steady_ns_{0};
};

}  // namespace spoor
