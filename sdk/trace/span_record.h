// SpanRecord: what a recording span has told so far; shared by its handles, its processors and its exporter.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "api/finished_span.h"
#include "trace/attribute_list.h"
#include "trace/byte_buffer.h"
#include "trace/fork.h"
#include "trace/pipeline.h"

namespace spoor::trace {

// Lives in the pool (span_pool.h) and keeps its buffers from one span to the next.
//
// Handles are counted for themselves: the last one to go ends the span if nobody did, and must know that no other
// handle can do so meanwhile. References are what keeps the record: all handles together have one, and the pipeline has
// one from the start, which End hands to the processors.
//
// State: open, and for the moment of a write busy, then ended for good. Two threads that write to one span at the same
// moment wait for one another; nobody else ever waits. Once ended, everything here is constant.
//
// After a fork the spans that were open are the parent's: the child may use them as parents of its own, but what it
// tells them, and their end, is not exported a second time.
class alignas(64) SpanRecord {
 public:
  // What a span is from its start.
  struct Start {
    const TracerState* tracer = nullptr;
    const Pipeline* pipeline = nullptr;
    SpanId parent_id;
    int64_t steady_ns = 0;  // on the steady clock; 0 where the start was given
    uint64_t wall_ns = 0;   // since 1970
    SpanKind kind = SpanKind::kInternal;
    bool parent_is_remote = false;
    bool is_sampled = false;
  };

  // Makes a record from the pool the span's, with one handle. REQUIRES that nobody else has it. False without memory.
  bool Begin(const SpanContext& context, std::string_view name, const Start& start) noexcept {
    if (has_details_) ForgetDetails();
    if (!name_.Assign(name.data(), name.size())) return false;
    has_details_ = name.size() > kUsualNameBytes;
    start_ = start;
    context_ = context;
    end_ns_ = 0;
    status_ = StatusCode::kUnset;
    generation_ = fork_generation.load(std::memory_order_relaxed);
    handles_.store(1, std::memory_order_relaxed);
    references_.store(2, std::memory_order_relaxed);
    state_.store(kOpen, std::memory_order_release);
    return true;
  }

  // Calls `write` with this record unless it has ended.
  template <class Write>
  void WhileOpen(const Write& write) noexcept {
    if (!Lock()) return;
    write(*this);
    Unlock();
  }
  bool IsOpen() const noexcept { return state_.load(std::memory_order_acquire) != kEnded; }

  // For WhileOpen and before the span is anybody else's.
  void SetAttribute(std::string_view key, const AttributeValue& value) noexcept {
    has_details_ = true;
    if (!attributes_.Set(key, value, start_.pipeline->attribute_limits())) ++dropped_attributes_;
  }
  void AddEvent(std::string_view name, uint64_t time_ns, Attributes first, Attributes then) noexcept;
  void AddLink(const SpanContext& to, Attributes attributes) noexcept;
  void SetStatus(StatusCode code, std::string_view description) noexcept;
  void SetName(std::string_view name) noexcept;

  // Ends it at `wall_ns` (0: now) and gives it to the processors. Only the first call counts.
  void End(uint64_t wall_ns) noexcept;

  // The one handle that Begin has counted.
  Span TakeHandle(SpanContext context) noexcept { return Span(std::move(context), this); }
  void AddHandle() noexcept { handles_.fetch_add(1, std::memory_order_relaxed); }
  void ReleaseHandle() noexcept {
    // The only handle there is needs no counting down: nobody can get another one meanwhile.
    if (handles_.load(std::memory_order_acquire) == 1 || handles_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ReleaseAllHandles();
    }
  }
  // As End and then ReleaseHandle.
  void EndAndReleaseHandle() noexcept {
    if (handles_.load(std::memory_order_acquire) == 1) return ReleaseAllHandles();
    End(0);
    ReleaseHandle();
  }

  // A processor's reference.
  void AddReference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void Release() noexcept;

  // Handles for processors: one that takes over a reference the caller has, and the record of one with a reference
  // more.
  FinishedSpan TakeFinished() noexcept { return FinishedSpan(this); }
  static SpanRecord* OfFinished(const FinishedSpan& span) noexcept {
    span.record_->AddReference();
    return span.record_;
  }

  const SpanContext& context() const noexcept { return context_; }
  const Start& start() const noexcept { return start_; }
  const ByteBuffer& name() const noexcept { return name_; }
  const ByteBuffer& attributes() const noexcept { return attributes_.wire(); }
  const ByteBuffer& events() const noexcept { return events_; }
  const ByteBuffer& links() const noexcept { return links_; }
  const ByteBuffer& status_description() const noexcept { return status_description_; }
  StatusCode status() const noexcept { return status_; }
  uint64_t end_ns() const noexcept { return end_ns_; }
  uint32_t dropped_attributes() const noexcept { return dropped_attributes_; }
  uint32_t dropped_events() const noexcept { return dropped_events_; }
  uint32_t dropped_links() const noexcept { return dropped_links_; }

  // The pool's (span_pool.cc), while the record is there.
  SpanRecord* next = nullptr;
  std::atomic<uint32_t> next_chunk{0};
  uint32_t chunk_size = 0;  // of the chunk that this is the first of
  uint32_t number = 0;

 private:
  enum State : uint8_t { kOpen, kBusy, kEnded };
  static constexpr size_t kUsualNameBytes = 256;  // longer ones are not kept room for

  // False: it has ended.
  bool Lock() noexcept {
    uint8_t state = kOpen;
    return state_.compare_exchange_strong(state, kBusy, std::memory_order_acquire, std::memory_order_acquire) ||
           (state == kBusy && LockBusy());
  }
  bool LockBusy() noexcept;
  void Unlock() noexcept { state_.store(kOpen, std::memory_order_release); }
  void ReleaseAllHandles() noexcept;
  // REQUIRES that nobody writes. Takes over the pipeline's reference.
  void Finish(uint64_t wall_ns) noexcept;
  void GiveToProcessors() noexcept;
  void ForgetDetails() noexcept;

  std::atomic<uint32_t> handles_{0};
  std::atomic<uint32_t> references_{0};
  std::atomic<uint8_t> state_{kEnded};
  StatusCode status_ = StatusCode::kUnset;
  bool has_details_ = false;  // whether there is anything in what follows name_, or much in that
  uint32_t generation_ = 0;   // of forks, in which it began
  Start start_;
  uint64_t end_ns_ = 0;
  SpanContext context_;
  ByteBuffer name_;

  AttributeList attributes_;
  ByteBuffer events_;  // Span messages' fields `events` and `links`
  ByteBuffer links_;
  ByteBuffer status_description_;
  uint32_t event_count_ = 0;
  uint32_t link_count_ = 0;
  uint32_t dropped_attributes_ = 0;
  uint32_t dropped_events_ = 0;
  uint32_t dropped_links_ = 0;
};

// Fetches what beginning and ending a span writes. Also of null.
inline void PrefetchRecord(const SpanRecord* record) noexcept {
  constexpr uintptr_t kLine = 64;
  for (uintptr_t line = 0; line < 4; ++line) {
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(record) + kLine * line), 1);
  }
}

}  // namespace spoor::trace
