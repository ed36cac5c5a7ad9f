#include "api/spoor/red_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/answer.h"
#include "api/spoor/red_question.h"
#include "api/spoor/summary_json.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "model/rollup.h"
#include "model/value.h"

namespace spoor::api {
namespace {

constexpr uint64_t kHourNs = 60 * kNanosPerMinute;
constexpr uint64_t kStepsDefault = 60;
constexpr uint64_t kSecondsPerMinute = 60;
constexpr int kMedian = 500, kP95 = 950, kP99 = 990;  // thousandths

// What a group, a point, or a character takes in the answer, about.
constexpr size_t kGroupBytes = 300;
constexpr size_t kPointBytes = 90;

std::string Decimal(Int128 number) {
  if (number <= 0) return "0";
  std::string digits;
  for (; number > 0; number /= 10) digits.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
  return std::string(digits.rbegin(), digits.rend());
}

// There are never fewer than none, whatever was lost on the disk.
uint64_t AtLeastNone(int64_t count) { return count < 0 ? 0 : static_cast<uint64_t>(count); }

void WriteQuantiles(JsonWriter& json, const LatencySketch& durations) {
  WriteNanos(json, "p50Nano", durations.QuantileNs(kMedian));
  WriteNanos(json, "p95Nano", durations.QuantileNs(kP95));
  WriteNanos(json, "p99Nano", durations.QuantileNs(kP99));
}

void WriteCounts(JsonWriter& json, const SpanCounts& counts) {
  json.Member("count", AtLeastNone(counts.count()));
  json.Member("errorCount", AtLeastNone(counts.error_count));
}

// The end of the window is the first nanosecond behind it, but for that of all time.
void WriteWindow(JsonWriter& json, const RedWindow& window) {
  WriteNanos(json, "startTimeUnixNano", window.start_min_ns);
  WriteNanos(json, "endTimeUnixNano", window.start_max_ns == UINT64_MAX ? UINT64_MAX : window.start_max_ns + 1);
}

// Minutes of a step, and how many steps the window has.
struct Steps {
  uint32_t minutes = 0;
  uint32_t count = 0;
};

Result<Steps> ParseSteps(const jaeger::Parameters& parameters, const RedWindow& window) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One("step"));
  ASSIGN_OR_RETURN(const int64_t seconds, jaeger::ParseOr("step", text, int64_t{0}, jaeger::ParseInteger));
  // Widening added about a minute, which is none of the window that was asked for.
  uint64_t minutes = std::max<uint64_t>(1, (window.minutes() - 1 + kStepsDefault - 1) / kStepsDefault);
  if (!text.empty()) {
    if (seconds <= 0 || static_cast<uint64_t>(seconds) % kSecondsPerMinute != 0) {
      return Invalid("invalid parameter: step is a number of seconds, a multiple of 60");
    }
    minutes = std::min(static_cast<uint64_t>(seconds) / kSecondsPerMinute, window.minutes());
  }
  const uint64_t count = (window.minutes() + minutes - 1) / minutes;
  if (count > limits::kRedStepsMax) {
    return Invalid(fmt::format("invalid parameter: step would cut the window into {} parts, {} are the most", count,
                               limits::kRedStepsMax));
  }
  return Steps{static_cast<uint32_t>(minutes), static_cast<uint32_t>(count)};
}

template <class Write>
void WriteSeries(JsonWriter& json, std::string_view name, const RedSeries& series, uint32_t count, const Write& write) {
  json.Key(name);
  json.BeginArray();
  static const SpanCounts kNothing;
  auto next = series.steps.begin();
  for (uint32_t i = 0; i < count; ++i) {
    const bool is_there = next != series.steps.end() && next->index == i;
    write(is_there ? (next++)->counts : kNothing);
  }
  json.EndArray();
}

void WritePoints(JsonWriter& json, const RedSeries& series, uint32_t count) {
  json.Key("points");
  json.BeginObject();
  WriteSeries(json, "count", series, count, [&](const SpanCounts& counts) { json.Uint(AtLeastNone(counts.count())); });
  WriteSeries(json, "errorCount", series, count,
              [&](const SpanCounts& counts) { json.Uint(AtLeastNone(counts.error_count)); });
  const auto quantile = [&](std::string_view name, int thousandths) {
    WriteSeries(json, name, series, count, [&](const SpanCounts& counts) {
      if (counts.count() <= 0) return json.Null();
      json.UintText(counts.durations.QuantileNs(thousandths));
    });
  };
  quantile("p50Nano", kMedian);
  quantile("p95Nano", kP95);
  quantile("p99Nano", kP99);
  json.EndObject();
}

void WriteGroup(JsonWriter& json, const RedGroup& group, bool by_operation, uint32_t step_count, TraceStore& store) {
  const RedSeries& series = group.series;
  json.BeginObject();
  json.Member("service", series.service);
  json.Member("colour", store.ServiceColour(series.service));
  if (by_operation) {
    json.Member("operation", series.operation);
    json.Member("kind", SpanKindName(static_cast<SpanKind>(series.kind)));
  }
  json.Member("counted", group.counted);
  WriteCounts(json, series.total);
  json.Member("durationSumNano", Decimal(series.total.durations.sum_ns()));
  WriteQuantiles(json, series.total.durations);
  if (step_count > 0) WritePoints(json, series, step_count);
  json.EndObject();
}

