#include "api/spoor/summary_json.h"

namespace spoor::api {

void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns) {
  json.Key(name);
  json.UintText(ns);
}

void WriteSummary(JsonWriter& json, const TraceSummary& trace,
                  const std::optional<std::vector<analyze::ServiceTime>>& path, TraceStore& store) {
  json.BeginObject();
  json.Member("traceID", TraceIdHex(trace.id));
  json.Member("rootService", trace.root_service);
  json.Member("rootName", trace.root_name);
  json.Member("rootMissing", trace.root_missing);
  WriteNanos(json, "startTimeUnixNano", trace.start_ns);
  WriteNanos(json, "durationNano", trace.duration_ns());
  json.Member("spanCount", trace.span_count);
  json.Member("errorCount", trace.error_count);
  json.Key("services");
  json.BeginArray();
  for (const ServiceCount& service : trace.services) {
    json.BeginObject();
    json.Member("name", service.name);
    json.Member("colour", store.ServiceColour(service.name));
    json.Member("spanCount", service.span_count);
    json.Member("errorCount", service.error_count);
    json.EndObject();
  }
  json.EndArray();
  if (path) {
    json.Key("criticalPath");
    json.BeginArray();
    for (const analyze::ServiceTime& part : *path) {
      json.BeginObject();
      json.Member("service", part.name);
      json.Member("colour", store.ServiceColour(part.name));
      WriteNanos(json, "durationNano", part.time_ns);
      json.EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
}

void WriteCompleteness(JsonWriter& json, bool complete, const std::vector<std::string>& warnings) {
  json.Member("complete", complete);
  if (complete) return;
  json.Key("warnings");
  json.BeginArray();
  for (const std::string& warning : warnings) json.String(warning);
  json.EndArray();
}

}  // namespace spoor::api
