#include "api/jaeger/jaeger_api.h"

#include <gtest/gtest.h>

#include "api/jaeger/trace_json.h"
#include "api/sample_trace.h"

namespace spoor::api {
namespace {

constexpr std::string_view kSampleJson =
    R"({"traceID":"0123456789abcdeffedcba9876543210","spans":[)"
    R"({"traceID":"0123456789abcdeffedcba9876543210","spanID":"000000000000000a","flags":257,"operationName":"GET /",)"
    R"("references":[{"refType":"FOLLOWS_FROM","traceID":"0000000000000abc","spanID":"0000000000000def"}],)"
    R"("startTime":1700000000000000,"duration":5000,"tags":[)"
    R"({"key":"otel.scope.name","type":"string","value":"lib"},)"
    R"({"key":"otel.scope.version","type":"string","value":"1.2"},)"
    R"({"key":"text","type":"string","value":"a \"b\" ä"},)"
    R"({"key":"text","type":"string","value":"twice"},)"
    R"({"key":"yes","type":"bool","value":true},)"
    R"({"key":"int","type":"int64","value":-42},)"
    R"({"key":"big","type":"int64","value":"9223372036854775807"},)"
    R"({"key":"double","type":"float64","value":1.5},)"
    R"({"key":"nan","type":"float64","value":"NaN"},)"
    R"({"key":"endless","type":"float64","value":"-Infinity"},)"
    R"({"key":"bytes","type":"binary","value":"AP8="},)"
    R"({"key":"array","type":"string","value":"[\"x\",1,{\"k\":true}]"},)"
    R"({"key":"map","type":"string","value":"{\"a\":[],\"b\":null}"},)"
    R"({"key":"empty","type":"string","value":""},)"
    R"({"key":"span.kind","type":"string","value":"server"},)"
    R"({"key":"otel.status_code","type":"string","value":"OK"},)"
    R"({"key":"w3c.tracestate","type":"string","value":"v=1"}],)"
    R"("logs":[{"timestamp":1700000000000001,"fields":[)"
    R"({"key":"event","type":"string","value":"cache miss"},{"key":"key","type":"string","value":"user:1"}]},)"
    R"({"timestamp":1700000000000002,"fields":[]}],"processID":"p1","warnings":null},)"
    R"({"traceID":"0123456789abcdeffedcba9876543210","spanID":"000000000000000b","operationName":"pay",)"
    R"("references":[{"refType":"CHILD_OF","traceID":"0123456789abcdeffedcba9876543210","spanID":"000000000000000a"}],)"
    R"("startTime":1700000000001000,"duration":0,"tags":[)"
    R"({"key":"span.kind","type":"string","value":"client"},)"
    R"({"key":"otel.status_code","type":"string","value":"ERROR"},)"
    R"({"key":"error","type":"bool","value":true},)"
    R"({"key":"otel.status_description","type":"string","value":"no money"}],)"
    R"("logs":[],"processID":"p2","warnings":["the end lies before the start: shown with a duration of 0"]}],)"
    R"("processes":{"p1":{"serviceName":"shop","tags":[{"key":"host.name","type":"string","value":"h1"}]},)"
    R"("p2":{"serviceName":"bank","tags":[]}},"warnings":null})";

std::string Enveloped(std::string_view data, int total = 0, std::string_view errors = "null") {
  return R"({"data":)" + std::string(data) + R"(,"total":)" + std::to_string(total) +
         R"(,"limit":0,"offset":0,"errors":)" + std::string(errors) + "}\n";
}
std::string EnvelopedError(int code, std::string_view message) {
  return Enveloped("null", 0, R"([{"code":)" + std::to_string(code) + R"(,"msg":")" + std::string(message) + "\"}]");
}

class JaegerApi : public testing::Test {
 protected:
  void Expect(const std::string& target, int status, std::string_view body) {
    const HttpResponse response = api_.Get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.body, body) << target;
    EXPECT_EQ(response.content_type, "application/json") << target;
  }

  SampleApi api_;
};

