#include <gtest/gtest.h>

#include "decode/describe_batch.h"
#include "decode/otlp.h"

namespace spoor {
namespace {

struct Decoded {
  Result<DecodeReport> report;
  std::shared_ptr<const SpanBatch> batch;
  std::string text;
};

Decoded Decode(std::string body, size_t budget_bytes = size_t{1} << 30) {
  MemoryBudget budget(budget_bytes);
  MemoryReservation reservation = budget.Reserve();
  DecodeMemory memory(reservation, body.size());
  SpanBatchBuilder builder;
  OtlpJsonDecoder decoder;
  Decoded decoded{decoder.Decode(body, builder, memory), nullptr, ""};
  if (!decoded.report) return decoded;
  decoded.batch = *builder.Finish();
  if (decoded.batch == nullptr) return decoded;
  EXPECT_NE(ParseAgain(*decoded.batch), nullptr);
  decoded.text = DescribeBatch(*decoded.batch);
  return decoded;
}

constexpr std::string_view kIds = R"("traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"1112131415161718")";

std::string RequestOf(const std::string& spans) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + spans + "]}]}]}";
}
std::string SpanWith(const std::string& members) { return "{" + std::string(kIds) + "," + members + "}"; }
std::string OneValue(const std::string& any_value) {
  return RequestOf(SpanWith(R"("attributes":[{"key":"k","value":)" + any_value + "}]"));
}

void ExpectEnds(const std::string& text, const std::string& end) { EXPECT_TRUE(text.ends_with(end)) << text; }

TEST(OtlpJson, DecodesEveryField) {
  const Decoded decoded = Decode(R"({"resourceSpans":[{
    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}],"droppedAttributesCount":4},
    "scopeSpans":[{
      "scope":{"name":"lib","version":"1.0","attributes":[{"key":"s","value":{"stringValue":"3"}}],
               "droppedAttributesCount":5},
      "spans":[{
        "traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"1112131415161718","traceState":"a=b",
        "parentSpanId":"2222222222222222","name":"GET \"\u002F\"","kind":2,
        "startTimeUnixNano":"18446744073709551615","endTimeUnixNano":200,
        "attributes":[{"key":"k","value":{"stringValue":"v\n"}}],"droppedAttributesCount":1,
        "events":[{"timeUnixNano":"5","name":"boom","attributes":[{"key":"e","value":{"stringValue":"1"}}],
                   "droppedAttributesCount":9}],"droppedEventsCount":2,
        "links":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","traceState":"l=1",
                  "attributes":[{"key":"l","value":{"stringValue":"2"}}],"droppedAttributesCount":8,"flags":768}],
        "droppedLinksCount":3,"status":{"message":"bad","code":2},"flags":257}],
      "schemaUrl":"url:s"}],
    "schemaUrl":"url:r"}]})");
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.report->accepted_spans, 1u);
  EXPECT_EQ(decoded.text,
            "resource service.name='cart' dropped=4 url=url:r service=cart\n"
            "scope lib@1.0 s='3' dropped=5 url=url:s\n"
            "span 0102030405060708090a0b0c0d0e0f10 1112131415161718 parent=2222222222222222 GET \"/\" "
            "18446744073709551615-200 kind=2 state=a=b flags=101 status=2:bad dropped=1,2,3 k='v\n' \n"
            "event 5 boom dropped=9 e='1' \n"
            "link 0102030405060708090a0b0c0d0e0f10 1112131415161718 state=l=1 flags=300 dropped=8 l='2' \n");
}

TEST(OtlpJson, EmptyRequestsHaveNoSpans) {
  for (const char* body : {"{}", R"({"resourceSpans":[]})", R"({"resourceSpans":null})", R"({"resourceSpans":[{}]})",
                           R"({"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]})"}) {
    const Decoded decoded = Decode(body);
    ASSERT_TRUE(decoded.report.has_value()) << body << decoded.report.error().message;
    EXPECT_EQ(decoded.batch, nullptr);
  }
}

