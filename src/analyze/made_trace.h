// Traces for tests, told span by span.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/span_batch_builder.h"
#include "model/trace.h"

namespace spoor::analyze {

inline constexpr TraceId kMadeTrace{1, 2};

struct MadeSpan {
  SpanId id = 0;
  SpanId parent = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  std::string service = "shop";
  std::string name = "work";
  SpanKind kind = SpanKind::kInternal;
  bool failed = false;
  std::vector<std::pair<std::string, std::string>> attributes = {};
};

inline std::shared_ptr<const SpanBatch> MadeBatch(const std::vector<MadeSpan>& spans) {
  SpanBatchBuilder builder;
  const auto add = [&](std::string_view key, std::string_view value) {
    SPOOR_CHECK(builder.AddAttribute(builder.InternString(key), ValueType::kString, builder.InternString(value)));
  };
  builder.AddScope(0, 0, {}, 0, 0);
  for (const MadeSpan& span : spans) {
    builder.BeginAttributes();
    add("service.name", span.service);
    builder.AddResource(builder.EndAttributes(), 0, 0);
    builder.BeginSpan();
    builder.BeginAttributes();
    for (const auto& [key, value] : span.attributes) add(key, value);
    builder.SetSpanAttributes(builder.EndAttributes());
    builder.EndSpan({.trace_id = kMadeTrace,
                     .span_id = span.id,
                     .parent_span_id = span.parent,
                     .start_ns = span.start_ns,
                     .end_ns = span.end_ns,
                     .name = builder.InternString(span.name),
                     .kind = static_cast<uint8_t>(span.kind),
                     .status_code = static_cast<uint8_t>(span.failed ? StatusCode::kError : StatusCode::kUnset)});
  }
  auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  return *batch;
}

inline Trace MadeTrace(const std::vector<MadeSpan>& spans) {
  if (spans.empty()) return MakeTrace(kMadeTrace, {});
  return MakeTrace(kMadeTrace, {MadeBatch(spans)});
}

}  // namespace spoor::analyze