TEST_F(JaegerApi, ShowsATraceInTheShapeOfItsUi) {
  Expect("/api/traces/0123456789abcdeffedcba9876543210", 200, Enveloped("[" + std::string(kSampleJson) + "]"));
}

TEST_F(JaegerApi, TakesTraceIdsInUpperCaseAndWithoutLeadingZeros) {
  const std::string expected = Enveloped("[" + std::string(kSampleJson) + "]");
  Expect("/api/traces/0123456789ABCDEFFEDCBA9876543210", 200, expected);
  Expect("/api/traces/123456789abcdeffedcba9876543210?start=1&end=2&raw=true", 200, expected);
}

TEST_F(JaegerApi, KnowsNoTraceOfThatId) {
  Expect("/api/traces/abc", 404, EnvelopedError(404, "trace not found"));
  Expect("/api/traces/nothex", 400, EnvelopedError(400, R"(strconv.ParseUint: parsing \"nothex\": invalid syntax)"));
  Expect("/api/traces/" + std::string(33, '1'), 400,
         EnvelopedError(400, "TraceID cannot be longer than 32 hex characters: " + std::string(33, '1')));
  Expect("/api/traces/abc?start=x", 400,
         EnvelopedError(400, R"(unable to parse param 'start': strconv.ParseInt: parsing \"x\": invalid syntax)"));
  Expect("/api/traces/abc?raw=x", 400,
         EnvelopedError(400, R"(unable to parse param 'raw': strconv.ParseBool: parsing \"x\": invalid syntax)"));
}

TEST_F(JaegerApi, SearchesWithoutParametersAndWithAll) {
  const std::string found = Enveloped("[" + std::string(kSampleJson) + "]");
  Expect("/api/traces", 200, found);
  Expect("/api/traces?service=bank&operation=pay&tag=error%3Atrue&tags=%7B%22span.kind%22%3A%22client%22%7D", 200,
         found);
  Expect("/api/traces?tag=array:%5B%22x%22%2C1%2C%7B%22k%22%3Atrue%7D%5D&tag=big:9223372036854775807", 200, found);
  Expect("/api/traces?minDuration=5000999ns&maxDuration=5000999ns&limit=1", 200, found);
  Expect("/api/traces?minDuration=5001us", 200, Enveloped("[]"));
  Expect("/api/traces?service=shop&operation=pay", 200, Enveloped("[]"));
  Expect("/api/traces?tag=error:true&tag=otel.status_code:OK", 200, Enveloped("[]"));
  Expect("/api/traces?limit=0", 400, EnvelopedError(400, "invalid parameter: limit must be greater than 0"));
  Expect("/api/traces?tag=k", 400, EnvelopedError(400, "malformed 'tag' parameter, expecting key:value, received: k"));
}

TEST_F(JaegerApi, AnswersTracesByIdBesideTheErrorsOfOthers) {
  Expect("/api/traces?traceID=0123456789abcdeffedcba9876543210&traceID=abc", 200,
         Enveloped("[" + std::string(kSampleJson) + "]", 0,
                   R"([{"msg":"trace not found","traceID":"0000000000000abc"}])"));
}

TEST_F(JaegerApi, ListsServicesAndOperations) {
  Expect("/api/services", 200, Enveloped(R"(["bank","shop"])", 2));
  Expect("/api/services/shop/operations", 200, Enveloped(R"(["GET /"])", 1));
  Expect("/api/services/none/operations", 200, Enveloped("[]"));
  Expect("/api/operations?service=shop", 200, Enveloped(R"([{"name":"GET /","spanKind":"server"}])", 1));
  Expect("/api/operations?service=shop&spanKind=client", 200, Enveloped("[]"));
  Expect("/api/operations", 400, EnvelopedError(400, "parameter 'service' is required"));
}