TEST(OtlpJson, DecodesEveryTypeOfValue) {
  const auto value = [](const std::string& any_value) {
    const Decoded decoded = Decode(OneValue(any_value));
    if (!decoded.report) return decoded.report.error().message;
    return decoded.text.substr(decoded.text.rfind("k=") + 2);
  };
  EXPECT_EQ(value(R"({"stringValue":"\ud83d\ude00"})"), "'\xF0\x9F\x98\x80' \n");
  EXPECT_EQ(value(R"({"stringValue":""})"), "'' \n");
  EXPECT_EQ(value(R"({"boolValue":true})"), "true \n");
  EXPECT_EQ(value(R"({"boolValue":false})"), "false \n");
  EXPECT_EQ(value(R"({"intValue":"-9223372036854775808"})"), "-9223372036854775808 \n");
  EXPECT_EQ(value(R"({"intValue":9223372036854775807})"), "9223372036854775807 \n");
  EXPECT_EQ(value(R"({"intValue":1e3})"), "1000 \n");
  EXPECT_EQ(value(R"({"doubleValue":0.5})"), "0.5d \n");
  EXPECT_EQ(value(R"({"doubleValue":"-Infinity"})"), "-infd \n");
  EXPECT_EQ(value(R"({"doubleValue":"NaN"})"), "nand \n");
  EXPECT_EQ(value(R"({"doubleValue":7})"), "7d \n");
  EXPECT_EQ(value(R"({"bytesValue":"AP8="})"), "x00ff \n");
  EXPECT_EQ(value(R"({"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"2"},{},null]}})"),
            "[ 'x' 2 empty empty ] \n");
  EXPECT_EQ(value(R"({"arrayValue":{}})"), "[ ] \n");
  EXPECT_EQ(value(R"({"kvlistValue":{"values":[{"value":{"boolValue":true},"key":"a"},{"key":"b"}]}})"),
            "{ a: true b: empty } \n");
  EXPECT_EQ(
      value(R"({"kvlistValue":{"values":[{"key":"m","value":{"arrayValue":{"values":[{"bytesValue":"AP8"}]}}}]}})"),
      "{ m: [ x00ff ] } \n");
  EXPECT_EQ(value("{}"), "empty \n");
  EXPECT_EQ(value("null"), "empty \n");
  EXPECT_EQ(value(R"({"stringValue":null})"), "empty \n");
  EXPECT_EQ(value(R"({"unknownValue":{"a":[1,2]}})"), "empty \n");
}

TEST(OtlpJson, RefusesValuesOfTheWrongTypeAndSaysWhere) {
  for (const char* any_value :
       {R"({"stringValue":5})", R"({"boolValue":"true"})", R"({"intValue":1.5})",
        R"({"intValue":"9223372036854775808"})", R"({"intValue":"1x"})", R"({"doubleValue":"1x"})",
        R"({"bytesValue":"*"})", R"({"arrayValue":[]})", R"({"arrayValue":{"values":{}}})",
        R"({"kvlistValue":{"values":[5]}})", "5", R"("text")"}) {
    const Decoded decoded = Decode(OneValue(any_value));
    ASSERT_FALSE(decoded.report.has_value()) << any_value;
    EXPECT_EQ(decoded.report.error().code, Code::kInvalid);
    EXPECT_TRUE(decoded.report.error().message.starts_with("resourceSpans.scopeSpans.spans.attributes.value: not "))
        << decoded.report.error().message;
  }
  EXPECT_EQ(Decode(RequestOf(SpanWith(R"("name":5)"))).report.error().message.substr(0, 49),
            "resourceSpans.scopeSpans.spans.name: not text bef");
  EXPECT_FALSE(Decode(RequestOf(SpanWith(R"("flags":4294967296)"))).report.has_value());
  EXPECT_FALSE(Decode(RequestOf(SpanWith(R"("startTimeUnixNano":-1)"))).report.has_value());
  EXPECT_FALSE(Decode(RequestOf(SpanWith(R"("attributes":{})"))).report.has_value());
  EXPECT_FALSE(Decode(RequestOf("5")).report.has_value());
}

