#include "learn/check/jaeger_json.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>

#include "learn/check/json_document.h"

namespace spoor::learn {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

SpanKind KindNamed(std::string_view name) {
  if (name == "server") return SpanKind::kServer;
  if (name == "client") return SpanKind::kClient;
  if (name == "producer") return SpanKind::kProducer;
  if (name == "consumer") return SpanKind::kConsumer;
  return name == "internal" ? SpanKind::kInternal : SpanKind::kUnspecified;
}

// Of microseconds; 0 where that is no time.
int64_t NanosOf(int64_t micros) {
  constexpr int64_t kMicrosMax = std::numeric_limits<int64_t>::max() / 1000;
  return micros < 0 || micros > kMicrosMax ? 0 : micros * 1000;
}

void ReadTags(object span_json, SeenSpan& span) {
  int rank = 0;
  for (const element tag : ArrayAt(span_json, "tags")) {
    const std::string_view key = TextAt(tag, "key");
    const std::string_view value = TextAt(tag, "value");
    if (key == "span.kind") span.kind = KindNamed(value);
    if (const int better = PathRank(key); better > rank && !PathIn(value).empty()) {
      rank = better;
      span.path = PathIn(value);
    }
  }
}

// The span that this one is a child of; where it only follows another, that one.
std::string ParentIn(object span_json, std::string_view trace_id) {
  std::string parent;
  for (const element reference : ArrayAt(span_json, "references")) {
    if (IdFromHex(TextAt(reference, "traceID"), 32) != trace_id) continue;
    const bool is_child = TextAt(reference, "refType") == "CHILD_OF";
    if (is_child || parent.empty()) parent = IdFromHex(TextAt(reference, "spanID"), 16);
    if (is_child) break;
  }
  return parent.empty() ? IdFromHex(TextAt(span_json, "parentSpanID"), 16) : parent;
}

void ReadTrace(object trace, SeenSpans& spans) {
  boost::unordered_flat_map<std::string_view, std::string_view> services;
  for (const auto& [id, process] : ObjectAt(trace, "processes")) services[id] = TextAt(process, "serviceName");
  for (const element one : ArrayAt(trace, "spans")) {
    object span_json;
    if (one.get(span_json) != simdjson::SUCCESS) continue;
    SeenSpan span;
    span.trace_id = IdFromHex(TextAt(span_json, "traceID"), 32);
    span.span_id = IdFromHex(TextAt(span_json, "spanID"), 16);
    span.parent_id = ParentIn(span_json, span.trace_id);
    span.service = services[TextAt(span_json, "processID")];
    span.path = PathIn(TextAt(span_json, "operationName"));
    span.start_ns = NanosOf(IntAt(span_json, "startTime"));
    ReadTags(span_json, span);
    spans.push_back(std::move(span));
  }
}

}  // namespace

Result<SeenSpans> ReadJaegerTraces(std::string_view json) {
  JsonDocument document(json);
  object root;
  if (!document.Object(root)) return Invalid("not an object");
  array traces;
  if (root["data"].get(traces) != simdjson::SUCCESS) return Invalid("no \"data\" with traces");
  SeenSpans spans;
  for (const element one : traces) {
    object trace;
    if (one.get(trace) != simdjson::SUCCESS) return Invalid("a trace that is no object");
    ReadTrace(trace, spans);
  }
  return spans;
}

Result<std::vector<std::string>> ReadJaegerServices(std::string_view json) {
  JsonDocument document(json);
  object root;
  element data;
  if (!document.Object(root) || root["data"].get(data) != simdjson::SUCCESS) return Invalid("no \"data\"");
  if (data.is_null()) return std::vector<std::string>();
  return TextsOf(data);
}

bool IsJaegerError(std::string_view json) {
  JsonDocument document(json);
  object root;
  array errors;
  return document.Object(root) && root["errors"].get(errors) == simdjson::SUCCESS;
}

}  // namespace spoor::learn
