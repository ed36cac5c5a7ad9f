// Tracer: begins spans in the name of one instrumentation library.
#pragma once

#include <string_view>

#include "attribute.h"
#include "context.h"
#include "span.h"

namespace spoor::trace {

struct TracerState;

struct SpanOptions {
  SpanKind kind = SpanKind::kInternal;
  const Context* parent = nullptr;  // null: the current context. Context() makes a new trace
  Attributes attributes = {};
  ListView<Link> links = {};
  Timestamp start_time = {};  // the epoch: now
};

// A value: copying is free. What a provider's settings become later, its tracers follow. Thread-safe.
class Tracer {
 public:
  // Without a provider: spans have their parent's context and do not record.
  Tracer() noexcept = default;

  // Never fails. Does not become current: a Scope does that.
  Span StartSpan(std::string_view name, const SpanOptions& options = {}) const noexcept;

  // Whether it is worth gathering what a span would be told: false without a processor or where all is switched off.
  bool Enabled() const noexcept;

 private:
  friend class TracerProvider;
  friend Tracer GetTracer(std::string_view, std::string_view, std::string_view);
  explicit Tracer(TracerState* state) noexcept : state_(state) {}

  TracerState* state_ = nullptr;  // stays until the process ends
};

// A span that is current while this lives and ends with it: the usual way to trace a block.
//
//   ActiveSpan span(tracer, "process_order");
//   span->SetAttribute("order.id", id);
class ActiveSpan {
 public:
  ActiveSpan(const Tracer& tracer, std::string_view name, const SpanOptions& options = {})
      : scope_(tracer.StartSpan(name, options)) {}
  explicit ActiveSpan(Span span) noexcept : scope_(std::move(span)) {}
  ActiveSpan(ActiveSpan&&) noexcept = default;
  ActiveSpan& operator=(ActiveSpan&&) = delete;
  ~ActiveSpan() { scope_.EndWithSpan(); }

  Span* operator->() const noexcept { return &scope_.span(); }
  Span& operator*() const noexcept { return scope_.span(); }

 private:
  Scope scope_;
};

}  // namespace spoor::trace