TEST(OtlpJson, AcceptsMembersInAnyOrderAndUnknownOnes) {
  const Decoded decoded = Decode(R"({"unknown":{"deep":[{"x":null}]},"resourceSpans":[{"schemaUrl":"url","scopeSpans":[{
      "spans":[{"attributes":[{"value":{"stringValue":"v"},"later":1,"key":"k"}],)" +
                                 std::string(kIds) + R"(}],"scope":{"name":"late"}}],
      "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"behind"}}]}}]})");
  EXPECT_NE(decoded.text.find("url=url service=behind\nscope late@"), std::string::npos) << decoded.text;
  ExpectEnds(decoded.text, "k='v' \n");
}

TEST(OtlpJson, AcceptsEnumerationsByNumberTextAndName) {
  const auto kind = [](const std::string& text) {
    return Decode(RequestOf(SpanWith(R"("kind":)" + text))).batch->kind[0];
  };
  EXPECT_EQ(kind("3"), 3);
  EXPECT_EQ(kind("\"3\""), 3);
  EXPECT_EQ(kind("\"SPAN_KIND_CONSUMER\""), 5);
  EXPECT_EQ(kind("\"SPAN_KIND_FUTURE\""), 0);
  EXPECT_EQ(kind("300"), 0);
  EXPECT_EQ(kind("null"), 0);
  const auto status = Decode(RequestOf(SpanWith(R"("status":{"code":"STATUS_CODE_ERROR"})")));
  EXPECT_EQ(status.batch->status_code[0], 2);
}

TEST(OtlpJson, NullIsAbsence) {
  const Decoded decoded = Decode(RequestOf(SpanWith(
      R"("name":null,"attributes":null,"events":null,"links":null,"status":null,"flags":null,"parentSpanId":null)")));
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.report->accepted_spans, 1u);
}

TEST(OtlpJson, OfDuplicateMembersTheLastCounts) {
  const Decoded decoded =
      Decode(RequestOf(SpanWith(R"("name":"one","attributes":[{"key":"a"}],"attributes":[{"key":"b"}],"name":"two")")));
  EXPECT_NE(decoded.text.find(" two 0-0"), std::string::npos);
  ExpectEnds(decoded.text, "b=empty \n");
}

TEST(OtlpJson, RejectsSpansWithWrongIdsAloneAndSaysWhy) {
  const Decoded decoded =
      Decode(RequestOf(SpanWith(R"("name":"good")") +
                       R"(,{"traceId":"0102","spanId":"1112131415161718"})"
                       R"(,{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"zz12131415161718"},{"name":"none"})"
                       R"(,{"traceId":"00000000000000000000000000000000","spanId":"1112131415161718"},)" +
                       SpanWith(R"("parentSpanId":"12")") + "," + SpanWith(R"("parentSpanId":"")")));
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.report->accepted_spans, 2u);
  EXPECT_EQ(decoded.report->rejected_spans, 5u);
  EXPECT_EQ(decoded.report->first_error, "span 1: traceId is not 32 hex digits");
}

TEST(OtlpJson, RefusesWhatIsNotJson) {
  const std::string body = RequestOf(SpanWith(R"("name":"x","attributes":[{"key":"k","value":{"intValue":"1"}}])"));
  ASSERT_TRUE(Decode(body).report.has_value());
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(Decode(body.substr(0, size)).report.has_value()) << body.substr(0, size);
  }
  for (const char* text : {"", " ", "5", "[]", "null x", "{}{}", "{} x", "\"x\"", "{\"resourceSpans\":5}", "\x80"}) {
    EXPECT_FALSE(Decode(text).report.has_value()) << text;
  }
}

TEST(OtlpJson, RefusesTextThatIsNotUtf8OrHalfASurrogate) {
  EXPECT_FALSE(Decode(RequestOf(SpanWith("\"name\":\"\xFF\""))).report.has_value());
  EXPECT_FALSE(Decode(RequestOf(SpanWith(R"("name":"\ud800")"))).report.has_value());
}

