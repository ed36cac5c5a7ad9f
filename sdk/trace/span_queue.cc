#include "trace/span_queue.h"

namespace spoor::trace {
namespace {

uint64_t CellCount(size_t spans_max) {
  uint64_t count = 2;
  while (count < spans_max) count *= 2;
  return count;
}

}  // namespace

SpanQueue::SpanQueue(size_t spans_max, Waker waker)
    : spans_max_(spans_max < 1 ? 1 : spans_max),
      mask_(CellCount(spans_max) - 1),
      cells_(std::make_unique<Cell[]>(mask_ + 1)),
      waker_(waker) {
  for (uint64_t i = 0; i <= mask_; ++i) cells_[i].turn.store(i, std::memory_order_relaxed);
}

SpanQueue::~SpanQueue() {
  while (SpanRecord* record = Pop()) record->Release();
}

SpanRecord* SpanQueue::Pop() noexcept {
  const uint64_t at = head_.load(std::memory_order_relaxed);
  Cell& cell = cells_[at & mask_];
  if (cell.turn.load(std::memory_order_acquire) != at + 1) return nullptr;
  SpanRecord* record = cell.record;
  cell.turn.store(at + mask_ + 1, std::memory_order_release);
  head_.store(at + 1, std::memory_order_relaxed);
  return record;
}

void SpanQueue::Drop(SpanRecord* record) noexcept {
  dropped_.fetch_add(1, std::memory_order_relaxed);
  record->Release();
}

void SpanQueue::Wake() noexcept {
  if (wake_at_.exchange(kAwake, std::memory_order_seq_cst) != kAwake) waker_.call(waker_.argument);
}

void SpanQueue::Reset() noexcept {
  // What the parent's threads were about to write is lost with them: the cells are made anew, and the records in them
  // are left, as they may be given back twice otherwise.
  for (uint64_t i = 0; i <= mask_; ++i) {
    cells_[i].turn.store(i, std::memory_order_relaxed);
    cells_[i].record = nullptr;
  }
  tail_.store(0, std::memory_order_relaxed);
  head_.store(0, std::memory_order_relaxed);
  dropped_.store(0, std::memory_order_relaxed);
  wake_at_.store(1, std::memory_order_relaxed);
}

}  // namespace spoor::trace
