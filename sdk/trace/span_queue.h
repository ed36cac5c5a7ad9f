// SpanQueue: the bounded queue between the threads that end spans and the one that exports them. A ring whose cells
// carry turn numbers (Dmitry Vyukov's bounded queue), so that pushing takes no lock and one exchange.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "trace/span_record.h"

namespace spoor::trace {

// Push by any thread; everything below "the exporting thread's" by that one, or by the only one after a fork.
class SpanQueue {
 public:
  // Called, from a thread that pushes, when as many spans wait as WakeAt said: once, until WakeAt is called again. At
  // first that is with the first span.
  struct Waker {
    void (*call)(void* argument) noexcept = nullptr;
    void* argument = nullptr;
  };
  // Has the next power of two from `spans_max` on in cells, but never holds more than `spans_max` spans.
  SpanQueue(size_t spans_max, Waker waker);
  ~SpanQueue();

  // Takes a reference over. Where the queue is full or closed, lets it go and counts it as dropped.
  void Push(SpanRecord* record) noexcept {
    uint64_t at = tail_.load(std::memory_order_relaxed);
    Cell* cell;
    while (true) {
      cell = &cells_[at & mask_];
      const uint64_t turn = cell->turn.load(std::memory_order_acquire);
      if (turn == at) {
        if (spans_max_ <= mask_ && IsOverMax(at)) return Drop(record);
        // Ordered before the look at wake_at_, as the exporting thread's two steps are in WakeAt and IsEmpty: one of
        // the two sees the other's.
        if (tail_.compare_exchange_weak(at, at + 1, std::memory_order_seq_cst, std::memory_order_relaxed)) break;
      } else if (turn < at) {  // the cell still holds the span of a round ago; or `at` says closed
        return Drop(record);
      } else {
        at = tail_.load(std::memory_order_relaxed);
      }
    }
    cell->record = record;
    cell->turn.store(at + 1, std::memory_order_release);
    if (at + 1 >= wake_at_.load(std::memory_order_seq_cst)) Wake();
  }

  // Pushed since the start (or Reset), whether or not they are popped.
  uint64_t pushed() const noexcept { return tail_.load(std::memory_order_seq_cst) & ~kClosed; }
  uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  // Nothing gets in any more: pushed() is final.
  void Close() noexcept { tail_.fetch_or(kClosed, std::memory_order_seq_cst); }

  // The exporting thread's.

  // The next span, with its reference. Null where there is none, and for a moment where one is just being pushed.
  SpanRecord* Pop() noexcept;
  size_t size() const noexcept { return static_cast<size_t>(pushed() - popped()); }
  uint64_t popped() const noexcept { return head_.load(std::memory_order_relaxed); }
  // Calls the waker when `spans` wait.
  void WakeAt(size_t spans) noexcept { wake_at_.store(popped() + spans, std::memory_order_seq_cst); }
  void StayAwake() noexcept { wake_at_.store(kAwake, std::memory_order_relaxed); }
  // Forgets what is in it and all counts: after a fork, when it is the parent's business.
  void Reset() noexcept;

 private:
  struct Cell {
    std::atomic<uint64_t> turn{0};
    SpanRecord* record = nullptr;
  };
  static constexpr uint64_t kClosed = uint64_t{1} << 63;  // in tail_
  static constexpr uint64_t kAwake = UINT64_MAX;          // in wake_at_

  // For limits that are no power of two. `at` may be old, and behind what has been popped since.
  bool IsOverMax(uint64_t at) const noexcept {
    return static_cast<int64_t>(at - head_.load(std::memory_order_relaxed)) >= static_cast<int64_t>(spans_max_);
  }
  void Drop(SpanRecord* record) noexcept;
  void Wake() noexcept;

  const uint64_t spans_max_;
  const uint64_t mask_;
  const std::unique_ptr<Cell[]> cells_;
  const Waker waker_;
  std::atomic<uint64_t> wake_at_{1};  // a count of pushes; written seldom, so it may stand with what never changes
  alignas(64) std::atomic<uint64_t> tail_{0};
  alignas(64) std::atomic<uint64_t> head_{0};
  alignas(64) std::atomic<uint64_t> dropped_{0};
};

}  // namespace spoor::trace
