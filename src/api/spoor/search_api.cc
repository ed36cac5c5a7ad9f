#include "api/spoor/search_api.h"

#include <optional>

#include "analyze/service_time.h"
#include "api/answer.h"
#include "api/spoor/overview_json.h"
#include "api/spoor/requested_trace.h"
#include "api/spoor/summary_json.h"
#include "base/json_writer.h"
#include "query/spoor/page_token.h"
#include "query/spoor/search.h"

namespace spoor::api {
namespace {

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

using ServiceTimes = std::optional<std::vector<analyze::ServiceTime>>;

// Nothing where the trace cannot be read (any more); `answer` is told why.
Result<ServiceTimes> CriticalPathOf(TraceId id, Request& request, SearchAnswer& answer) {
  RETURN_IF_ERROR(request.context.Check());
  const auto trace = request.store.GetTrace(id, request.context);
  if (trace) return ServiceTimes(analyze::CriticalPathByService(*trace));
  if (trace.error().code == Code::kCancelled) return trace.error();
  if (trace.error().code != Code::kNotFound) {
    answer.complete = false;
    answer.warnings.push_back(trace.error().message);
  }
  return ServiceTimes();
}

Result<HttpResponse> SearchTraces(Request& request) {
  ASSIGN_OR_RETURN(const query::Search search, query::ParseSearch(request.parameters, request.now_ns));
  ASSIGN_OR_RETURN(SearchAnswer answer, search.trace_ids.empty() ? request.store.Search(search.plan, request.context)
                                                                 : SummariesOf(search.trace_ids, request));
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Key("traces");
  json.BeginArray();
  for (const TraceSummary& trace : answer.traces) {
    ServiceTimes path;
    if (search.critical_path) {
      ASSIGN_OR_RETURN(path, CriticalPathOf(trace.id, request, answer));
    }
    WriteSummary(json, trace, path, request.store);
    RETURN_IF_ERROR(request.ReserveAnswer(body.size()));
  }
  json.EndArray();
  if (answer.trace_count) json.Member("traceCount", *answer.trace_count);
  if (answer.has_more && !answer.traces.empty()) {
    json.Member("next", query::PageToken(search.plan.order, RankOf(search.plan.order, answer.traces.back())));
  }
  WriteCompleteness(json, answer.complete, answer.warnings);
  json.EndObject();
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> AnswerOverview(Request& request) {
  ASSIGN_OR_RETURN(const query::OverviewQuestion question, query::ParseOverview(request.parameters, request.now_ns));
  ASSIGN_OR_RETURN(const Overview overview, request.store.GetOverview(question.plan, question.shape, request.context));
  std::string body = OverviewJson(overview, question.shape, request.store);
  RETURN_IF_ERROR(request.ReserveAnswer(body.size()));
  return JsonAnswer(std::move(body));
}

Result<HttpResponse> GetSummary(Request& request) {
  ASSIGN_OR_RETURN(const Trace trace, TraceOf(request));
  std::string body;
  JsonWriter json(body);
  WriteSummary(json, Summarise(trace), std::nullopt, request.store);
  return JsonAnswer(std::move(body));
}

}  // namespace

void AddSearchRoutes(const AddRoute& add) {
  add(Lane::kQuery, "GET", "/api/spoor/v1/search", SearchTraces);
  add(Lane::kQuery, "GET", "/api/spoor/v1/overview", AnswerOverview);
  add(Lane::kQuery, "GET", "/api/spoor/v1/traces/{traceID}", GetSummary);
}

}  // namespace spoor::api
