// MemoryBudget: how many bytes all requests and live spans together may hold. What would pass it is refused with a
// retryable answer, so that load never becomes an out-of-memory kill.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace spoor {

class MemoryBudget;
class ResidentGuard;

// Bytes held under a budget, given back when destroyed. Movable, not copyable; one thread's at a time.
class MemoryReservation {
 public:
  MemoryReservation() = default;
  MemoryReservation(MemoryReservation&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryReservation& operator=(MemoryReservation&& other) noexcept;
  ~MemoryReservation() { Release(); }

  // Grows to `bytes`, or shrinks to it. False, and unchanged, where the budget has not that much left.
  bool Resize(size_t bytes);
  void Release();
  size_t bytes() const { return bytes_; }

 private:
  friend class MemoryBudget;
  explicit MemoryReservation(MemoryBudget* budget) : budget_(budget) {}

  MemoryBudget* budget_ = nullptr;
  size_t bytes_ = 0;
};

// Thread-safe. Outlives its reservations.
class MemoryBudget {
 public:
  // `guard`, where there is one, is asked whenever more is wanted; it outlives the budget.
  explicit MemoryBudget(size_t limit_bytes, ResidentGuard* guard = nullptr)
      : limit_bytes_(limit_bytes), guard_(guard) {}

  // A reservation of nothing, to be resized.
  MemoryReservation Reserve() { return MemoryReservation(this); }

  size_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  size_t limit_bytes() const { return limit_bytes_; }

 private:
  friend class MemoryReservation;
  bool Change(size_t from, size_t to);

  const size_t limit_bytes_;
  ResidentGuard* const guard_;
  std::atomic<size_t> used_bytes_{0};
};

}  // namespace spoor