TEST(OtlpJson, RefusesNamesWithEscapesInsteadOfLosingThem) {
  const Decoded decoded = Decode(RequestOf(SpanWith(R"("n\u0061me":"x")")));
  ASSERT_FALSE(decoded.report.has_value());
  EXPECT_TRUE(
      decoded.report.error().message.starts_with("resourceSpans.scopeSpans.spans: a member whose name has an escape"))
      << decoded.report.error().message;
}

TEST(OtlpJson, TakesValuesSixtyFourDeepAndRefusesAHundredThousand) {
  const auto nested = [](int depth) {
    std::string value;
    for (int i = 0; i < depth; ++i) value += R"({"arrayValue":{"values":[)";
    value += "{}";
    for (int i = 0; i < depth; ++i) value += "]}}";
    return Decode(OneValue(value));
  };
  EXPECT_TRUE(nested(limits::kValueDepthMax).report.has_value());
  EXPECT_FALSE(nested(limits::kValueDepthMax + 1).report.has_value());
  const Decoded deep = nested(100'000);
  ASSERT_FALSE(deep.report.has_value());
  EXPECT_NE(deep.report.error().message.find("nested too deep"), std::string::npos) << deep.report.error().message;
}

TEST(OtlpJson, PassesOverUnknownMembersOfAnyDepth) {
  std::string deep(100'000, '[');
  deep += std::string(100'000, ']');
  const Decoded decoded = Decode(RequestOf(SpanWith(R"("unknown":)" + deep)));
  EXPECT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
}

TEST(OtlpJson, TakesAMillionAttributes) {
  std::string attributes;
  for (int i = 0; i < 1'000'000; ++i) {
    if (i > 0) attributes += ',';
    attributes += R"({"key":"k)" + std::to_string(i % 1000) + R"(","value":{"stringValue":"v"}})";
  }
  const Decoded decoded = Decode(RequestOf(SpanWith("\"attributes\":[" + attributes + "]")));
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.batch->ShapeKeys(decoded.batch->attributes.shape[0]).size(), 1'000'000u);
}

TEST(OtlpJson, RefusesABodyThatUnfoldsBeyondTheMemoryBudget) {
  std::string events = "{}";
  for (int i = 0; i < 1'000'000; ++i) events += ",{}";
  const Decoded decoded = Decode(RequestOf(SpanWith("\"events\":[" + events + "]")), size_t{8} << 20);
  ASSERT_FALSE(decoded.report.has_value());
  EXPECT_EQ(decoded.report.error().code, Code::kBusy);
}

TEST(OtlpJson, ADecoderReadsOneRequestAfterAnother) {
  MemoryBudget budget(1 << 30);
  SpanBatchBuilder builder;
  OtlpJsonDecoder decoder;
  for (int i = 0; i < 3; ++i) {
    MemoryReservation reservation = budget.Reserve();
    DecodeMemory memory(reservation, 0);
    std::string bad = RequestOf("5"), good = RequestOf(SpanWith("\"name\":\"n\""));
    EXPECT_FALSE(decoder.Decode(bad, builder, memory).has_value());
    ASSERT_TRUE(decoder.Decode(good, builder, memory).has_value());
    EXPECT_EQ((*builder.Finish())->span_count(), 1u);
  }
}

TEST(OtlpJson, WhatParsingTakesGrowsWithTheNumberOfTokens) {
  const size_t size = 8'000'000;
  const std::string text = RequestOf(SpanWith(R"("name":")" + std::string(size, 'x') + "\""));
  EXPECT_LT(OtlpJsonDecoder::ParsingBytes(text), text.size() + 10'000);
  EXPECT_GE(OtlpJsonDecoder::ParsingBytes(std::string(size, '[')), 5 * size);
  EXPECT_GE(OtlpJsonDecoder::ParsingBytes("[[[["), 20u);
}

}  // namespace
}  // namespace spoor
