#include "api/spoor/spoor_api.h"

#include "api/answer.h"
#include "api/spoor/critical_path_json.h"
#include "api/spoor/find_in_trace.h"
#include "api/spoor/red_api.h"
#include "api/spoor/requested_trace.h"
#include "api/spoor/search_api.h"
#include "api/spoor/span_json.h"
#include "api/spoor/trace_columns.h"
#include "base/json_writer.h"
#include "query/jaeger/parameters.h"

namespace spoor::api {
namespace {

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
  RETURN_IF_ERROR(request.store.CompactAll());
  return JsonAnswer("{}");
}

Result<HttpResponse> Seal(Request& request) {
  RETURN_IF_ERROR(request.store.SealAll());
  return JsonAnswer("{}");
}

}  // namespace

void AddSpoorRoutes(const AddRoute& add) {
  AddSearchRoutes(add);
  AddRedRoutes(add);
  add(Lane::kQuery, "GET", "/api/spoor/v1/services", GetServices);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/columns", GetColumns);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/spans/{spanID}", GetSpan);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/find", Find);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}/critical-path", GetCriticalPath);
  add(Lane::kAdmin, "POST", "/api/spoor/v1/admin/compact", Compact);
  add(Lane::kAdmin, "POST", "/api/spoor/v1/admin/seal", Seal);
}

}  // namespace spoor::api
