#include "api/spoor/spoor_api.h"

#include "api/answer.h"
#include "api/spoor/critical_path_json.h"
#include "api/spoor/find_in_trace.h"
#include "api/spoor/span_json.h"
#include "api/spoor/trace_columns.h"
#include "base/json_writer.h"
#include "query/jaeger/search.h"

namespace spoor::api {
namespace {

void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns) {
  json.Key(name);
  json.UintText(ns);
}

void WriteSummary(JsonWriter& json, const TraceSummary& trace, TraceStore& store) {
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
  json.EndObject();
}

// By id, in the order asked for; ids that are unknown are left out.
Result<SearchAnswer> SummariesOf(const std::vector<TraceId>& ids, Request& request) {
  SearchAnswer answer;
  for (const TraceId id : ids) {
    const auto trace = request.store.GetTrace(id, request.context);
    if (trace) {
      answer.traces.push_back(Summarise(*trace));
    } else if (trace.error().code == Code::kCancelled) {
      return trace.error();
    } else if (trace.error().code != Code::kNotFound) {
      answer.complete = false;
      answer.warnings.push_back(trace.error().message);
    }
  }
  return answer;
}

Result<HttpResponse> SearchTraces(Request& request) {
  ASSIGN_OR_RETURN(const jaeger::Search search, jaeger::ParseSearch(request.parameters, request.now_ns));
  ASSIGN_OR_RETURN(const SearchAnswer answer, search.trace_ids.empty()
                                                  ? request.store.Search(search.plan, request.context)
                                                  : SummariesOf(search.trace_ids, request));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("traces");
  json.BeginArray();
  for (const TraceSummary& trace : answer.traces) WriteSummary(json, trace, request.store);
  json.EndArray();
  json.Member("complete", answer.complete);
  if (!answer.complete) {
    json.Key("warnings");
    json.BeginArray();
    for (const std::string& warning : answer.warnings) json.String(warning);
    json.EndArray();
  }
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> GetServices(Request& request) {
  ASSIGN_OR_RETURN(const auto services, request.store.Services(request.context));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("services");
  json.BeginArray();
  for (const std::string& service : services) {
    json.BeginObject();
    json.Member("name", service);
    json.Member("colour", request.store.ServiceColour(service));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<Trace> TraceOf(Request& request) {
  ASSIGN_OR_RETURN(const TraceId id, jaeger::ParseTraceIdParameter(request.path["traceID"]));
  auto trace = request.store.GetTrace(id, request.context);
  if (!trace && trace.error().code == Code::kNotFound) return NotFound("trace " + TraceIdHex(id) + " is not here");
  return trace;
}

Result<HttpResponse> GetColumns(Request& request) {
  ASSIGN_OR_RETURN(const Trace trace, TraceOf(request));
  ASSIGN_OR_RETURN(std::string body, EncodeTraceColumns(trace, [&](std::string_view service) {
                     return request.store.ServiceColour(service);
                   }));
  return HttpResponse{.status = 200, .content_type = "application/x-spoor-trace-columns", .body = std::move(body)};
}

Result<HttpResponse> GetSpan(Request& request) {
  const std::string& text = request.path["spanID"];
  const auto id = ParseSpanId(text);
  if (!id) return Invalid("\"" + text + "\" is no span id: 1 to 16 hex digits");
  ASSIGN_OR_RETURN(const std::string_view nth_text, request.parameters.One("nth"));
  ASSIGN_OR_RETURN(int64_t nth, jaeger::ParseOr("nth", nth_text, int64_t{0}, jaeger::ParseInteger));
  if (nth < 0) return Invalid("parameter 'nth' must not be negative");
  ASSIGN_OR_RETURN(const Trace trace, TraceOf(request));
  for (const TraceSpan& span : trace.spans) {
    if (span.batch->span_id[span.row] == *id && nth-- == 0) return JsonAnswer(SpanJson(trace, span));
  }
  return NotFound("span " + SpanIdHex(*id) + " is not in this trace");
}

Result<HttpResponse> Find(Request& request) {
  ASSIGN_OR_RETURN(const std::string_view text, request.parameters.One("q"));
  if (text.empty()) return Invalid("parameter 'q' is required: the text to find");
  ASSIGN_OR_RETURN(const Trace trace, TraceOf(request));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("rows");
  json.BeginArray();
  for (const uint32_t row : FindInTrace(trace, text)) json.Uint(row);
  json.EndArray();
  json.Member("spanCount", trace.spans.size());
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> GetCriticalPath(Request& request) {
  ASSIGN_OR_RETURN(const Trace trace, TraceOf(request));
  return JsonAnswer(
      CriticalPathJson(trace, [&](std::string_view service) { return request.store.ServiceColour(service); }));
}

Result<HttpResponse> Compact(Request& request) {
  RETURN_IF_ERROR(request.store.SealAll());
  return JsonAnswer("{}");
}

}  // namespace

void AddSpoorRoutes(const AddRoute& add) {
  add(Lane::kQuery, "GET", "/api/spoor/v1/search", SearchTraces);
  add(Lane::kQuery, "GET", "/api/spoor/v1/services", GetServices);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/columns", GetColumns);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/spans/{spanID}", GetSpan);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/find", Find);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/critical-path", GetCriticalPath);
  add(Lane::kAdmin, "POST", "/api/spoor/v1/admin/compact", Compact);
}

}  // namespace spoor::api
