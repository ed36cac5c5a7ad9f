#include "trace/span_record.h"

#include <sched.h>

#include <new>
#include <string>

#include "trace/clock.h"
#include "trace/diagnostics.h"
#include "trace/span_pool.h"
#include "trace/span_queue.h"
#include "trace/utf8.h"
#include "trace/wire.h"

namespace spoor::trace {
namespace {

constexpr size_t kLengthBytesMax = 5;

// False where text that is to be mended finds no memory.
template <class Write>
bool WithoutThrowing(const Write& write) noexcept {
  try {
    return write();
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// Writes behind `out` a message under `field` whose content `write` appends. False without memory: nothing is written.
template <class Write>
bool AppendMessage(ByteBuffer& out, uint32_t field, const Write& write) noexcept {
  const uint32_t before = out.size();
  uint8_t* room = out.Room(1 + kLengthBytesMax);
  if (room == nullptr) return false;
  *room++ = static_cast<uint8_t>(wire::Tag(field, wire::kLength));
  out.Advance(room);
  const uint32_t begin = out.size();
  if (WithoutThrowing(write)) {
    const uint32_t length = out.size() - begin;
    const size_t shift = wire::VarintSize(length);
    if (out.Room(shift) != nullptr) {
      uint8_t* content = out.data() + begin;
      std::memmove(content + shift, content, length);
      wire::PutVarint(content, length);
      out.Advance(content + shift + length);
      return true;
    }
  }
  out.Resize(before);
  return false;
}

bool AppendText(ByteBuffer& out, uint32_t field, std::string_view text) noexcept {
  std::string scratch;
  text = AsUtf8(text, scratch);
  uint8_t* room = out.Room(wire::TextSize(field, text.size()));
  if (room == nullptr) return false;
  out.Advance(wire::PutText(room, field, text));
  return true;
}

bool AppendCount(ByteBuffer& out, uint32_t field, uint32_t count) noexcept {
  if (count == 0) return true;
  uint8_t* room = out.Room(6);
  if (room == nullptr) return false;
  room = wire::PutVarint(room, wire::Tag(field, wire::kVarint));
  out.Advance(wire::PutVarint(room, count));
  return true;
}

void SayThatSomethingWasDropped() noexcept {
  static DiagnoseOnce said;
  said(DiagnosticLevel::kWarn, [] {
    return std::string(
        "a span had more attributes, events or links than its limits allow (OTEL_SPAN_*_LIMIT, SpanLimits), or an "
        "empty "
        "key; what was too much is dropped, and the span tells how many. This is said once");
  });
}

}  // namespace

void SpanRecord::ForgetDetails() noexcept {
  has_details_ = false;
  name_.Clear();
  attributes_.Clear();
  events_.Clear();
  links_.Clear();
  status_description_.Clear();
  event_count_ = link_count_ = 0;
  dropped_attributes_ = dropped_events_ = dropped_links_ = 0;
}

bool SpanRecord::LockBusy() noexcept {
  constexpr int kSpins = 100;
  for (int spins = 0;; ++spins) {
    uint8_t state = kOpen;
    if (state_.compare_exchange_weak(state, kBusy, std::memory_order_acquire, std::memory_order_acquire)) return true;
    if (state == kEnded) return false;
    if (spins < kSpins) continue;
    // Whoever was writing when the process forked is not here any more.
    if (generation_ != fork_generation.load(std::memory_order_relaxed)) return false;
    sched_yield();
  }
}

void SpanRecord::AddEvent(std::string_view name, uint64_t time_ns, Attributes first, Attributes then) noexcept {
  const SpanLimits& limits = start_.pipeline->limits;
  has_details_ = true;
  if (event_count_ >= limits.events_max) {
    ++dropped_events_;
    return;
  }
  const auto write = [&] {
    uint8_t* room = events_.Room(9);
    if (room == nullptr) return false;
    *room++ = static_cast<uint8_t>(wire::Tag(wire::event::kTime, wire::kFixed64));
    events_.Advance(wire::PutFixed64(room, time_ns));
    if (!AppendText(events_, wire::event::kName, name)) return false;
    AttributeLimits attribute_limits{limits.event_attributes_max, limits.attribute_value_characters_max};
    uint32_t dropped = AppendAttributes(events_, wire::event::kAttributes, first, attribute_limits);
    const auto used = static_cast<uint32_t>(first.size()) - dropped;
    attribute_limits.count_max -= used < attribute_limits.count_max ? used : attribute_limits.count_max;
    dropped += AppendAttributes(events_, wire::event::kAttributes, then, attribute_limits);
    return AppendCount(events_, wire::event::kDroppedAttributes, dropped);
  };
  if (AppendMessage(events_, wire::span::kEvents, write)) {
    ++event_count_;
  } else {
    ++dropped_events_;
  }
}

void SpanRecord::AddLink(const SpanContext& to, Attributes attributes) noexcept {
  const SpanLimits& limits = start_.pipeline->limits;
  // A link that leads nowhere but says something is kept, as the specification has it.
  if (!to.IsValid() && attributes.empty() && to.trace_state().IsEmpty()) return;
  has_details_ = true;
  if (link_count_ >= limits.links_max) {
    ++dropped_links_;
    return;
  }
  const auto write = [&] {
    uint8_t* room = links_.Room(40);
    if (room == nullptr) return false;
    *room++ = static_cast<uint8_t>(wire::Tag(wire::link::kTraceId, wire::kLength));
    *room++ = 16;
    room = wire::PutBigEndian64(room, to.trace_id().high);
    room = wire::PutBigEndian64(room, to.trace_id().low);
    *room++ = static_cast<uint8_t>(wire::Tag(wire::link::kSpanId, wire::kLength));
    *room++ = 8;
    room = wire::PutBigEndian64(room, to.span_id().value);
    *room++ = static_cast<uint8_t>(wire::Tag(wire::link::kFlags, wire::kFixed32));
    room = wire::PutFixed32(room, to.flags() | wire::kHasIsRemote | (to.IsRemote() ? wire::kIsRemote : 0));
    links_.Advance(room);
    if (!to.trace_state().IsEmpty() && !AppendText(links_, wire::link::kTraceState, to.trace_state().ToHeader())) {
      return false;
    }
    const uint32_t dropped = AppendAttributes(links_, wire::link::kAttributes, attributes,
                                              {limits.link_attributes_max, limits.attribute_value_characters_max});
    return AppendCount(links_, wire::link::kDroppedAttributes, dropped);
  };
  if (AppendMessage(links_, wire::span::kLinks, write)) {
    ++link_count_;
  } else {
    ++dropped_links_;
  }
}

void SpanRecord::SetStatus(StatusCode code, std::string_view description) noexcept {
  if (code == StatusCode::kUnset || status_ == StatusCode::kOk) return;
  status_ = code;
  has_details_ = true;
  status_description_.Clear();
  if (code == StatusCode::kError) status_description_.Assign(description.data(), description.size());
}

void SpanRecord::SetName(std::string_view name) noexcept {
  has_details_ = has_details_ || name.size() > kUsualNameBytes;
  name_.Assign(name.data(), name.size());
}

void SpanRecord::End(uint64_t wall_ns) noexcept {
  if (Lock()) Finish(wall_ns);
}

void SpanRecord::ReleaseAllHandles() noexcept {
  if (!IsOpen()) return Release();
  // Nobody else has this record: the processors get the one reference, and the handles' need not be counted down.
  references_.store(1, std::memory_order_relaxed);
  Finish(0);
}

void SpanRecord::Finish(uint64_t wall_ns) noexcept {
  if (wall_ns == 0) {
    const int64_t now_ns = SteadyNanos();
    end_ns_ =
        start_.steady_ns != 0 ? start_.wall_ns + static_cast<uint64_t>(now_ns - start_.steady_ns) : WallNanos(now_ns);
  } else {
    end_ns_ = wall_ns;
  }
  if (end_ns_ < start_.wall_ns) end_ns_ = start_.wall_ns;  // times that were given
  if ((dropped_attributes_ | dropped_events_ | dropped_links_) != 0) SayThatSomethingWasDropped();
  state_.store(kEnded, std::memory_order_release);
  if (generation_ != fork_generation.load(std::memory_order_relaxed)) return Release();
  GiveToProcessors();
}

void SpanRecord::GiveToProcessors() noexcept {
  const Pipeline& pipeline = *start_.pipeline;
  if (pipeline.sole_queue != nullptr) {
    if (start_.is_sampled) return pipeline.sole_queue->Push(this);
    return Release();
  }
  const FinishedSpan finished = TakeFinished();  // with the pipeline's reference
  for (const SpanProcessorPtr& processor : pipeline.processors) processor->OnEnd(finished);
}

void SpanRecord::Release() noexcept {
  if (references_.load(std::memory_order_acquire) == 1 || references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    span_pool::GiveBack(this);
  }
}

}  // namespace spoor::trace
