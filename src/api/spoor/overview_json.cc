#include "api/spoor/overview_json.h"

#include <algorithm>

#include "api/spoor/summary_json.h"
#include "base/json_writer.h"

namespace spoor::api {
namespace {

constexpr size_t kRootServicesShown = 20;

void WriteOptional(JsonWriter& json, const std::optional<uint64_t>& ns) {
  if (ns) {
    json.UintText(*ns);
  } else {
    json.Null();
  }
}

void WriteOptionals(JsonWriter& json, std::string_view name, const std::vector<std::optional<uint64_t>>& all) {
  json.Key(name);
  json.BeginArray();
  for (const auto& ns : all) WriteOptional(json, ns);
  json.EndArray();
}

void WriteCells(JsonWriter& json, const std::vector<Overview::Cell>& cells) {
  json.Key("cells");
  json.BeginArray();
  for (const Overview::Cell& cell : cells) {
    json.BeginArray();
    for (const uint64_t number : {uint64_t{cell.column}, uint64_t{cell.row}, cell.trace_count, cell.error_count}) {
      json.Uint(number);
    }
    json.EndArray();
  }
  json.EndArray();
}

void WritePoints(JsonWriter& json, const std::vector<Overview::Point>& points) {
  json.Key("points");
  json.BeginArray();
  for (const Overview::Point& point : points) {
    json.BeginArray();
    json.UintText(point.start_ns);
    json.UintText(point.duration_ns);
    json.Uint(point.span_count);
    json.Uint(point.error_count);
    json.String(TraceIdHex(point.id));
    json.String(point.root_service);
    json.EndArray();
  }
  json.EndArray();
}

void WriteRootServices(JsonWriter& json, const std::vector<Overview::RootService>& roots, TraceStore& store) {
  json.Key("rootServices");
  json.BeginArray();
  for (size_t i = 0; i < std::min(roots.size(), kRootServicesShown); ++i) {
    json.BeginObject();
    json.Member("name", roots[i].name);
    json.Member("colour", store.ServiceColour(roots[i].name));
    json.Member("traceCount", roots[i].trace_count);
    json.EndObject();
  }
  json.EndArray();
  json.Member("rootServiceCount", roots.size());
}

}  // namespace

std::string OverviewJson(const Overview& overview, const OverviewShape& shape, TraceStore& store) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Member("traceCount", overview.trace_count);
  WriteNanos(json, "startTimeUnixNano", overview.start_ns);
  WriteNanos(json, "endTimeUnixNano", overview.end_ns);
  WriteNanos(json, "durationMinNano", overview.duration_min_ns);
  WriteNanos(json, "durationMaxNano", overview.duration_max_ns);
  json.Member("columns", shape.columns);
  json.Member("rows", shape.rows);
  WriteCells(json, overview.cells);
  WriteOptionals(json, "columnP50Nano", overview.column_p50_ns);
  WriteOptionals(json, "columnP99Nano", overview.column_p99_ns);
  json.Key("p50Nano");
  WriteOptional(json, overview.p50_ns);
  json.Key("p99Nano");
  WriteOptional(json, overview.p99_ns);
  WritePoints(json, overview.points);
  json.Key("counts");
  json.BeginObject();
  json.Member("errors", overview.error_count);
  json.Member("slow", overview.slow_count);
  json.Member("rootMissing", overview.root_missing_count);
  json.EndObject();
  WriteRootServices(json, overview.root_services, store);
  WriteCompleteness(json, overview.complete, overview.warnings);
  json.EndObject();
  return body;
}

}  // namespace spoor::api