Result<bool> ParseByOperation(const jaeger::Parameters& parameters) {
  ASSIGN_OR_RETURN(const std::string_view group_by, parameters.One("groupBy"));
  if (group_by.empty() || group_by == "service") return false;
  if (group_by == "operation") return true;
  return Invalid(fmt::format("invalid parameter: groupBy '{}' is neither service nor operation", group_by));
}

Result<HttpResponse> GetRed(Request& request) {
  ASSIGN_OR_RETURN(const RedWindow window, ParseRedWindow(request.parameters, request.now_ns, kHourNs));
  ASSIGN_OR_RETURN(RedQuestion question, ParseRedQuestion(request.parameters, window));
  ASSIGN_OR_RETURN(question.plan.by_operation, ParseByOperation(request.parameters));
  ASSIGN_OR_RETURN(const Steps steps, ParseSteps(request.parameters, window));
  ASSIGN_OR_RETURN(const std::string_view points_text, request.parameters.One("points"));
  ASSIGN_OR_RETURN(const bool points, jaeger::ParseOr("points", points_text, true, jaeger::ParseBool));
  if (points) question.plan.step_minutes = steps.minutes;
  ASSIGN_OR_RETURN(const RedGroups answer, AskRed(request.store, question, request.context));

  const uint32_t step_count = points ? steps.count : 0;
  RETURN_IF_ERROR(request.ReserveAnswer(answer.groups.size() * (kGroupBytes + step_count * kPointBytes)));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteWindow(json, window);
  WriteNanos(json, "stepNano", steps.minutes * kNanosPerMinute);
  json.Key("groups");
  json.BeginArray();
  for (const RedGroup& group : answer.groups) {
    WriteGroup(json, group, question.plan.by_operation, step_count, request.store);
  }
  json.EndArray();
  WriteCompleteness(json, answer.complete, answer.warnings);
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> GetDistribution(Request& request) {
  ASSIGN_OR_RETURN(const RedWindow window, ParseRedWindow(request.parameters, request.now_ns, 24 * kHourNs));
  ASSIGN_OR_RETURN(const RedQuestion question, ParseRedQuestion(request.parameters, window));
  ASSIGN_OR_RETURN(const RedGroups answer, AskRed(request.store, question, request.context));
  SpanCounts all;
  for (const RedGroup& group : answer.groups) all.Add(group.series.total);

  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteCounts(json, all);
  WriteQuantiles(json, all.durations);
  json.Key("buckets");
  json.BeginArray();
  for (const LatencySketch::Cell& cell : all.durations.cells()) {
    if (cell.count <= 0) continue;
    json.BeginArray();
    json.UintText(LatencySketch::BucketMinNs(cell.bucket));
    json.UintText(LatencySketch::BucketMaxNs(cell.bucket));
    json.Int(cell.count);
    json.EndArray();
  }
  json.EndArray();
  WriteCompleteness(json, answer.complete, answer.warnings);
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> GetMap(Request& request) {
  ASSIGN_OR_RETURN(const RedWindow window, ParseRedWindow(request.parameters, request.now_ns, kHourNs));
  RedQuestion question;
  question.plan.start_min_ns = window.start_min_ns;
  question.plan.start_max_ns = window.start_max_ns;
  ASSIGN_OR_RETURN(const RedGroups services, AskRed(request.store, question, request.context));
  ASSIGN_OR_RETURN(const CallsAnswer calls,
                   request.store.Calls(window.start_min_ns, window.start_max_ns, request.context));
  RETURN_IF_ERROR(request.ReserveAnswer((services.groups.size() + calls.calls.size()) * kGroupBytes));

  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteWindow(json, window);
  json.Key("services");
  json.BeginArray();
  for (const RedGroup& group : services.groups) {
    json.BeginObject();
    json.Member("name", group.series.service);
    json.Member("colour", request.store.ServiceColour(group.series.service));
    json.Member("counted", group.counted);
    WriteCounts(json, group.series.total);
    WriteQuantiles(json, group.series.total.durations);
    json.EndObject();
  }
  json.EndArray();
  json.Key("calls");
  json.BeginArray();
  for (const ServiceCalls& one : calls.calls) {
    if (one.total.count() <= 0) continue;
    json.BeginObject();
    json.Member("parent", one.parent);
    json.Member("child", one.child);
    WriteCounts(json, one.total);
    WriteQuantiles(json, one.total.durations);
    json.EndObject();
  }
  json.EndArray();
  WriteCompleteness(json, services.complete && calls.complete, services.complete ? calls.warnings : services.warnings);
  json.EndObject();
  return JsonAnswer(std::move(body));
}

}  // namespace

void AddRedRoutes(const AddRoute& add) {
  add(Lane::kQuery, "GET", "/api/spoor/v1/red", GetRed);
  add(Lane::kQuery, "GET", "/api/spoor/v1/distribution", GetDistribution);
  add(Lane::kQuery, "GET", "/api/spoor/v1/map", GetMap);
}

}  // namespace spoor::api
