#include "decode/jaeger_thrift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "decode/describe_batch.h"
#include "decode/thrift_writer.h"

namespace spoor::thrift_test {
namespace {

struct Decoded {
  Result<DecodeReport> report;
  std::shared_ptr<const SpanBatch> batch;
  std::string text;
};

Decoded Decode(std::string_view body, size_t budget_bytes = size_t{1} << 30) {
  MemoryBudget budget(budget_bytes);
  MemoryReservation reservation = budget.Reserve();
  DecodeMemory memory(reservation, body.size());
  SpanBatchBuilder builder;
  Decoded decoded{DecodeJaegerThrift(body, builder, memory), nullptr, ""};
  if (!decoded.report) return decoded;
  decoded.batch = *builder.Finish();
  if (decoded.batch == nullptr) return decoded;
  EXPECT_NE(ParseAgain(*decoded.batch), nullptr);
  decoded.text = DescribeBatch(*decoded.batch);
  return decoded;
}

std::string ErrorOf(std::string_view body) {
  const Decoded decoded = Decode(body);
  return decoded.report ? "" : decoded.report.error().message;
}

// The batch of one span.
std::shared_ptr<const SpanBatch> One(const Span& span) {
  Decoded decoded = Decode(Batch(span));
  EXPECT_TRUE(decoded.report) << decoded.report.error().message;
  EXPECT_EQ(decoded.batch->span_count(), 1u);
  return decoded.batch;
}
std::shared_ptr<const SpanBatch> WithTags(std::vector<std::string> tags) { return One({.tags = std::move(tags)}); }
std::string Attributes(const SpanBatch& batch) { return DescribeList(batch, batch.attributes, 0); }

constexpr char kResource[] = "resource service.name='shop' dropped=0 url= service=shop\n";
constexpr char kScope[] = "scope @ dropped=0 url=\n";

TEST(JaegerThrift, ASpanWithEverything) {
  const Span span = {
      .trace_high = 0x0102030405060708,
      .trace_low = 0x090a0b0c0d0e0f10,
      .id = 0x1112131415161718,
      .parent = 0x21,
      .name = "GET /",
      .references = {Reference(1, 0, 7, 8)},
      .flags = 3,
      .start_us = 1'700'000'000'000'001,
      .duration_us = 250,
      .tags = {TextTag("http.method", "GET"), DoubleTag("ratio", 0.5), BoolTag("cached", true), LongTag("size", -5),
               BinaryTag("raw", std::string("\0\xff", 2)), TextTag("span.kind", "client")},
      .logs = {Log(1'700'000'000'000'100, {TextTag("event", "retry"), LongTag("attempt", 2)})}};
  const Decoded decoded =
      Decode(Batch(Process("shop", {TextTag("hostname", "h1"), LongTag("pid", 7)}), {span.Write(), Span{}.Write()}));
  ASSERT_TRUE(decoded.report) << decoded.report.error().message;
  EXPECT_EQ(decoded.report->accepted_spans, 2u);
  EXPECT_EQ(decoded.report->rejected_spans, 0u);
  const std::string resource =
      "resource service.name='shop' hostname='h1' pid=7 dropped=0 url= service=shop\nscope @ dropped=0 url=\n";
  EXPECT_EQ(decoded.text,
            resource +
                "span 0102030405060708090a0b0c0d0e0f10 1112131415161718 parent=0000000000000021 GET / "
                "1700000000000001000-1700000000000251000 kind=3 state= flags=3 status=0: dropped=0,0,0 "
                "http.method='GET' ratio=0.5d cached=true size=-5 raw=x00ff \n"
                "event 1700000000000100000 retry dropped=0 attempt=2 \n"
                "link 00000000000000000000000000000007 0000000000000008 state= flags=0 dropped=0 "
                "opentracing.ref_type='follows_from' \n" +
                resource +
                "span 00000000000000010000000000000002 0000000000000003 parent=0000000000000000 work 1000000-1500000 "
                "kind=0 state= flags=1 status=0: dropped=0,0,0 \n");
}

TEST(JaegerThrift, FieldsMayComeInAnyOrder) {
  const Span plain = {.references = {Reference(0, 1, 2, 9)}, .tags = {TextTag("a", "b")}};
  std::string span = ThriftStruct()
                         .Structs(10, {ThriftStruct().String(3, "b").I32(2, 0).String(1, "a").End()})
                         .Structs(6, {ThriftStruct().I64(4, 9).I64(3, 1).I64(2, 2).I32(1, 0).End()})
                         .I64(9, 500)
                         .I64(8, 1000)
                         .I32(7, 1)
                         .String(5, "work")
                         .I64(4, 0)
                         .I64(3, 3)
                         .I64(2, 1)
                         .I64(1, 2)
                         .End();
  const std::string process = ThriftStruct().Structs(2, {TextTag("k", "v")}).String(1, "shop").End();
  const std::string reversed = ThriftStruct().Structs(2, {span}).Struct(1, process).End();
  EXPECT_EQ(Decode(reversed).text, Decode(Batch(Process("shop", {TextTag("k", "v")}), {plain.Write()})).text);
}

TEST(JaegerThrift, UnknownFieldsArePassedOver) {
  const std::string more = ThriftStruct().Struct(1, Span{}.Write()).Structs(2, {Span{}.Write()}).End();
  std::string span = Span{.tags = {TextTag("a", "b")}}.Write();
  span.pop_back();
  span += ThriftStruct().Struct(13, more).String(100, "x").Bool(40, true).I64(0xFFFF, 1).I32(0, 1).End();
  const std::string body = ThriftStruct().Struct(9, more).Struct(1, Process("shop")).Structs(2, {span}).End();
  const Decoded decoded = Decode(body);
  ASSERT_TRUE(decoded.report) << decoded.report.error().message;
  EXPECT_EQ(decoded.text, Decode(Batch(Span{.tags = {TextTag("a", "b")}})).text);
}

TEST(JaegerThrift, ABatchWithoutSpansIsEmpty) {
  const Decoded decoded = Decode(Batch(Process("shop"), {}));
  ASSERT_TRUE(decoded.report);
  EXPECT_EQ(decoded.report->accepted_spans, 0u);
  EXPECT_EQ(decoded.batch, nullptr);
  // Some writers give an empty list no type.
  EXPECT_TRUE(
      Decode(ThriftStruct().Struct(1, Process("s")).Raw(ThriftType::kList, 2, std::string(5, '\0')).End()).report);
}

TEST(JaegerThrift, AServiceWithoutANameHasNone) {
  EXPECT_NE(Decode(Batch(Process(""), {Span{}.Write()})).text.find("resource dropped=0 url= service=\n"),
            std::string::npos);
}

TEST(JaegerThrift, DuplicateKeysAreKeptInOrder) {
  EXPECT_EQ(Attributes(*WithTags({TextTag("a", "1"), LongTag("a", 2), TextTag("a", "1")})), "a='1' a=2 a='1' ");
}

TEST(JaegerThrift, ValuesOfAllSortsSurvive) {
  EXPECT_EQ(Attributes(*WithTags({LongTag("min", INT64_MIN), LongTag("max", INT64_MAX), DoubleTag("nan", NAN),
                                  DoubleTag("inf", -INFINITY), TextTag("", ""), BoolTag("f", false)})),
            fmt::format("min={} max={} nan=nand inf=-infd ='' f=false ", INT64_MIN, INT64_MAX));
  const std::string megabyte(1 << 20, 'x');
  EXPECT_EQ(Attributes(*WithTags({TextTag("long", megabyte)})), "long='" + megabyte + "' ");
}

TEST(JaegerThrift, AValueThatIsNotThereIsThatOfNothing) {
  const auto of_type = [](int32_t type) { return ThriftStruct().String(1, "k").I32(2, type).End(); };
  EXPECT_EQ(Attributes(*WithTags({of_type(0), of_type(1), of_type(2), of_type(3), of_type(4)})),
            "k='' k=0d k=false k=0 k=x ");
}

TEST(JaegerThrift, TheTypeSaysWhichValueCounts) {
  const std::string tag = ThriftStruct().String(1, "k").I32(2, 3).String(3, "text").I64(6, 5).Bool(5, true).End();
  EXPECT_EQ(Attributes(*WithTags({tag})), "k=5 ");
  EXPECT_EQ(Attributes(*WithTags({ThriftStruct().String(1, "k").I32(2, 77).String(3, "text").End()})),
            "k='<Unknown Jaeger TagType 77>' ");
}

TEST(JaegerThrift, TextThatIsNotUtf8BecomesBytesAndNamesAreMended) {
  const Decoded decoded = Decode(
      Batch(Process("sh\xffop", {TextTag("a", "\xff")}),
            {Span{.name = "w\xf0\x9fk", .tags = {TextTag("a", "b\xc0"), TextTag("k\xff", "v"), TextTag("a", "b\xc0")}}
                 .Write()}));
  ASSERT_TRUE(decoded.report) << decoded.report.error().message;
  EXPECT_NE(decoded.text.find("resource service.name=x7368ff6f70 a=xff "), std::string::npos) << decoded.text;
  EXPECT_NE(decoded.text.find(" w\xEF\xBF\xBDk "), std::string::npos) << decoded.text;
  EXPECT_NE(decoded.text.find("a=x62c0 k\xEF\xBF\xBD='v' a=x62c0 "), std::string::npos) << decoded.text;
}

TEST(JaegerThrift, TimesOutsideOfWhatCanBeToldAreTheNearest) {
  const auto times = [](int64_t start_us, int64_t duration_us) {
    const auto batch = One({.start_us = start_us, .duration_us = duration_us});
    return std::pair(batch->start_ns[0], batch->end_ns[0]);
  };
  using Times = std::pair<uint64_t, uint64_t>;
  EXPECT_EQ(times(0, 0), Times(0, 0));
  EXPECT_EQ(times(5, -2), Times(5000, 3000));
  EXPECT_EQ(times(-5, 7), Times(0, 2000));
  EXPECT_EQ(times(-5, 2), Times(0, 0));
  EXPECT_EQ(times(INT64_MAX, INT64_MAX), Times(UINT64_MAX, UINT64_MAX));
  EXPECT_EQ(times(INT64_MIN, INT64_MIN), Times(0, 0));
  EXPECT_EQ(times(18446744073709551, 0), Times(18446744073709551000u, 18446744073709551000u));
  EXPECT_EQ(times(18446744073709551, 1), Times(18446744073709551000u, UINT64_MAX));
  const auto log = One({.logs = {Log(-1, {}), Log(INT64_MAX, {})}});
  EXPECT_EQ(log->event_time_ns[0], 0u);
  EXPECT_EQ(log->event_time_ns[1], UINT64_MAX);
}

// Parent, and then span id and type of each link.
std::string Relations(int64_t parent, std::vector<std::string> references) {
  const auto batch = One({.parent = parent, .references = std::move(references)});
  std::string out = fmt::format("{}", batch->parent_span_id[0]);
  for (uint32_t link = 0; link < batch->link_span_id.size(); ++link) {
    out += fmt::format(" {}:{}:{} {}", batch->link_trace_id_high[link], batch->link_trace_id_low[link],
                       batch->link_span_id[link], DescribeList(*batch, batch->link_attributes, link));
  }
  return out;
}

TEST(JaegerThrift, TheParentIsTheFirstChildOfOfTheSameTrace) {
  EXPECT_EQ(Relations(0, {}), "0");
  EXPECT_EQ(Relations(9, {}), "9");
  EXPECT_EQ(Relations(0, {Reference(0, 1, 2, 7)}), "7");
  EXPECT_EQ(Relations(7, {Reference(0, 1, 2, 7), Reference(0, 1, 2, 7)}), "7");
  EXPECT_EQ(Relations(0, {Reference(1, 1, 2, 5), Reference(0, 1, 2, 7), Reference(0, 1, 2, 8)}),
            "7 1:2:5 opentracing.ref_type='follows_from'  1:2:8 opentracing.ref_type='child_of' ");
  EXPECT_EQ(Relations(0, {Reference(0, 1, 3, 7), Reference(0, 4, 2, 8)}),
            "0 1:3:7 opentracing.ref_type='child_of'  4:2:8 opentracing.ref_type='child_of' ");
  EXPECT_EQ(Relations(9, {Reference(0, 1, 2, 7)}), "9 1:2:7 opentracing.ref_type='child_of' ");
  EXPECT_EQ(Relations(7, {Reference(0, 1, 3, 7)}), "7 1:3:7 opentracing.ref_type='child_of' ")
      << "the parent's id in another trace is another span";
}

TEST(JaegerThrift, WhereNothingIsChildOfTheFirstFollowedOneIsTheParent) {
  EXPECT_EQ(Relations(0, {Reference(1, 1, 3, 4), Reference(1, 1, 2, 5), Reference(1, 1, 2, 6)}),
            "5 1:3:4 opentracing.ref_type='follows_from'  1:2:5 opentracing.ref_type='follows_from'  "
            "1:2:6 opentracing.ref_type='follows_from' ");
}

TEST(JaegerThrift, KindIsTakenFromItsTag) {
  const char* const kinds[] = {"internal", "server", "client", "producer", "consumer"};
  for (size_t i = 0; i < std::size(kinds); ++i) {
    const auto batch = WithTags({TextTag("span.kind", kinds[i]), TextTag("a", "b")});
    EXPECT_EQ(batch->kind[0], i + 1);
    EXPECT_EQ(Attributes(*batch), "a='b' ");
  }
  const auto odd = WithTags({TextTag("span.kind", "CLIENT"), LongTag("span.kind", 2)});
  EXPECT_EQ(odd->kind[0], 0);
  EXPECT_EQ(Attributes(*odd), "span.kind='CLIENT' span.kind=2 ");
  const auto two = WithTags({TextTag("span.kind", "server"), TextTag("span.kind", "client")});
  EXPECT_EQ(two->kind[0], 2);
  EXPECT_EQ(Attributes(*two), "span.kind='client' ");
}

// Status code and message, and what is left of the tags.
std::string StatusOf(std::vector<std::string> tags) {
  const auto batch = WithTags(std::move(tags));
  return fmt::format("{}:{} {}", batch->status_code[0], batch->String(batch->status_message[0]), Attributes(*batch));
}

TEST(JaegerThrift, AnErrorTagIsTheStatus) {
  EXPECT_EQ(StatusOf({BoolTag("error", true)}), "2: ");
  EXPECT_EQ(StatusOf({TextTag("error", "true")}), "2: ");
  EXPECT_EQ(StatusOf({BoolTag("error", false)}), "0: error=false ");
  EXPECT_EQ(StatusOf({TextTag("error", "timeout")}), "0: error='timeout' ");
  EXPECT_EQ(StatusOf({BoolTag("error", true), TextTag("otel.status_description", "why")}), "2:why ");
  EXPECT_EQ(StatusOf({TextTag("http.status_message", "Bad"), BoolTag("error", true)}),
            "2:Bad http.status_message='Bad' ");
  EXPECT_EQ(StatusOf({TextTag("otel.status_code", "OK"), BoolTag("error", true)}), "2: ") << "error is the last word";
}

TEST(JaegerThrift, AStatusCodeIsTakenByName) {
  EXPECT_EQ(StatusOf({TextTag("otel.status_code", "OK")}), "1: ");
  EXPECT_EQ(StatusOf({TextTag("otel.status_code", "error"), TextTag("otel.status_description", "why")}), "2:why ");
  EXPECT_EQ(StatusOf({TextTag("otel.status_code", "UNSET"), LongTag("http.status_code", 500)}),
            "0: http.status_code=500 ");
  EXPECT_EQ(StatusOf({TextTag("otel.status_code", "7")}), "0: otel.status_code='7' ");
  EXPECT_EQ(StatusOf({TextTag("otel.status_description", "why")}), "0:why ");
}

TEST(JaegerThrift, AStatusOfHttpCountsWhereNothingElseIsSaid) {
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 500), TextTag("http.status_message", "Oh")}),
            "2:Oh http.status_code=500 http.status_message='Oh' ");
  EXPECT_EQ(StatusOf({TextTag("http.status_code", "503")}), "2: http.status_code='503' ");
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 200), TextTag("http.status_message", "Fine")}),
            "0: http.status_code=200 http.status_message='Fine' ");
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 404), TextTag("span.kind", "server")}), "0: http.status_code=404 ");
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 404), TextTag("span.kind", "client")}), "2: http.status_code=404 ");
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 404)}), "2: http.status_code=404 ");
  EXPECT_EQ(StatusOf({LongTag("http.status_code", 0)}), "2: http.status_code=0 ");
  EXPECT_EQ(StatusOf({TextTag("http.status_code", "5xx")}), "0: http.status_code='5xx' ");
  EXPECT_EQ(StatusOf({DoubleTag("http.status_code", 500)}), "0: http.status_code=500d ");
}

