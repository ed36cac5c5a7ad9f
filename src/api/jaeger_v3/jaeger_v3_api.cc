#include "api/jaeger_v3/jaeger_v3_api.h"

#include <string>
#include <vector>

#include "api/answer.h"
#include "api/jaeger_v3/otlp_json.h"
#include "base/json_writer.h"
#include "query/jaeger/rfc3339.h"
#include "query/jaeger/search.h"

namespace spoor::api {
namespace {

Result<HttpResponse> GetServices(Request& request) {
  ASSIGN_OR_RETURN(const auto services, request.store.Services(request.context));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("services");
  json.BeginArray();
  for (const std::string& service : services) json.String(service);
  json.EndArray();
  json.EndObject();
  return JsonAnswer(std::move(body));
}

// The value of a parameter, or of its older name.
Result<std::string_view> Either(const Request& request, std::string_view name, std::string_view alias) {
  ASSIGN_OR_RETURN(const std::string_view text, request.parameters.One(name));
  if (!text.empty()) return text;
  return request.parameters.One(alias);
}

// Jaeger shows a kind that was not set as internal.
std::string_view ShownKind(const Operation& operation) {
  const std::string_view kind = SpanKindName(static_cast<SpanKind>(operation.kind));
  return kind.empty() ? "internal" : kind;
}

Result<HttpResponse> GetOperations(Request& request) {
  ASSIGN_OR_RETURN(const std::string_view service, request.parameters.One("service"));
  ASSIGN_OR_RETURN(const std::string_view kind, Either(request, "spanKind", "span_kind"));
  ASSIGN_OR_RETURN(const auto operations, request.store.Operations(service, request.context));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("operations");
  json.BeginArray();
  for (const Operation& operation : operations) {
    if (!kind.empty() && kind != ShownKind(operation)) continue;
    json.BeginObject();
    json.Member("name", operation.name);
    json.Member("spanKind", ShownKind(operation));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return JsonAnswer(std::move(body));
}

template <class Parse>
Status CheckParameter(const Request& request, std::string_view name, std::string_view alias, Parse parse) {
  ASSIGN_OR_RETURN(const std::string_view text, Either(request, name, alias));
  if (text.empty()) return {};
  if (const auto value = parse(text); !value) {
    return value.error().Within("malformed parameter " + std::string(name));
  }
  return {};
}

Result<HttpResponse> GetTrace(Request& request) {
  const auto id = jaeger::ParseTraceIdParameter(request.path["traceId"]);
  if (!id) return id.error().Within("malformed parameter trace_id");
  // Read for their errors: a trace is always answered whole, as it was sent.
  RETURN_IF_ERROR(CheckParameter(request, "startTime", "start_time", jaeger::ParseRfc3339));
  RETURN_IF_ERROR(CheckParameter(request, "endTime", "end_time", jaeger::ParseRfc3339));
  RETURN_IF_ERROR(CheckParameter(request, "rawTraces", "raw_traces", jaeger::ParseBool));
  const auto trace = request.store.GetTrace(*id, request.context);
  if (!trace && trace.error().code == Code::kNotFound) return NotFound("trace not found");
  if (!trace) return trace.error();
  std::string body = R"({"result":{"resourceSpans":[)";
  JsonWriter json(body);
  WriteResourceSpans(json, *trace);
  body += "]}}";
  return JsonAnswer(std::move(body));
}

// The shape of the answers has no place for what could not be read, so a header says it: the rest is still served.
HttpResponse PartialAnswer(std::string body, const std::vector<std::string>& warnings) {
  HttpResponse response = JsonAnswer(std::move(body));
  if (!warnings.empty()) response.headers.emplace_back("X-Spoor-Incomplete", warnings.front());
  return response;
}

Result<SearchAnswer> SearchAll(Request& request) {
  ASSIGN_OR_RETURN(const jaeger::Search search, jaeger::ParseSearchV3(request.parameters));
  return request.store.Search(search.plan, request.context);
}

Result<HttpResponse> FindTraces(Request& request) {
  ASSIGN_OR_RETURN(SearchAnswer answer, SearchAll(request));
  std::string body = R"({"result":{"resourceSpans":[)";
  JsonWriter json(body);
  bool any = false;
  for (const TraceSummary& summary : answer.traces) {
    const auto trace = request.store.GetTrace(summary.id, request.context);
    if (trace) {
      WriteResourceSpans(json, *trace);
      RETURN_IF_ERROR(request.ReserveAnswer(body.size()));
      any = true;
    } else if (trace.error().code == Code::kCancelled) {
      return trace.error();
    } else if (trace.error().code != Code::kNotFound) {  // not found: retention took it after the search
      answer.warnings.push_back(trace.error().message);
    }
  }
  if (!any && !answer.warnings.empty()) return Error(Code::kCorrupt, answer.warnings.front());
  if (!any) return NotFound("No traces found");
  body += "]}}";
  return PartialAnswer(std::move(body), answer.warnings);
}

void WriteCount(JsonWriter& json, std::string_view name, uint32_t count) {
  if (count != 0) json.Member(name, count);
}

void WriteSummary(JsonWriter& json, const TraceSummary& trace) {
  json.BeginObject();
  json.Member("traceId", TraceIdHex(trace.id));
  if (!trace.root_service.empty()) json.Member("rootServiceName", trace.root_service);
  if (!trace.root_name.empty()) json.Member("rootOperationName", trace.root_name);
  json.Key("minStartTimeUnixNano");
  json.UintText(trace.start_ns);
  json.Key("maxEndTimeUnixNano");
  json.UintText(trace.end_ns);
  WriteCount(json, "spanCount", trace.span_count);
  WriteCount(json, "errorSpanCount", trace.error_count);
  WriteCount(json, "orphanSpanCount", trace.orphan_count);
  json.Key("services");
  json.BeginArray();
  for (const ServiceCount& service : trace.services) {
    json.BeginObject();
    json.Member("name", service.name);
    WriteCount(json, "spanCount", service.span_count);
    WriteCount(json, "errorSpanCount", service.error_count);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

Result<HttpResponse> FindSummaries(Request& request) {
  ASSIGN_OR_RETURN(const SearchAnswer answer, SearchAll(request));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  if (!answer.traces.empty()) {
    json.Key("summaries");
    json.BeginArray();
    for (const TraceSummary& trace : answer.traces) WriteSummary(json, trace);
    json.EndArray();
  }
  json.EndObject();
  return PartialAnswer(std::move(body), answer.warnings);
}

}  // namespace

void AddJaegerV3Routes(const AddRoute& add) {
  add(Lane::kQuery, "GET", "/api/v3/services", GetServices);
  add(Lane::kQuery, "GET", "/api/v3/operations", GetOperations);
  add(Lane::kQuery, "GET", "/api/v3/traces/{traceId}", GetTrace);
  add(Lane::kQuery, "GET", "/api/v3/traces", FindTraces);
  add(Lane::kQuery, "GET", "/api/v3/trace-summaries", FindSummaries);
}

}  // namespace spoor::api
