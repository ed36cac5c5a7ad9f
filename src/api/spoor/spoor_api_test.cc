#include "api/spoor/spoor_api.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"
#include "api/spoor/find_in_trace.h"

namespace spoor::api {
namespace {

constexpr std::string_view kId = "0123456789abcdeffedcba9876543210";

std::string Failure(std::string_view code, std::string_view message) {
  return R"({"error":{"code":")" + std::string(code) + R"(","message":")" + std::string(message) + "\"}}\n";
}

class SpoorApi : public testing::Test {
 protected:
  void Expect(const std::string& target, int status, std::string_view body) {
    const HttpResponse response = api_.Get("/api/spoor/v1" + target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.body, body) << target;
  }
  const std::string trace_ = "/traces/" + std::string(kId);
  SampleApi api_;
};

TEST_F(SpoorApi, SearchesTraces) {
  const std::string found =
      R"({"traces":[{"traceID":"0123456789abcdeffedcba9876543210","rootService":"shop","rootName":"GET /",)"
      R"("rootMissing":false,"startTimeUnixNano":"1700000000000000000","durationNano":"5000999","spanCount":2,)"
      R"("errorCount":1,"services":[{"name":"bank","colour":2,"spanCount":1,"errorCount":1},)"
      R"({"name":"shop","colour":1,"spanCount":1,"errorCount":0}]}],"complete":true})";
  Expect("/search", 200, found);
  Expect("/search?service=bank&tag=error:true&limit=1", 200, found);
  Expect("/search?traceID=0123456789abcdeffedcba9876543210&traceID=5", 200, found);
  Expect("/search?service=none", 200, R"({"traces":[],"complete":true})");
  Expect("/search?limit=0", 400, Failure("invalid", "invalid parameter: limit must be greater than 0"));
}

TEST_F(SpoorApi, CountsAndTellsHowToGoOn) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.EndSpan({.trace_id = {0, 1}, .span_id = 3, .start_ns = 1'700'000'000'000'000'000});
  api_.store().Add(*builder.Finish());
  const std::string first = api_.Get("/api/spoor/v1/search?limit=1&order=shortest&count=true").body;
  EXPECT_NE(first.find(R"("traceID":"00000000000000000000000000000001")"), std::string::npos) << first;
  EXPECT_NE(first.find(R"(],"traceCount":2,"next":")"), std::string::npos) << first;
  const std::string next = first.substr(first.find(R"("next":")") + 8, 51);
  const std::string second = api_.Get("/api/spoor/v1/search?limit=1&order=shortest&after=" + next).body;
  EXPECT_NE(second.find(R"("traceID":")" + std::string(kId)), std::string::npos) << second;
  EXPECT_EQ(second.find("next"), std::string::npos) << second;
  EXPECT_EQ(second.find("traceCount"), std::string::npos) << second;
  Expect(
      "/search?after=" + next, 400,
      Failure("invalid", "parameter 'after' belongs to a list of another 'order': ask for the first page of this one"));
}

TEST_F(SpoorApi, TellsOneTraceAsListsDo) {
  const std::string list = api_.Get("/api/spoor/v1/search").body;
  const std::string one = api_.Get("/api/spoor/v1/traces/" + std::string(kId)).body;
  EXPECT_EQ(list, R"({"traces":[)" + one + R"(],"complete":true})");
  Expect("/traces/5", 404, Failure("not_found", "trace 00000000000000000000000000000005 is not here"));
  const std::string with_path = api_.Get("/api/spoor/v1/search?criticalPath=true").body;
  EXPECT_NE(with_path.find(R"("criticalPath":[{"service":")"), std::string::npos) << with_path;
}

TEST_F(SpoorApi, GivesAnOverview) {
  Expect("/overview?columns=2&rows=1&points=5", 200,
         R"({"traceCount":1,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000000",)"
         R"("durationMinNano":"5000999","durationMaxNano":"5000999","columns":2,"rows":1,"cells":[[0,0,1,1]],)"
         R"("columnP50Nano":["5000999",null],"columnP99Nano":["5000999",null],"p50Nano":"5000999","p99Nano":"5000999",)"
         R"("points":[["1700000000000000000","5000999",2,1,"0123456789abcdeffedcba9876543210","shop"]],)"
         R"("counts":{"errors":1,"slow":0,"rootMissing":0},)"
         R"("rootServices":[{"name":"shop","colour":1,"traceCount":1}],"rootServiceCount":1,"complete":true})");
  Expect("/overview?columns=0", 400, Failure("invalid", "parameter 'columns' must be between 1 and 500"));
}

TEST_F(SpoorApi, ListsServicesWithTheirColours) {
  Expect("/services", 200, R"({"services":[{"name":"bank","colour":2},{"name":"shop","colour":1}]})");
}

TEST_F(SpoorApi, ShowsASpanWithEverything) {
  Expect(trace_ + "/spans/000000000000000A", 200,
         R"({"traceID":"0123456789abcdeffedcba9876543210","spanID":"000000000000000a","parentSpanID":"",)"
         R"("name":"GET /","service":"shop","kind":"server","startTimeUnixNano":"1700000000000000000",)"
         R"("endTimeUnixNano":"1700000000005000999","durationNano":"5000999",)"
         R"("status":{"code":"ok","message":""},"traceState":"v=1","flags":257,"attributes":[)"
         R"({"key":"text","type":"string","value":"a \"b\" ä"},{"key":"text","type":"string","value":"twice"},)"
         R"({"key":"yes","type":"bool","value":true},{"key":"int","type":"int","value":"-42"},)"
         R"({"key":"big","type":"int","value":"9223372036854775807"},{"key":"double","type":"double","value":1.5},)"
         R"({"key":"nan","type":"double","value":"NaN"},{"key":"endless","type":"double","value":"-Infinity"},)"
         R"({"key":"bytes","type":"bytes","value":"AP8="},{"key":"array","type":"array","value":["x",1,{"k":true}]},)"
         R"({"key":"map","type":"map","value":{"a":[],"b":null}},{"key":"empty","type":"empty","value":null}],)"
         R"("droppedAttributesCount":1,"events":[{"name":"cache miss","timeUnixNano":"1700000000000001500",)"
         R"("attributes":[{"key":"key","type":"string","value":"user:1"}],"droppedAttributesCount":5},)"
         R"({"name":"","timeUnixNano":"1700000000000002000","attributes":[],"droppedAttributesCount":0}],)"
         R"("droppedEventsCount":2,"links":[{"traceID":"00000000000000000000000000000abc",)"
         R"("spanID":"0000000000000def","traceState":"l=1","flags":1,)"
         R"("attributes":[{"key":"why","type":"string","value":"retry"}],"droppedAttributesCount":6}],)"
         R"("droppedLinksCount":7,"resource":{"attributes":[{"key":"service.name","type":"string","value":"shop"},)"
         R"({"key":"host.name","type":"string","value":"h1"}],"droppedAttributesCount":3,"schemaUrl":"url:resource"},)"
         R"("scope":{"name":"lib","version":"1.2","attributes":[{"key":"scope.key","type":"string","value":"s"}],)"
         R"("droppedAttributesCount":4,"schemaUrl":"url:scope"},"warnings":[]})");
}

TEST_F(SpoorApi, KnowsNoOtherSpan) {
  Expect(trace_ + "/spans/ff", 404, Failure("not_found", "span 00000000000000ff is not in this trace"));
  Expect(trace_ + "/spans/a?nth=1", 404, Failure("not_found", "span 000000000000000a is not in this trace"));
  Expect(trace_ + "/spans/xyz", 400, Failure("invalid", R"(\"xyz\" is no span id: 1 to 16 hex digits)"));
  Expect(trace_ + "/spans/a?nth=-1", 400, Failure("invalid", "parameter 'nth' must not be negative"));
  Expect("/traces/5/spans/a", 404, Failure("not_found", "trace 00000000000000000000000000000005 is not here"));
}

TEST_F(SpoorApi, TellsApartSpansThatShareAnId) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  for (const char* name : {"first", "second"}) {
    builder.BeginSpan();
    builder.EndSpan({.trace_id = {0, 1}, .span_id = 3, .name = builder.InternString(name)});
  }
  api_.store().Add(*builder.Finish());
  EXPECT_NE(api_.Get("/api/spoor/v1/traces/1/spans/3").body.find(R"("name":"first")"), std::string::npos);
  const std::string second = api_.Get("/api/spoor/v1/traces/1/spans/3?nth=1").body;
  EXPECT_NE(second.find(R"("name":"second")"), std::string::npos);
  EXPECT_NE(second.find(R"("warnings":["another span of this trace has the same id)"), std::string::npos);
}

TEST_F(SpoorApi, FindsInATrace) {
  Expect(trace_ + "/find?q=get", 200, R"({"rows":[0],"spanCount":2})");
  Expect(trace_ + "/find?q=NO+MONEY", 200, R"({"rows":[1],"spanCount":2})");
  Expect(trace_ + "/find?q=000000000000000", 200, R"({"rows":[0,1],"spanCount":2})");
  Expect(trace_ + "/find?q=nothing", 200, R"({"rows":[],"spanCount":2})");
  Expect(trace_ + "/find", 400, Failure("invalid", "parameter 'q' is required: the text to find"));
  Expect("/traces/5/find?q=x", 404, Failure("not_found", "trace 00000000000000000000000000000005 is not here"));
}

TEST_F(SpoorApi, TellsWhereTheTimeOfATraceWent) {
  Expect(trace_ + "/critical-path", 200,
         R"({"spanCount":2,"startTimeUnixNano":"1700000000000000000","durationNano":"5000999","rootMissing":false,)"
         R"("parts":[{"kind":"operation","service":"shop","colour":1,"name":"GET /","durationNano":"5000999",)"
         R"("spanCount":1,"rows":[0]}],"services":[{"service":"shop","colour":1,"durationNano":"5000999"}]})");
  Expect("/traces/5/critical-path", 404, Failure("not_found", "trace 00000000000000000000000000000005 is not here"));
  EXPECT_EQ(api_.Get("/api/spoor/v1/traces/xyz/critical-path").status, 400);
}

TEST_F(SpoorApi, CompactsOnRequest) {
  const HttpResponse response = api_.Ask("POST", "/api/spoor/v1/admin/compact");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(api_.Get("/api/spoor/v1/admin/compact").status, 405);
}

TEST(FindInTrace, LooksEverywhere) {
  const Trace trace = MakeTrace(kSampleTrace, {SampleBatch()});
  const auto in_first = std::vector<uint32_t>{0};
  for (const char* text :
       {"shop", "TWICE", "9223372036854775807", "-42", "1.5", "nan", "-infinity", "ap8=", "[\"x\",1", "host.name", "h1",
        "scope.key", "cache", "USER:1", "text=twi", "host.name=H", "int=-4", "map={\"a\"", "key=user"}) {
    EXPECT_EQ(FindInTrace(trace, text), in_first) << text;
  }
  for (const char* text : {"", "why", "retry", "hos=h", "text=nothing", "yes=fal", "=shop"}) {
    EXPECT_TRUE(FindInTrace(trace, text).empty()) << text;
  }
}

}  // namespace
}  // namespace spoor::api