TEST(JaegerThrift, ScopeAndTraceStateAreTakenFromTheirTags) {
  const auto batch = WithTags({TextTag("otel.scope.name", "lib"), TextTag("otel.scope.version", "1"),
                               TextTag("otel.library.name", "old"), TextTag("w3c.tracestate", "a=b")});
  EXPECT_NE(DescribeBatch(*batch).find("scope lib@1 dropped"), std::string::npos);
  EXPECT_EQ(batch->String(batch->trace_state[0]), "a=b");
  EXPECT_EQ(Attributes(*batch), "");
  const auto old = WithTags({TextTag("otel.library.name", "old"), TextTag("otel.library.version", "0")});
  EXPECT_NE(DescribeBatch(*old).find("scope old@0 dropped"), std::string::npos);
}

TEST(JaegerThrift, EverySpanHasItsOwnScope) {
  const auto of_scope = [](const char* name) { return Span{.tags = {TextTag("otel.scope.name", name)}}.Write(); };
  const Decoded decoded =
      Decode(Batch(Process("shop"), {of_scope("a"), Span{}.Write(), of_scope("a"), of_scope("b"), of_scope("b")}));
  std::string scopes;
  for (const uint32_t scope : decoded.batch->scope) {
    scopes += fmt::format("'{}' ", decoded.batch->String(decoded.batch->scope_name[scope]));
  }
  EXPECT_EQ(scopes, "'a' '' 'a' 'b' 'b' ");
}

