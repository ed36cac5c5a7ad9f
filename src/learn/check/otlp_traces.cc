#include "learn/check/otlp_traces.h"

#include <algorithm>

#include "learn/check/json_document.h"

namespace spoor::learn {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

SpanKind KindOf(object span_json) {
  const std::string_view name = TextAt(span_json, "kind");
  if (name == "SPAN_KIND_INTERNAL") return SpanKind::kInternal;
  if (name == "SPAN_KIND_SERVER") return SpanKind::kServer;
  if (name == "SPAN_KIND_CLIENT") return SpanKind::kClient;
  if (name == "SPAN_KIND_PRODUCER") return SpanKind::kProducer;
  if (name == "SPAN_KIND_CONSUMER") return SpanKind::kConsumer;
  const int64_t number = IntAt(span_json, "kind");
  return number >= 0 && number <= 5 ? static_cast<SpanKind>(number) : SpanKind::kUnspecified;
}

std::string_view TextOf(element attribute) { return TextAt(attribute["value"], "stringValue"); }

std::string ServiceIn(const std::vector<element>& attributes) {
  for (const element attribute : attributes) {
    if (TextAt(attribute, "key") == "service.name") return std::string(TextOf(attribute));
  }
  return {};
}

std::string PathOf(object span_json) {
  std::string path = PathIn(TextAt(span_json, "name"));
  int rank = 0;
  for (const element attribute : ArrayAt(span_json, "attributes")) {
    const int better = PathRank(TextAt(attribute, "key"));
    if (better <= rank || PathIn(TextOf(attribute)).empty()) continue;
    rank = better;
    path = PathIn(TextOf(attribute));
  }
  return path;
}

void ReadSpan(object span_json, const std::string& service, SeenSpans& spans) {
  spans.push_back({.trace_id = IdFromHexOrBase64(TextAt(span_json, "traceId"), 32),
                   .span_id = IdFromHexOrBase64(TextAt(span_json, "spanId"), 16),
                   .parent_id = IdFromHexOrBase64(TextAt(span_json, "parentSpanId"), 16),
                   .service = service,
                   .path = PathOf(span_json),
                   .kind = KindOf(span_json),
                   .start_ns = IntAt(span_json, "startTimeUnixNano")});
}

void ReadResource(element resource_spans, SeenSpans& spans) {
  const std::string service = ServiceIn(Elements(resource_spans["resource"]["attributes"]));
  for (const char* const scopes : {"scopeSpans", "instrumentationLibrarySpans"}) {
    for (const element scope : ArrayAt(resource_spans, scopes)) {
      for (const element one : ArrayAt(scope, "spans")) {
        object span_json;
        if (one.get(span_json) == simdjson::SUCCESS) ReadSpan(span_json, service, spans);
      }
    }
  }
}

// One document: the wrapper, what it wraps, or a list of those. False where it is something else.
bool ReadPart(element part, SeenSpans& spans) {
  simdjson::dom::array list;
  if (part.get(list) == simdjson::SUCCESS) {
    for (const element one : list) {
      if (!one.is_object() || !ReadPart(one, spans)) return false;
    }
    return true;
  }
  object wrapper;
  if (part.get(wrapper) != simdjson::SUCCESS) return false;
  object result;
  if (wrapper["result"].get(result) == simdjson::SUCCESS) wrapper = result;
  simdjson::dom::array resources;
  if (wrapper["resourceSpans"].get(resources) != simdjson::SUCCESS) return wrapper.size() == 0;
  for (const element resource : resources) ReadResource(resource, spans);
  return true;
}

}  // namespace

Result<SeenSpans> ReadOtlpTraces(std::string_view json) {
  SeenSpans spans;
  if (const JsonDocument whole(json); whole.IsJson()) {
    if (!ReadPart(whole.root(), spans)) return Invalid("no \"resourceSpans\"");
    return spans;
  }
  size_t parts = 0;
  for (size_t begin = 0; begin < json.size();) {
    const size_t end = std::min(json.find('\n', begin), json.size());
    const std::string_view line = json.substr(begin, end - begin);
    begin = end + 1;
    if (line.find_first_not_of(" \r\t") == std::string_view::npos) continue;
    const JsonDocument part(line);
    if (!part.IsJson() || !ReadPart(part.root(), spans)) return Invalid("not JSON with \"resourceSpans\"");
    ++parts;
  }
  if (parts == 0) return Invalid("nothing");
  return spans;
}

Result<std::vector<std::string>> ReadV3Services(std::string_view json) {
  JsonDocument document(json);
  object root;
  if (!document.Object(root)) return Invalid("not an object");
  element services;
  if (root["services"].get(services) != simdjson::SUCCESS) {
    if (root.size() == 0) return std::vector<std::string>();  // as protobuf's JSON says an empty list
    return Invalid("no \"services\"");
  }
  return TextsOf(services);
}

bool IsV3Error(std::string_view json) {
  JsonDocument document(json);
  object root;
  object error;
  return document.Object(root) && root["error"].get(error) == simdjson::SUCCESS && !TextAt(error, "message").empty();
}

}  // namespace spoor::learn
