#include "api/tracer.h"

#include "trace/clock.h"
#include "trace/current.h"
#include "trace/pipeline.h"
#include "trace/span_pool.h"
#include "trace/span_record.h"
#include "trace/thread_block.h"

namespace spoor::trace {
namespace {

// What is decided of a span before it is made.
struct Beginning {
  const TracerState* tracer;
  const Pipeline* pipeline;
  const Context& around;
  std::string_view name;
  const SpanOptions& options;

  const SpanContext& parent() const noexcept { return around.span().context(); }
};

// One is twice as likely as any other number, which nobody will live to see.
uint64_t NotZero(uint64_t number) noexcept { return number + (number == 0 ? 1 : 0); }

TraceId NewTraceId(IdGenerator* ids, uint8_t& flags) noexcept {
  if (ids != nullptr) {
    flags = ids->IsRandom() ? trace_flags::kRandom : 0;
    if (const TraceId id = ids->NewTraceId(); id.IsValid()) return id;
  }
  flags = trace_flags::kRandom;
  uint64_t numbers[2];
  ThreadRandom().Fill(numbers);
  return {numbers[0], NotZero(numbers[1])};
}

SpanId NewSpanId(IdGenerator* ids) noexcept {
  if (ids != nullptr) {
    if (const SpanId id = ids->NewSpanId(); id.IsValid()) return id;
  }
  return {NotZero(ThreadRandom().Next())};
}

// A span that records. Apart, so that one that does not gets by without its stack frame.
[[gnu::noinline]] Span Record(const Beginning& beginning, SpanContext context, Attributes of_sampler) noexcept {
  const auto& [tracer, pipeline, around, name, options] = beginning;
  SpanRecord* record = span_pool::Take();
  if (record == nullptr) return Span(std::move(context));
  SpanRecord::Start start;
  start.tracer = tracer;
  start.pipeline = pipeline;
  start.kind = options.kind;
  start.is_sampled = context.IsSampled();
  if (const SpanContext& parent = beginning.parent(); parent.IsValid()) {
    start.parent_id = parent.span_id();
    start.parent_is_remote = parent.IsRemote();
  }
  if (options.start_time == Timestamp()) {
    start.steady_ns = SteadyNanos();
    start.wall_ns = WallNanos(start.steady_ns);
  } else {
    const auto count = options.start_time.time_since_epoch().count();
    start.wall_ns = count < 0 ? 0 : static_cast<uint64_t>(count);
  }
  if (!record->Begin(context, name, start)) {
    span_pool::GiveBack(record);
    return Span(std::move(context));
  }
  for (const Attribute& attribute : options.attributes) record->SetAttribute(attribute.key, attribute.value);
  for (const Attribute& attribute : of_sampler) record->SetAttribute(attribute.key, attribute.value);
  for (const Link& link : options.links) record->AddLink(link.context, link.attributes);
  Span span = record->TakeHandle(std::move(context));
  if (pipeline->sole_queue == nullptr) {
    for (const SpanProcessorPtr& processor : pipeline->processors) processor->OnStart(span, around);
  }
  return span;
}

// A span whose ids or sampler are not this library's.
[[gnu::noinline]] Span StartUnusual(const Beginning& beginning) noexcept {
  const Pipeline& pipeline = *beginning.pipeline;
  const SpanOptions& options = beginning.options;
  const SpanContext& parent = beginning.parent();
  uint8_t flags = parent.flags() & trace_flags::kRandom;
  const TraceId trace_id = parent.IsValid() ? parent.trace_id() : NewTraceId(pipeline.ids.get(), flags);
  const SamplingSlot& slot = pipeline.sampling.For(parent);
  SamplingResult result;
  if (slot.ask != nullptr) {
    result =
        slot.ask->ShouldSample({parent, trace_id, beginning.name, options.kind, options.attributes, options.links});
  } else if (slot.Samples(trace_id)) {
    result.decision = SamplingDecision::kRecordAndSample;
  }
  if (result.decision == SamplingDecision::kRecordAndSample) flags |= trace_flags::kSampled;
  SpanContext context(trace_id, NewSpanId(pipeline.ids.get()), flags, false,
                      result.trace_state ? *std::move(result.trace_state) : parent.trace_state());
  if (result.decision == SamplingDecision::kDrop) return Span(std::move(context));
  return Record(beginning, std::move(context), result.attributes);
}

}  // namespace

bool Tracer::Enabled() const noexcept {
  return state_ != nullptr && state_->pipeline.load(std::memory_order_acquire) != nullptr;
}

Span Tracer::StartSpan(std::string_view name, const SpanOptions& options) const noexcept {
  ThreadBlock& thread = thread_block;
  const Context& around = options.parent != nullptr ? *options.parent : CurrentContext();
  const SpanContext& parent = around.span().context();
  const Pipeline* pipeline = state_ == nullptr ? nullptr : state_->pipeline.load(std::memory_order_acquire);
  if (pipeline == nullptr || thread.is_exporting) return Span(parent);
  if (!pipeline->is_usual) return StartUnusual({state_, pipeline, around, name, options});

  TraceId trace_id = parent.trace_id();
  uint64_t span_number;
  uint8_t flags = trace_flags::kRandom;
  if (parent.IsValid()) {
    flags &= parent.flags();
    span_number = RandomOf(thread).Next();
  } else {
    uint64_t numbers[3];
    RandomOf(thread).Fill(numbers);
    trace_id = {numbers[0], NotZero(numbers[1])};
    span_number = numbers[2];
  }
  const SpanId span_id{NotZero(span_number)};
  if (!pipeline->sampling.For(parent).Samples(trace_id)) {
    return Span(SpanContext(trace_id, span_id, flags, false, parent.trace_state()));
  }
  flags |= trace_flags::kSampled;
  return Record({state_, pipeline, around, name, options},
                SpanContext(trace_id, span_id, flags, false, parent.trace_state()), {});
}

}  // namespace spoor::trace
