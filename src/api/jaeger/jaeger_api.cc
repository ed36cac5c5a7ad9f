#include "api/jaeger/jaeger_api.h"

#include <algorithm>
#include <set>

#include "api/answer.h"
#include "api/jaeger/trace_json.h"
#include "api/pretty_json.h"
#include "base/json_writer.h"
#include "net/status.h"
#include "query/jaeger/search.h"

namespace spoor::api {
namespace {

constexpr uint64_t kMilli = 1'000'000;
constexpr int64_t kDependencyLookbackMs = 24 * 3600 * 1000;

struct TraceError {
  int code = 0;  // 0: none is told
  std::string message;
  TraceId trace;  // zero: it is not about one
};

void WriteErrors(JsonWriter& json, const std::vector<TraceError>& errors) {
  if (errors.empty()) return json.Null();
  json.BeginArray();
  for (const TraceError& error : errors) {
    json.BeginObject();
    if (error.code != 0) json.Member("code", error.code);
    json.Member("msg", error.message);
    if (!error.trace.IsZero()) json.Member("traceID", TraceIdShortHex(error.trace));
    json.EndObject();
  }
  json.EndArray();
}

constexpr std::string_view kOpening = R"({"data":)";

// Ends an answer that consists of kOpening and the data so far. It is not copied: a large trace's is 100 MB long.
Result<HttpResponse> Envelope(const Request& request, std::string body, size_t total,
                              const std::vector<TraceError>& errors = {}) {
  ASSIGN_OR_RETURN(const std::string_view pretty, request.parameters.One("prettyPrint"));
  body += R"(,"total":)" + std::to_string(total) + R"(,"limit":0,"offset":0,"errors":)";
  JsonWriter json(body);
  WriteErrors(json, errors);
  body += "}";
  if (!pretty.empty() && pretty != "false") body = PrettyJson(body);
  body += "\n";
  return JsonAnswer(std::move(body));
}

std::string TextArray(const auto& texts) {
  std::string data(kOpening);
  JsonWriter json(data);
  json.BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
  return data;
}

Result<HttpResponse> GetServices(Request& request) {
  ASSIGN_OR_RETURN(const auto services, request.store.Services(request.context));
  return Envelope(request, TextArray(services), services.size());
}

Result<HttpResponse> GetOperationNames(Request& request) {
  std::string service = request.path["service"];
  ASSIGN_OR_RETURN(auto operations, request.store.Operations(service, request.context));
  if (operations.empty() && service.find('+') != std::string::npos) {
    // Jaeger takes a '+' in the path for a space; others send one that is meant.
    std::replace(service.begin(), service.end(), '+', ' ');
    ASSIGN_OR_RETURN(operations, request.store.Operations(service, request.context));
  }
  std::set<std::string> names;
  for (const Operation& operation : operations) names.insert(operation.name);
  return Envelope(request, TextArray(names), names.size());
}

Result<HttpResponse> GetOperations(Request& request) {
  ASSIGN_OR_RETURN(const std::string_view service, request.parameters.One("service"));
  ASSIGN_OR_RETURN(const std::string_view wanted, request.parameters.One("spanKind"));
  if (service.empty()) return Invalid("parameter 'service' is required");
  ASSIGN_OR_RETURN(const auto operations, request.store.Operations(service, request.context));
  std::string data(kOpening);
  JsonWriter json(data);
  json.BeginArray();
  size_t count = 0;
  for (const Operation& operation : operations) {
    const std::string_view kind = SpanKindName(static_cast<SpanKind>(operation.kind));
    if (!wanted.empty() && kind != wanted && !(wanted == "unspecified" && kind.empty())) continue;
    json.BeginObject();
    json.Member("name", operation.name);
    json.Member("spanKind", kind);
    json.EndObject();
    ++count;
  }
  json.EndArray();
  return Envelope(request, std::move(data), count);
}

// Reads traces one after the other and collects their JSON. What cannot be read becomes an error beside the others.
class TraceList {
 public:
  explicit TraceList(Request& request) : request_(request) { data_ += "["; }

  Status Add(TraceId id, bool must_exist) {
    const auto trace = request_.store.GetTrace(id, request_.context);
    if (!trace) return AddError(id, trace.error(), must_exist);
    if (data_.back() != '[') data_ += ',';
    AppendJaegerTrace(data_, *trace);
    return request_.ReserveAnswer(data_.size());
  }
  void AddWarning(const std::string& warning) { errors_.push_back({500, warning, {}}); }

  Result<HttpResponse> Finish() && {
    data_ += "]";
    return Envelope(request_, std::move(data_), 0, errors_);
  }

 private:
  Status AddError(TraceId id, const Error& error, bool must_exist) {
    if (error.code == Code::kNotFound) {
      // Between the search and now, retention may have taken one.
      if (must_exist) errors_.push_back({0, "trace not found", id});
      return {};
    }
    if (error.code == Code::kCancelled) return error;
    errors_.push_back({HttpStatusOf(error.code), error.message, id});
    return {};
  }

