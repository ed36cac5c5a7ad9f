// Span: the handle of one timed operation.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>

#include "attribute.h"
#include "span_context.h"

namespace spoor::trace {

class SpanRecord;

// OTLP's numbers, as are StatusCode's.
enum class SpanKind : uint8_t { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };
enum class StatusCode : uint8_t { kUnset = 0, kOk = 1, kError = 2 };

using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// Where a link leads, for SpanOptions::links.
struct Link {
  SpanContext context;
  Attributes attributes;
};

// A handle: copies are the same span. Where it does not record (not sampled, or only a parent from elsewhere), every
// call does nothing and costs next to nothing. The last copy ends the span if nobody did. Thread-safe: copies, and one
// and the same handle, may be used from several threads, but for assigning to it.
//
// Nothing here throws. Without memory, what there is no room for is dropped and counted as if it were over a limit.
class Span {
 public:
  // Not valid, and does not record.
  Span() noexcept = default;
  // A span of elsewhere, as a parent: does not record.
  explicit Span(SpanContext context) noexcept : context_(std::move(context)) {}

  Span(const Span& other) noexcept;
  Span(Span&& other) noexcept : context_(std::move(other.context_)), record_(other.record_) { other.record_ = nullptr; }
  Span& operator=(const Span& other) noexcept;
  Span& operator=(Span&& other) noexcept;
  ~Span() {
    if (record_ != nullptr) Release();
  }

  const SpanContext& context() const noexcept { return context_; }
  // Whether what is told to it goes anywhere: false once it has ended.
  bool IsRecording() const noexcept;

  // An attribute with the same key is replaced. What is over the limits is dropped and counted; the span tells how
  // many.
  Span& SetAttribute(std::string_view key, AttributeValue value) noexcept;
  Span& SetAttributes(Attributes attributes) noexcept;
  Span& AddEvent(std::string_view name, Attributes attributes = {}) noexcept;
  Span& AddEvent(std::string_view name, Timestamp time, Attributes attributes = {}) noexcept;
  Span& AddLink(const SpanContext& to, Attributes attributes = {}) noexcept;
  // Ok is final, Error beats Unset, and kUnset does nothing. The description counts for errors only.
  Span& SetStatus(StatusCode code, std::string_view description = {}) noexcept;
  // An event "exception" with type and message, beside `attributes`, which win. Does not set the status.
  Span& RecordException(const std::exception& exception, Attributes attributes = {}) noexcept;
  Span& UpdateName(std::string_view name) noexcept;

  // Only the first call counts. Does not block. A given time before the start counts as the start.
  void End() noexcept {
    if (record_ != nullptr) EndNow();
  }
  void End(Timestamp time) noexcept;

 private:
  friend class Scope;
  friend class SpanRecord;
  Span(SpanContext context, SpanRecord* record) noexcept : context_(std::move(context)), record_(record) {}
  void Release() noexcept;
  void EndNow() noexcept;
  // End, by somebody who alone has this handle and does without it from then on.
  void EndForGood() && noexcept;

  SpanContext context_;
  SpanRecord* record_ = nullptr;  // shared among copies; null where it does not record
};

}  // namespace spoor::trace
