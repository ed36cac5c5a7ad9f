#include "api/spoor/critical_path_json.h"

#include "analyze/critical_path.h"
#include "analyze/path_parts.h"
#include "analyze/service_time.h"
#include "base/json_writer.h"

namespace spoor::api {
namespace {

using analyze::PartKind;
using analyze::PathPart;
using ColourOf = std::function<uint32_t(std::string_view)>;

std::string_view KindName(PartKind kind) {
  switch (kind) {
    case PartKind::kRepeats: return "repeats";
    case PartKind::kRetry: return "retry";
    case PartKind::kNetwork: return "network";
    case PartKind::kOutside: return "outside";
    case PartKind::kGap: return "gap";
    case PartKind::kOperation: return "operation";
    case PartKind::kRest: return "rest";
  }
  return "";
}

bool IsOfOneService(PartKind kind) {
  return kind != PartKind::kNetwork && kind != PartKind::kGap && kind != PartKind::kRest;
}

void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns) {
  json.Key(name);
  json.UintText(ns);
}

void WritePart(JsonWriter& json, const PathPart& part, const ColourOf& colour_of) {
  json.BeginObject();
  json.Member("kind", KindName(part.kind));
  if (IsOfOneService(part.kind)) {
    json.Member("service", part.service);
    json.Member("colour", colour_of(part.service));
    json.Member("name", part.name);
  }
  if (part.kind == PartKind::kOutside) json.Member("target", part.target);
  WriteNanos(json, "durationNano", part.duration_ns);
  json.Member("spanCount", part.span_count);
  if (part.kind == PartKind::kRepeats) WriteNanos(json, "eachNano", part.duration_ns / part.span_count);
  if (part.kind == PartKind::kNetwork) {
    json.Member("from", part.from);
    json.Member("to", part.to);
    WriteNanos(json, "fromToNano", part.from_to_ns);
  }
  json.Key("rows");
  json.BeginArray();
  for (const uint32_t row : part.rows) json.Uint(row);
  json.EndArray();
  json.EndObject();
}

}  // namespace

std::string CriticalPathJson(const Trace& trace, const ColourOf& colour_of) {
  const analyze::CriticalPath path = analyze::FindCriticalPath(trace);
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Member("spanCount", trace.spans.size());
  WriteNanos(json, "startTimeUnixNano", path.start_ns);
  WriteNanos(json, "durationNano", path.duration_ns());
  json.Member("rootMissing", trace.root_missing);
  json.Key("parts");
  json.BeginArray();
  for (const PathPart& part : analyze::TellAsParts(trace, path)) WritePart(json, part, colour_of);
  json.EndArray();
  json.Key("services");
  json.BeginArray();
  for (const analyze::ServiceTime& service : analyze::TimeByService(trace, path)) {
    json.BeginObject();
    json.Member("service", service.name);
    json.Member("colour", colour_of(service.name));
    WriteNanos(json, "durationNano", service.time_ns);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return body;
}

}  // namespace spoor::api
