#include "api/jaeger_v3/jaeger_v3_api.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"

namespace spoor::api {
namespace {

constexpr std::string_view kSampleOtlp =
    R"({"result":{"resourceSpans":[{"resource":{"attributes":[)"
    R"({"key":"service.name","value":{"stringValue":"shop"}},{"key":"host.name","value":{"stringValue":"h1"}}],)"
    R"("droppedAttributesCount":3},"scopeSpans":[{"scope":{"name":"lib","version":"1.2","attributes":[)"
    R"({"key":"scope.key","value":{"stringValue":"s"}}],"droppedAttributesCount":4},"spans":[{)"
    R"("traceId":"0123456789abcdeffedcba9876543210","spanId":"000000000000000a","traceState":"v=1","flags":257,)"
    R"("name":"GET /","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000005000999",)"
    R"("attributes":[{"key":"text","value":{"stringValue":"a \"b\" ä"}},)"
    R"({"key":"text","value":{"stringValue":"twice"}},)"
    R"({"key":"yes","value":{"boolValue":true}},)"
    R"({"key":"int","value":{"intValue":"-42"}},)"
    R"({"key":"big","value":{"intValue":"9223372036854775807"}},)"
    R"({"key":"double","value":{"doubleValue":1.5}},)"
    R"({"key":"nan","value":{"doubleValue":"NaN"}},)"
    R"({"key":"endless","value":{"doubleValue":"-Infinity"}},)"
    R"({"key":"bytes","value":{"bytesValue":"AP8="}},)"
    R"({"key":"array","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"},)"
    R"({"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}]}}},)"
    R"({"key":"map","value":{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[]}}},)"
    R"({"key":"b","value":{}}]}}},)"
    R"({"key":"empty","value":{}}],"droppedAttributesCount":1,)"
    R"("events":[{"timeUnixNano":"1700000000000001500","name":"cache miss","attributes":[)"
    R"({"key":"key","value":{"stringValue":"user:1"}}],"droppedAttributesCount":5},)"
    R"({"timeUnixNano":"1700000000000002000","name":""}],"droppedEventsCount":2,)"
    R"("links":[{"traceId":"00000000000000000000000000000abc","spanId":"0000000000000def","traceState":"l=1",)"
    R"("attributes":[{"key":"why","value":{"stringValue":"retry"}}],"droppedAttributesCount":6,"flags":1}],)"
    R"("droppedLinksCount":7,"status":{"code":1}}],"schemaUrl":"url:scope"}],"schemaUrl":"url:resource"},)"
    R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"bank"}}]},)"
    R"("scopeSpans":[{"scope":{},"spans":[{"traceId":"0123456789abcdeffedcba9876543210","spanId":"000000000000000b",)"
    R"("parentSpanId":"000000000000000a","name":"pay","kind":3,"startTimeUnixNano":"1700000000001000000",)"
    R"("endTimeUnixNano":"1700000000000999000","status":{"message":"no money","code":2}}]}]}]}})";

constexpr std::string_view kWindow =
    "query.startTimeMin=2023-11-14T00:00:00Z&query.startTimeMax=2023-11-15T00:00:00+01:00";

std::string Failure(int code, std::string_view message) {
  return R"({"error":{"httpCode":)" + std::to_string(code) + R"(,"message":")" + std::string(message) + "\"}}\n";
}

class JaegerV3Api : public testing::Test {
 protected:
  void Expect(const std::string& target, int status, std::string_view body) {
    const HttpResponse response = api_.Get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.body, body) << target;
    EXPECT_EQ(response.content_type, "application/json") << target;
  }

  SampleApi api_;
};

TEST_F(JaegerV3Api, ShowsEveryFieldOfATrace) {
  Expect("/api/v3/traces/0123456789abcdeffedcba9876543210", 200, kSampleOtlp);
  Expect("/api/v3/traces/123456789ABCDEFFEDCBA9876543210?startTime=2023-11-14T00:00:00Z&end_time=2023-11-15T00:00:00Z",
         200, kSampleOtlp);
}

TEST_F(JaegerV3Api, FindsTraces) {
  Expect("/api/v3/traces?" + std::string(kWindow), 200, kSampleOtlp);
  Expect("/api/v3/traces?query.service_name=bank&query.duration_max=1ms&" + std::string(kWindow), 200, kSampleOtlp);
  Expect("/api/v3/traces?query.serviceName=none&" + std::string(kWindow), 404, Failure(404, "No traces found"));
  Expect("/api/v3/traces", 400, Failure(400, "query.startTimeMin and query.startTimeMax are required"));
}

TEST_F(JaegerV3Api, SummarisesTraces) {
  Expect("/api/v3/trace-summaries?" + std::string(kWindow), 200,
         R"({"summaries":[{"traceId":"0123456789abcdeffedcba9876543210","rootServiceName":"shop",)"
         R"("rootOperationName":"GET /","minStartTimeUnixNano":"1700000000000000000",)"
         R"("maxEndTimeUnixNano":"1700000000005000999","spanCount":2,"errorSpanCount":1,)"
         R"("services":[{"name":"bank","spanCount":1,"errorSpanCount":1},{"name":"shop","spanCount":1}]}]})");
  Expect("/api/v3/trace-summaries?query.serviceName=none&" + std::string(kWindow), 200, "{}");
}

TEST_F(JaegerV3Api, ListsServicesAndOperations) {
  Expect("/api/v3/services", 200, R"({"services":["bank","shop"]})");
  Expect("/api/v3/operations?service=shop", 200, R"({"operations":[{"name":"GET /","spanKind":"server"}]})");
  Expect("/api/v3/operations?service=shop&span_kind=client", 200, R"({"operations":[]})");
  Expect("/api/v3/operations?service=none", 200, R"({"operations":[]})");
}

TEST_F(JaegerV3Api, SaysWhatItCannotRead) {
  Expect("/api/v3/traces/abc", 404, Failure(404, "trace not found"));
  Expect("/api/v3/traces/xyz", 400,
         Failure(400, R"(malformed parameter trace_id: strconv.ParseUint: parsing \"xyz\": invalid syntax)"));
  Expect("/api/v3/traces/abc?rawTraces=x", 400,
         Failure(400, R"(malformed parameter rawTraces: strconv.ParseBool: parsing \"x\": invalid syntax)"));
}

}  // namespace
}  // namespace spoor::api