TEST(JaegerThrift, TheEventFieldOfALogIsItsName) {
  const auto batch = One({.logs = {Log(1, {TextTag("message", "m"), TextTag("event", "e"), TextTag("event", "f")}),
                                   Log(2, {LongTag("event", 5)}), Log(3, {})}});
  EXPECT_EQ(DescribeBatch(*batch).substr(DescribeBatch(*batch).find("event 1000")),
            "event 1000 e dropped=0 message='m' event='f' \n"
            "event 2000  dropped=0 event=5 \n"
            "event 3000  dropped=0 \n");
}

TEST(JaegerThrift, SpansWithoutIdsAreRejectedAlone) {
  const Decoded decoded =
      Decode(Batch(Process("shop"), {Span{.id = 3}.Write(), Span{.id = 0}.Write(),
                                     Span{.trace_high = 0, .trace_low = 0, .tags = {TextTag("x", "y")}}.Write(),
                                     Span{.trace_high = 0, .trace_low = 5, .id = 4}.Write()}));
  ASSERT_TRUE(decoded.report);
  EXPECT_EQ(decoded.report->accepted_spans, 2u);
  EXPECT_EQ(decoded.report->rejected_spans, 2u);
  EXPECT_EQ(decoded.report->first_error, "span 1: spanId is zero");
  EXPECT_EQ(decoded.batch->span_id[1], 4u);
}

