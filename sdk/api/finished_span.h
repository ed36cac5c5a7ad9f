// FinishedSpan: a span that has ended, as processors and exporters see it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resource.h"
#include "span.h"

namespace spoor::trace {

// A key with its value in OTLP's own bytes (the AnyValue message).
struct EncodedAttribute {
  std::string_view key;
  std::string_view any_value;

  // The value for people: text as it is, numbers in decimal, lists and maps as JSON.
  std::string Text() const;
};

struct FinishedEvent {
  std::string_view name;
  uint64_t time_ns = 0;
  std::vector<EncodedAttribute> attributes;
  uint32_t dropped_attributes = 0;
};

struct FinishedLink {
  SpanContext context;
  std::vector<EncodedAttribute> attributes;
  uint32_t dropped_attributes = 0;
};

struct InstrumentationScope {
  std::string name;
  std::string version;
  std::string schema_url;
  std::string wire;  // OTLP's InstrumentationScope message
};

// A handle that keeps the span. Nothing changes any more. Thread-safe. Views are valid as long as a handle lives.
class FinishedSpan {
 public:
  FinishedSpan(const FinishedSpan& other) noexcept;
  FinishedSpan(FinishedSpan&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  FinishedSpan& operator=(FinishedSpan other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~FinishedSpan();

  const SpanContext& context() const noexcept;
  SpanId parent_id() const noexcept;  // not valid for a root
  bool parent_is_remote() const noexcept;
  std::string_view name() const noexcept;
  SpanKind kind() const noexcept;
  uint64_t start_ns() const noexcept;  // since 1970
  uint64_t end_ns() const noexcept;
  StatusCode status() const noexcept;
  std::string_view status_description() const noexcept;
  std::vector<EncodedAttribute> attributes() const;
  std::vector<FinishedEvent> events() const;
  std::vector<FinishedLink> links() const;
  uint32_t dropped_attributes() const noexcept;
  uint32_t dropped_events() const noexcept;
  uint32_t dropped_links() const noexcept;
  const Resource& resource() const noexcept;
  const InstrumentationScope& scope() const noexcept;

  // How long the span is as OTLP's Span message, and that message behind `out`.
  size_t WireSize() const noexcept;
  void AppendWire(std::string& out) const;

 private:
  friend class SpanRecord;
  explicit FinishedSpan(SpanRecord* record) noexcept : record_(record) {}
  SpanRecord* record_;
};

}  // namespace spoor::trace
