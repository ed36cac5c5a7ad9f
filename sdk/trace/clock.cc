#include "trace/clock.h"

namespace spoor::trace {

std::atomic<int64_t> wall_minus_steady_ns{0};
std::atomic<int64_t> looked_up_at_ns{INT64_MIN / 2};  // long ago

uint64_t LookUpWallNanos(int64_t steady_ns) noexcept {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const int64_t difference = std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count() - SteadyNanos();
  wall_minus_steady_ns.store(difference, std::memory_order_relaxed);
  looked_up_at_ns.store(steady_ns, std::memory_order_release);
  return static_cast<uint64_t>(steady_ns + difference);
}

}  // namespace spoor::trace