TEST_F(JaegerApi, TakesServiceNamesWithSlashesSpacesAndPluses) {
  SpanBatchBuilder builder;
  SpanId id = 0;
  for (const char* service : {"a/b", "a b", "c+d"}) {
    builder.AddResource(SampleList(builder).Text("service.name", service).End(), 0, 0);
    builder.AddScope(0, 0, {}, 0, 0);
    builder.BeginSpan();
    builder.EndSpan({.trace_id = {0, 1}, .span_id = ++id, .name = builder.InternString(service)});
  }
  api_.store().Add(*builder.Finish());
  Expect("/api/services/a%2Fb/operations", 200, Enveloped(R"(["a/b"])", 1));
  Expect("/api/services/a%20b/operations", 200, Enveloped(R"(["a b"])", 1));
  Expect("/api/services/a+b/operations", 200, Enveloped(R"(["a b"])", 1));
  Expect("/api/services/c+d/operations", 200, Enveloped(R"(["c+d"])", 1));
  Expect("/api/services/c%2Bd/operations", 200, Enveloped(R"(["c+d"])", 1));
  Expect("/api/operations?service=a+b", 200, Enveloped(R"([{"name":"a b","spanKind":""}])", 1));
}

TEST_F(JaegerApi, CountsCallsBetweenServices) {
  const std::string calls = Enveloped(R"([{"parent":"shop","child":"bank","callCount":1}])");
  Expect("/api/dependencies", 200, calls);
  Expect("/api/dependencies?endTs=1700000000001&lookback=0", 200, calls);
  Expect("/api/dependencies?service=bank", 200, calls);
  Expect("/api/dependencies?service=other", 200, Enveloped("[]"));
  Expect("/api/dependencies?endTs=1700000000000&lookback=1000", 200, calls);  // whole minutes
  Expect("/api/dependencies?endTs=1699999979999&lookback=1000", 200, Enveloped("[]"));
  Expect("/api/dependencies?endTs=soon", 400,
         EnvelopedError(400, R"(unable to parse param 'endTs': strconv.ParseInt: parsing \"soon\": invalid syntax)"));
  Expect("/api/dependencies?lookback=-1", 400, EnvelopedError(400, "invalid parameter: lookback must not be negative"));
}

TEST_F(JaegerApi, IndentsWhereAskedTo) {
  Expect("/api/services?prettyPrint=true", 200, R"({
    "data": [
        "bank",
        "shop"
    ],
    "total": 2,
    "limit": 0,
    "offset": 0,
    "errors": null
}
)");
  Expect("/api/services?prettyPrint=false", 200, Enveloped(R"(["bank","shop"])", 2));
}

TEST_F(JaegerApi, UnknownPathsAreNotFoundAndNeverHtml) {
  for (const char* path : {"/api", "/api/", "/api/nothing", "/api/services/", "/api/traces/a/b", "/api/v3/nothing",
                           "/api/spoor/v2/search", "/api/nothing.html"}) {
    const HttpResponse response = api_.Get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8") << path;
    EXPECT_EQ(response.body, "404 page not found\n") << path;
  }
  const HttpResponse post = api_.Ask("POST", "/api/traces");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.body, EnvelopedError(405, "method POST is not allowed here"));
}

// A store of which one trace cannot be read.
class DamagedStore final : public TraceStore {
 public:
  Result<Trace> GetTrace(TraceId, const QueryContext&) override { return Corrupt("block 7 at 4096: checksum"); }
  Result<SearchAnswer> Search(const SearchPlan&, const QueryContext&) override {
    SearchAnswer answer;
    answer.traces.resize(1);
    answer.traces[0].id = {0, 5};
    answer.complete = false;
    answer.warnings = {"block 8: lost"};
    return answer;
  }
  Result<Overview> GetOverview(const SearchPlan&, const OverviewShape&, const QueryContext&) override {
    return IoError("disk gone");
  }
  Result<std::vector<std::string>> Services(const QueryContext&) override { return IoError("disk gone"); }
  Result<std::vector<Operation>> Operations(std::string_view, const QueryContext&) override {
    return Error(Code::kCancelled, "too slow");
  }
  Result<RedAnswer> Red(const RedPlan&, const QueryContext&) override { return Busy("queue"); }
  Result<CallsAnswer> Calls(uint64_t, uint64_t, const QueryContext&) override { return Busy("queue"); }
  uint32_t ServiceColour(std::string_view) override { return 0; }
  StoreStats Stats() override { return {}; }
  Status SealAll() override { return IoError("disk full"); }
};