TEST(JaegerThrift, ErrorsNameTheFieldAndTheByte) {
  EXPECT_EQ(ErrorOf(""), "not Thrift's binary protocol, or cut off, at byte 0");
  EXPECT_EQ(ErrorOf(Batch(Span{}) + "x"), "bytes behind the batch at byte " + std::to_string(Batch(Span{}).size()));
  EXPECT_EQ(ErrorOf(ThriftStruct().Struct(1, Process("s")).End()), "field 2 is missing at byte 12");
  EXPECT_EQ(ErrorOf(ThriftStruct().Struct(1, Process("s")).Structs(2, {ThriftStruct().I64(1, 1).End()}).End()),
            "spans: field 2 is missing at byte 31");
  EXPECT_EQ(ErrorOf(ThriftStruct().Struct(1, Process("s")).Structs(2, {ThriftStruct().I32(1, 1).End()}).End()),
            "spans: field 1 has type 8 at byte 23");
  EXPECT_EQ(ErrorOf(ThriftStruct().Struct(1, Process("s")).Struct(1, Process("s")).End()),
            "field 1 stands here twice at byte 15");
  EXPECT_EQ(ErrorOf(ThriftStruct()
                        .Struct(1, Process("s"))
                        .Raw(ThriftType::kList, 2, std::string("\x0b\0\0\0\1", 5) + "abcd")
                        .End()),
            "spans: a list of type 11 at byte 20");
  EXPECT_EQ(ErrorOf(Batch(Process("s"), {Span{.tags = {ThriftStruct().String(1, "k").End()}}.Write()})).substr(0, 29),
            "spans.tags: field 2 is missin");
  EXPECT_EQ(
      ErrorOf(ThriftStruct().Struct(1, ThriftStruct().Raw(ThriftType::kString, 1, "\x7f\xff\xff\xff").End()).End()),
      "process.serviceName: not Thrift's binary protocol, or cut off, at byte 6");
}

