#include "base/memory_budget.h"

#include "base/resident_guard.h"

namespace spoor {

MemoryReservation& MemoryReservation::operator=(MemoryReservation&& other) noexcept {
  if (this != &other) {
    Release();
    budget_ = std::exchange(other.budget_, nullptr);
    bytes_ = std::exchange(other.bytes_, 0);
  }
  return *this;
}

bool MemoryReservation::Resize(size_t bytes) {
  if (budget_ == nullptr || !budget_->Change(bytes_, bytes)) return bytes == bytes_;
  bytes_ = bytes;
  return true;
}

void MemoryReservation::Release() {
  if (budget_ != nullptr) budget_->Change(bytes_, 0);
  bytes_ = 0;
}

bool MemoryBudget::Change(size_t from, size_t to) {
  if (to <= from) {
    used_bytes_.fetch_sub(from - to, std::memory_order_relaxed);
    return true;
  }
  const size_t more = to - from;
  if (guard_ != nullptr && !guard_->MayGrow(more)) return false;
  size_t used = used_bytes_.load(std::memory_order_relaxed);
  do {
    if (more > limit_bytes_ || used > limit_bytes_ - more) return false;
  } while (!used_bytes_.compare_exchange_weak(used, used + more, std::memory_order_relaxed));
  return true;
}

}  // namespace spoor