TEST(JaegerApiErrors, SayWhatCouldNotBeRead) {
  DamagedStore store;
  MemoryBudget budget(size_t{1} << 20);
  QueryApi api({.budget = &budget});
  api.SetReady(store, {});
  const auto get = [&](const char* target) { return SampleApi::AskApi(api, "GET", target); };
  EXPECT_EQ(get("/api/traces/5").status, 500);
  EXPECT_EQ(get("/api/traces/5").body, EnvelopedError(500, "block 7 at 4096: checksum"));
  EXPECT_EQ(get("/api/traces").body,
            Enveloped("[]", 0,
                      R"([{"code":500,"msg":"block 7 at 4096: checksum","traceID":"0000000000000005"},)"
                      R"({"code":500,"msg":"block 8: lost"}])"));
  EXPECT_EQ(get("/api/services").status, 503);
  EXPECT_EQ(get("/api/operations?service=a").status, 504);
  EXPECT_EQ(get("/api/dependencies").status, 429);
  const std::string window = "?query.startTimeMin=2023-01-01T00:00:00Z&query.startTimeMax=2024-01-01T00:00:00Z";
  EXPECT_EQ(get(("/api/v3/traces" + window).c_str()).body,
            "{\"error\":{\"httpCode\":500,\"message\":\"block 8: lost\"}}\n");
  const HttpResponse summaries = get(("/api/v3/trace-summaries" + window).c_str());
  EXPECT_EQ(summaries.status, 200);
  ASSERT_EQ(summaries.headers.size(), 1u);
  EXPECT_EQ(summaries.headers[0], std::pair(std::string("X-Spoor-Incomplete"), std::string("block 8: lost")));
  EXPECT_EQ(get("/api/spoor/v1/search?traceID=5").body,
            R"({"traces":[],"complete":false,"warnings":["block 7 at 4096: checksum"]})");
  EXPECT_EQ(get("/api/spoor/v1/search").body.substr(0, 12), R"({"traces":[{)");
  EXPECT_TRUE(get("/api/spoor/v1/search").body.ends_with(R"("complete":false,"warnings":["block 8: lost"]})"));
  EXPECT_EQ(SampleApi::AskApi(api, "POST", "/api/spoor/v1/admin/compact").body,
            "{\"error\":{\"code\":\"io\",\"message\":\"disk full\"}}\n");
}

TEST(JaegerTraceJson, SharesEqualProcessesOfDifferentBatches) {
  ReferenceStore store;
  store.Add(SampleBatch());
  SpanBatchBuilder builder;
  builder.AddResource(SampleList(builder).Text("service.name", "bank").End(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.EndSpan({.trace_id = kSampleTrace, .span_id = 0x0c, .parent_span_id = 0x0a, .start_ns = kSampleStart + 2});
  store.Add(*builder.Finish());
  std::string json;
  AppendJaegerTrace(json, *store.GetTrace(kSampleTrace, {}));
  EXPECT_NE(json.find(R"("p2":{"serviceName":"bank","tags":[]}},"warnings":null})"), std::string::npos) << json;
}

TEST(JaegerTraceJson, ALinkToTheParentSaysWhatKindOfParentItIs) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.AddLink({.trace_id = {0, 1}, .span_id = 7}, {});
  builder.AddLink({.trace_id = {0, 2}, .span_id = 8},
                  SampleList(builder).Text("opentracing.ref_type", "child_of").End());
  builder.EndSpan({.trace_id = {0, 1}, .span_id = 9, .parent_span_id = 7});
  std::string json;
  AppendJaegerTrace(json, MakeTrace({0, 1}, {*builder.Finish()}));
  EXPECT_NE(
      json.find(R"("references":[{"refType":"FOLLOWS_FROM","traceID":"0000000000000001","spanID":"0000000000000007"},)"
                R"({"refType":"CHILD_OF","traceID":"0000000000000002","spanID":"0000000000000008"}])"),
      std::string::npos)
      << json;
}

}  // namespace
}  // namespace spoor::api
