#include "base/resident_guard.h"

#include <malloc.h>

#include <utility>

#include "base/clock.h"
#include "base/process_memory.h"

namespace spoor {
namespace {

constexpr int64_t kTrimEveryNs = 100'000'000;  // it takes some milliseconds

}  // namespace

ResidentGuard::ResidentGuard(size_t resident_bytes_max, std::function<size_t()> resident_bytes,
                             std::function<void()> trim)
    : resident_bytes_max_(resident_bytes_max), resident_bytes_(std::move(resident_bytes)), trim_(std::move(trim)) {}

ResidentGuard::ResidentGuard(size_t resident_bytes_max)
    : ResidentGuard(resident_bytes_max, [] { return static_cast<size_t>(ResidentBytes()); }, [] { malloc_trim(0); }) {}

bool ResidentGuard::MayGrow(size_t more_bytes) {
  const size_t grown = grown_bytes_.fetch_add(more_bytes, std::memory_order_relaxed) + more_bytes;
  if (grown < kLookEveryBytes && !is_over_.load(std::memory_order_relaxed)) return true;
  grown_bytes_.store(0, std::memory_order_relaxed);
  const bool may_grow = Look();
  is_over_.store(!may_grow, std::memory_order_relaxed);
  return may_grow;
}

bool ResidentGuard::Look() {
  if (resident_bytes_() <= resident_bytes_max_) return true;
  const int64_t now_ns = SystemClock().SteadyNanos();
  int64_t due_ns = trim_due_ns_.load(std::memory_order_relaxed);
  if (now_ns < due_ns || !trim_due_ns_.compare_exchange_strong(due_ns, now_ns + kTrimEveryNs)) return false;
  trim_();
  return resident_bytes_() <= resident_bytes_max_;
}

}  // namespace spoor
