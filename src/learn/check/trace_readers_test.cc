// Reading traces in both versions of Jaeger's query API.
#include <gtest/gtest.h>

#include "learn/check/jaeger_json.h"
#include "learn/check/otlp_traces.h"

namespace spoor::learn {
namespace {

constexpr std::string_view kJaeger = R"({"data":[{"traceID":"a1","spans":[
  {"traceID":"a1","spanID":"00000000000000b2","operationName":"GET","references":[
     {"refType":"FOLLOWS_FROM","traceID":"a1","spanID":"c1"},
     {"refType":"CHILD_OF","traceID":"ff","spanID":"c2"},
     {"refType":"CHILD_OF","traceID":"00000000000000a1","spanID":"c3"}],
   "startTime":1700000000000001,"duration":5,"tags":[
     {"key":"span.kind","type":"string","value":"server"},{"key":"http.status_code","type":"int64","value":200},
     {"key":"http.url","type":"string","value":"http://h/db/users?x=1"}],
   "logs":[],"processID":"p1","warnings":null},
  {"traceID":"a1","spanID":"b3","operationName":"GET /users","references":[],"startTime":1,"duration":1,"tags":[],
   "processID":"p2"}],
  "processes":{"p1":{"serviceName":"backend","tags":[]},"p2":{"serviceName":"frontend","tags":[]}},"warnings":null}],
  "total":0,"limit":0,"offset":0,"errors":null})";

TEST(JaegerJson, ReadsSpansWithTheirServiceParentAndPath) {
  const auto spans = ReadJaegerTraces(kJaeger);
  ASSERT_TRUE(spans) << spans.error().message;
  ASSERT_EQ(spans->size(), 2u);
  const SeenSpan& first = (*spans)[0];
  EXPECT_EQ(first.trace_id, "000000000000000000000000000000a1");
  EXPECT_EQ(first.span_id, "00000000000000b2");
  EXPECT_EQ(first.parent_id, "00000000000000c3");
  EXPECT_EQ(first.service, "backend");
  EXPECT_EQ(first.path, "/db/users");
  EXPECT_EQ(first.kind, SpanKind::kServer);
  EXPECT_EQ(first.start_ns, 1700000000000001000);
  EXPECT_EQ((*spans)[1].service, "frontend");
  EXPECT_EQ((*spans)[1].parent_id, "");
  EXPECT_EQ((*spans)[1].path, "/users");
}

TEST(JaegerJson, KnowsItsOwnErrorsAndEmptyAnswers) {
  EXPECT_TRUE(ReadJaegerTraces(R"({"data":[],"errors":null})")->empty());
  EXPECT_TRUE(IsJaegerError(R"({"data":null,"errors":[{"code":404,"msg":"trace not found"}]})"));
  EXPECT_EQ(*ReadJaegerServices(R"({"data":["a","b"],"total":2})"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(ReadJaegerServices(R"({"data":null})")->empty());
  for (const char* other :
       {"", "<!doctype html>", "[]", "{}", R"({"data":7})", R"({"data":[1]})", "404 page not found"}) {
    EXPECT_FALSE(ReadJaegerTraces(other)) << other;
    EXPECT_FALSE(ReadJaegerServices(other)) << other;
    EXPECT_FALSE(IsJaegerError(other)) << other;
  }
}

constexpr std::string_view kOtlp = R"({"resourceSpans":[{"resource":{"attributes":[
  {"key":"host.name","value":{"stringValue":"h"}},{"key":"service.name","value":{"stringValue":"backend"}}]},
  "scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"000102030405060708090a0b0c0d0e0f",
  "spanId":"0102030405060708","parentSpanId":"1112131415161718","name":"GET /users","kind":2,
  "startTimeUnixNano":"1700000000000000001","attributes":[{"key":"url.path","value":{"stringValue":"/x/users"}},
  {"key":"http.route","value":{"stringValue":"/users"}},{"key":"n","value":{"intValue":"1"}}]}]}]}]})";

void ExpectOtlp(std::string_view json) {
  const auto spans = ReadOtlpTraces(json);
  ASSERT_TRUE(spans) << spans.error().message << json;
  ASSERT_EQ(spans->size(), 1u);
  const SeenSpan& span = spans->front();
  EXPECT_EQ(span.trace_id, "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(span.span_id, "0102030405060708");
  EXPECT_EQ(span.parent_id, "1112131415161718");
  EXPECT_EQ(span.service, "backend");
  EXPECT_EQ(span.path, "/x/users");
  EXPECT_EQ(span.kind, SpanKind::kServer);
  EXPECT_EQ(span.start_ns, 1700000000000000001);
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(OtlpTraces, ReadsSpansInEveryWrapping) {
  const std::string plain(kOtlp);
  ExpectOtlp(plain);
  ExpectOtlp(R"({"result":)" + plain + "}");
  ExpectOtlp(R"([{"result":)" + plain + "}]");
  std::string line = plain;
  std::replace(line.begin(), line.end(), '\n', ' ');
  ExpectOtlp("{}\n" + line + "\r\n\n");
}

TEST(OtlpTraces, ReadsBase64IdsAndNamesOfKinds) {
  std::string text(kOtlp);
  text = Replaced(text, "000102030405060708090a0b0c0d0e0f", "AAECAwQFBgcICQoLDA0ODw==");
  text = Replaced(text, "0102030405060708", "AQIDBAUGBwg=");
  text = Replaced(text, "1112131415161718", "ERITFBUWFxg=");
  text = Replaced(text, "\"kind\":2", "\"kind\":\"SPAN_KIND_SERVER\"");
  ExpectOtlp(Replaced(text, "scopeSpans", "instrumentationLibrarySpans"));
}

TEST(OtlpTraces, KnowsItsOwnErrorsAndEmptyAnswers) {
  EXPECT_TRUE(ReadOtlpTraces(R"({"result":{}})")->empty());
  EXPECT_TRUE(IsV3Error(R"({"error":{"httpCode":404,"message":"No traces found"}})"));
  EXPECT_EQ(*ReadV3Services(R"({"services":["a"]})"), std::vector<std::string>{"a"});
  EXPECT_TRUE(ReadV3Services("{}")->empty());
  for (const char* other : {"", "<!doctype html>", "7", R"({"data":[]})", R"({"error":"no"})", "404 page not found"}) {
    EXPECT_FALSE(ReadOtlpTraces(other)) << other;
    EXPECT_FALSE(ReadV3Services(other)) << other;
    EXPECT_FALSE(IsV3Error(other)) << other;
  }
}

}  // namespace
}  // namespace spoor::learn