TEST(JaegerThrift, NestingInUnknownFieldsIsBounded) {
  std::string deep;
  for (int i = 0; i < limits::kThriftDepthMax + 1; ++i) deep += std::string("\x0c\0\x63", 3);
  EXPECT_EQ(ErrorOf(deep + std::string(100, '\0')).substr(0, 12), "deeper than ");
}

TEST(JaegerThrift, ABodyThatUnfoldsBeyondTheBudgetIsBusy) {
  std::vector<std::string> tags(10'000, LongTag("k", 1));
  const Decoded decoded = Decode(Batch(Span{.tags = tags}), 300'000);
  ASSERT_FALSE(decoded.report);
  EXPECT_EQ(decoded.report.error().code, Code::kBusy);
}

TEST(JaegerThrift, CutAtAnyByteItIsInvalid) {
  const std::string body = Batch(
      Process("shop", {TextTag("k", "v")}),
      {Span{.references = {Reference(1, 1, 2, 5)},
            .tags = {TextTag("a", "b"), DoubleTag("d", 1), BoolTag("b", true), LongTag("l", 1), BinaryTag("x", "y")},
            .logs = {Log(1, {TextTag("event", "e")})}}
           .Write(),
       Span{}.Write()});
  for (size_t size = 0; size < body.size(); ++size) {
    // Of its own length, so that a sanitizer sees a byte too far.
    const std::unique_ptr<char[]> cut(new char[size]);  // check-ok(new): an allocation that ends where the body does
    body.copy(cut.get(), size);
    const Decoded decoded = Decode({cut.get(), size});
    ASSERT_FALSE(decoded.report) << size;
    EXPECT_EQ(decoded.report.error().code, Code::kInvalid) << size;
  }
  EXPECT_TRUE(Decode(body).report);
}

TEST(JaegerThrift, OneByteThatDiffersIsReadOrRefused) {
  const std::string body =
      Batch(Process("shop", {TextTag("k", "v")}), {Span{.references = {Reference(1, 1, 2, 5)},
                                                        .tags = {TextTag("a", "b"), BinaryTag("x", "y")},
                                                        .logs = {Log(1, {TextTag("event", "e")})}}
                                                       .Write()});
  for (size_t at = 0; at < body.size(); ++at) {
    for (const int flip : {0x01, 0x04, 0x80, 0xFF}) {
      std::string damaged = body;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      const Decoded decoded = Decode(damaged);
      EXPECT_TRUE(decoded.report || decoded.report.error().code == Code::kInvalid) << at;
    }
  }
}

}  // namespace
}  // namespace spoor::thrift_test
