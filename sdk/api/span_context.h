// SpanContext: what travels from one process to the next: who a span is.
#pragma once

#include <cstdint>
#include <utility>

#include "ids.h"
#include "trace_state.h"

namespace spoor::trace {

// Immutable value. Thread-safe.
class SpanContext {
 public:
  SpanContext() noexcept = default;
  SpanContext(TraceId trace_id, SpanId span_id, uint8_t flags, bool is_remote = false, TraceState state = {}) noexcept
      : trace_id_(trace_id), span_id_(span_id), state_(std::move(state)), flags_(flags), is_remote_(is_remote) {}

  TraceId trace_id() const noexcept { return trace_id_; }
  SpanId span_id() const noexcept { return span_id_; }
  uint8_t flags() const noexcept { return flags_; }  // trace_flags bits
  const TraceState& trace_state() const noexcept { return state_; }

  bool IsValid() const noexcept { return trace_id_.IsValid() && span_id_.IsValid(); }
  bool IsSampled() const noexcept { return (flags_ & trace_flags::kSampled) != 0; }
  // Whether it came from another process.
  bool IsRemote() const noexcept { return is_remote_; }

  friend bool operator==(const SpanContext& a, const SpanContext& b) noexcept {
    return a.trace_id_ == b.trace_id_ && a.span_id_ == b.span_id_ && a.flags_ == b.flags_ &&
           a.is_remote_ == b.is_remote_ && a.state_ == b.state_;
  }
  friend bool operator!=(const SpanContext& a, const SpanContext& b) noexcept { return !(a == b); }

 private:
  TraceId trace_id_;
  SpanId span_id_;
  TraceState state_;
  uint8_t flags_ = 0;
  bool is_remote_ = false;
};

}  // namespace spoor::trace