  Request& request_;
  std::string data_{kOpening};
  std::vector<TraceError> errors_;
};

Result<HttpResponse> SearchTraces(Request& request) {
  ASSIGN_OR_RETURN(const jaeger::Search search, jaeger::ParseSearch(request.parameters, request.now_ns));
  TraceList list(request);
  if (!search.trace_ids.empty()) {
    for (const TraceId id : search.trace_ids) RETURN_IF_ERROR(list.Add(id, true));
    return std::move(list).Finish();
  }
  ASSIGN_OR_RETURN(const SearchAnswer answer, request.store.Search(search.plan, request.context));
  for (const TraceSummary& trace : answer.traces) RETURN_IF_ERROR(list.Add(trace.id, false));
  for (const std::string& warning : answer.warnings) list.AddWarning(warning);
  return std::move(list).Finish();
}

// start, end and raw of one trace: read for their errors; a trace is always answered whole.
Status CheckTraceParameters(const Request& request) {
  for (const std::string_view name : {"start", "end"}) {
    ASSIGN_OR_RETURN(const std::string_view text, request.parameters.One(name));
    RETURN_IF_ERROR(jaeger::ParseOr(name, text, int64_t{0}, jaeger::ParseInteger));
  }
  ASSIGN_OR_RETURN(const std::string_view raw, request.parameters.One("raw"));
  RETURN_IF_ERROR(jaeger::ParseOr("raw", raw, false, jaeger::ParseBool));
  return {};
}

Result<HttpResponse> GetTrace(Request& request) {
  ASSIGN_OR_RETURN(const TraceId id, jaeger::ParseTraceIdParameter(request.path["traceID"]));
  RETURN_IF_ERROR(CheckTraceParameters(request));
  const auto trace = request.store.GetTrace(id, request.context);
  if (!trace && trace.error().code == Code::kNotFound) return NotFound("trace not found");
  if (!trace) return trace.error();
  std::string data(kOpening);
  data += "[";
  AppendJaegerTrace(data, *trace);
  data += "]";
  return Envelope(request, std::move(data), 0);
}

Result<int64_t> MillisParameter(const Request& request, std::string_view name, int64_t otherwise) {
  ASSIGN_OR_RETURN(const std::string_view text, request.parameters.One(name));
  ASSIGN_OR_RETURN(const int64_t ms, jaeger::ParseOr(name, text, otherwise, jaeger::ParseInteger));
  if (ms < 0) return Invalid("invalid parameter: " + std::string(name) + " must not be negative");
  return std::min(ms, static_cast<int64_t>(INT64_MAX / kMilli));
}

Result<HttpResponse> GetDependencies(Request& request) {
  const auto now_ms = static_cast<int64_t>(request.now_ns / kMilli);
  ASSIGN_OR_RETURN(const int64_t end_ms, MillisParameter(request, "endTs", now_ms));
  ASSIGN_OR_RETURN(const int64_t lookback_ms, MillisParameter(request, "lookback", kDependencyLookbackMs));
  ASSIGN_OR_RETURN(const std::string_view service, request.parameters.One("service"));
  const uint64_t start_min_ns = static_cast<uint64_t>(std::max(end_ms - lookback_ms, int64_t{0})) * kMilli;
  // To the end of the millisecond: whoever asks "until now" means spans that have just begun, too.
  const uint64_t start_max_ns = static_cast<uint64_t>(end_ms) * kMilli + (kMilli - 1);
  ASSIGN_OR_RETURN(const auto dependencies, request.store.Dependencies(start_min_ns, start_max_ns, request.context));
  std::string data(kOpening);
  JsonWriter json(data);
  json.BeginArray();
  for (const Dependency& dependency : dependencies) {
    if (!service.empty() && dependency.parent != service && dependency.child != service) continue;
    json.BeginObject();
    json.Member("parent", dependency.parent);
    json.Member("child", dependency.child);
    json.Member("callCount", dependency.call_count);
    json.EndObject();
  }
  json.EndArray();
  return Envelope(request, std::move(data), 0);
}

}  // namespace

void AddJaegerRoutes(const AddRoute& add) {
  add(Lane::kQuery, "GET", "/api/services", GetServices);
  add(Lane::kQuery, "GET", "/api/services/{service}/operations", GetOperationNames);
  add(Lane::kQuery, "GET", "/api/operations", GetOperations);
  add(Lane::kQuery, "GET", "/api/traces", SearchTraces);
  add(Lane::kQuery, "GET", "/api/traces/{traceID}", GetTrace);
  add(Lane::kQuery, "GET", "/api/dependencies", GetDependencies);
}

}  // namespace spoor::api
