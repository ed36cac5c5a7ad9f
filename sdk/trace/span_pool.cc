#include "trace/span_pool.h"

#include <array>
#include <atomic>
#include <new>

namespace spoor::trace::span_pool {
namespace {

constexpr size_t kChunk = 32;               // records that change hands at once
constexpr size_t kKeptMax = 2 * kChunk;     // by a thread
constexpr uint32_t kRecordsMax = 1u << 14;  // in the pool; what is needed beyond them is freed after use

// Records have numbers from 1 on, so that the head of a list and a count of its changes fit one word.
std::array<std::atomic<SpanRecord*>, kRecordsMax> records;
std::atomic<uint32_t> record_count{0};

// Chunks that any thread may have: a stack, whose head is the number of a chunk's first record, and above it a count
// that goes up with every change, so that a head that went and came back is not taken for one that stayed.
std::atomic<uint64_t> shared{0};

SpanRecord* RecordOf(uint64_t head) noexcept {
  const auto number = static_cast<uint32_t>(head);
  return number == 0 ? nullptr : records[number - 1].load(std::memory_order_acquire);
}

uint64_t Changed(uint64_t head, uint32_t number) noexcept { return ((head >> 32) + 1) << 32 | number; }

void PushChunk(SpanRecord* first) noexcept {
  uint64_t head = shared.load(std::memory_order_relaxed);
  do first->next_chunk.store(static_cast<uint32_t>(head), std::memory_order_relaxed);
  while (!shared.compare_exchange_weak(head, Changed(head, first->number), std::memory_order_release,
                                       std::memory_order_relaxed));
}

// The first record of a chunk, or null. Records in the pool are never freed, so looking at one that another thread
// takes meanwhile is harmless; the exchange fails then.
SpanRecord* PopChunk() noexcept {
  uint64_t head = shared.load(std::memory_order_acquire);
  SpanRecord* first;
  do {
    first = RecordOf(head);
    if (first == nullptr) return nullptr;
  } while (!shared.compare_exchange_weak(head, Changed(head, first->next_chunk.load(std::memory_order_relaxed)),
                                         std::memory_order_acquire, std::memory_order_acquire));
  return first;
}

SpanRecord* New() noexcept {
  auto* record = new (std::nothrow) SpanRecord;  // check-ok(bans): the pool is the owner
  if (record == nullptr || record_count.load(std::memory_order_relaxed) >= kRecordsMax) return record;
  const uint32_t index = record_count.fetch_add(1, std::memory_order_relaxed);
  if (index >= kRecordsMax) {
    record_count.store(kRecordsMax, std::memory_order_relaxed);
    return record;
  }
  record->number = index + 1;
  records[index].store(record, std::memory_order_release);
  return record;
}

// Takes `count` records from what the thread keeps and lets the others have them.
void Share(size_t count) noexcept {
  SpanRecord* first = thread_block.spare_records;
  SpanRecord* last = first;
  for (size_t i = 1; i < count; ++i) last = last->next;
  thread_block.spare_records = last->next;
  thread_block.spare_record_count -= static_cast<uint32_t>(count);
  last->next = nullptr;
  first->chunk_size = static_cast<uint32_t>(count);
  PushChunk(first);
}

}  // namespace

SpanRecord* TakeFromOthers() noexcept {
  SpanRecord* first = PopChunk();
  if (first == nullptr) return New();
  if (thread_block.is_over) {  // keeps nothing any more
    if (first->next != nullptr) {
      first->next->chunk_size = first->chunk_size - 1;
      PushChunk(first->next);
    }
    return first;
  }
  KeepUntilThreadEnd();
  thread_block.spare_records = first->next;
  thread_block.spare_record_count = first->chunk_size - 1;
  return first;
}

void GiveBack(SpanRecord* record) noexcept {
  if (record->number == 0) {
    delete record;  // check-ok(bans): the pool is the owner
    return;
  }
  if (thread_block.spare_records == nullptr && !thread_block.is_over) KeepUntilThreadEnd();
  record->next = thread_block.spare_records;
  thread_block.spare_records = record;
  ++thread_block.spare_record_count;
  if (thread_block.is_over) return Share(1);
  if (thread_block.spare_record_count > kKeptMax) Share(kChunk);
}

void GiveBackAll() noexcept {
  if (thread_block.spare_record_count > 0) Share(thread_block.spare_record_count);
}

}  // namespace spoor::trace::span_pool
