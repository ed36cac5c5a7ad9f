#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "decode/describe_batch.h"
#include "decode/otlp.h"

namespace spoor {
namespace {

using protozero::pbf_writer;

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
  Decoded decoded{DecodeOtlpProtobuf(body, builder, memory), nullptr, ""};
  if (!decoded.report) return decoded;
  decoded.batch = *builder.Finish();
  if (decoded.batch == nullptr) return decoded;
  EXPECT_NE(ParseAgain(*decoded.batch), nullptr);
  decoded.text = DescribeBatch(*decoded.batch);
  return decoded;
}

// One message, from its fields.
template <class Write>
std::string Message(Write write) {
  std::string out;
  pbf_writer writer(out);
  write(writer);
  return out;
}

std::string StringValue(const std::string& text) {
  return Message([&](pbf_writer& w) { w.add_string(1, text); });
}

std::string Pair(const std::string& key, const std::string& any_value) {
  return Message([&](pbf_writer& w) {
    w.add_string(1, key);
    w.add_message(2, any_value);
  });
}

const std::string kTraceId = std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10", 16);
const std::string kSpanId = std::string("\x11\x12\x13\x14\x15\x16\x17\x18", 8);

// A span's two ids, then `more`.
std::string SpanWith(const std::string& more) {
  return Message([](pbf_writer& w) {
           w.add_bytes(1, kTraceId);
           w.add_bytes(2, kSpanId);
         }) +
         more;
}

std::string RequestOf(const std::vector<std::string>& spans) {
  return Message([&](pbf_writer& request) {
    pbf_writer resource_spans(request, 1);
    pbf_writer scope_spans(resource_spans, 2);
    for (const std::string& span : spans) scope_spans.add_message(2, span);
  });
}

std::string Field(uint32_t field, const std::string& bytes) {
  return Message([&](pbf_writer& w) { w.add_message(field, bytes); });
}

void ExpectEnds(const std::string& text, const std::string& end) { EXPECT_TRUE(text.ends_with(end)) << text; }

TEST(OtlpProtobuf, DecodesEveryField) {
  const std::string event = Message([](pbf_writer& w) {
    w.add_fixed64(1, 5);
    w.add_string(2, "boom");
    w.add_message(3, Pair("e", StringValue("1")));
    w.add_uint32(4, 9);
  });
  const std::string link = Message([](pbf_writer& w) {
    w.add_bytes(1, kTraceId);
    w.add_bytes(2, kSpanId);
    w.add_string(3, "l=1");
    w.add_message(4, Pair("l", StringValue("2")));
    w.add_uint32(5, 8);
    w.add_fixed32(6, 0x300);
  });
  const std::string span = Message([&](pbf_writer& w) {
    w.add_bytes(1, kTraceId);
    w.add_bytes(2, kSpanId);
    w.add_string(3, "a=b");
    w.add_bytes(4, std::string(8, '\x22'));
    w.add_string(5, "GET /");
    w.add_enum(6, 2);
    w.add_fixed64(7, 100);
    w.add_fixed64(8, 200);
    w.add_message(9, Pair("k", StringValue("v")));
    w.add_uint32(10, 1);
    w.add_message(11, event);
    w.add_uint32(12, 2);
    w.add_message(13, link);
    w.add_uint32(14, 3);
    w.add_message(15, Message([](pbf_writer& status) {
                    status.add_string(2, "bad");
                    status.add_enum(3, 2);
                  }));
    w.add_fixed32(16, 0x101);
  });
  const std::string body = Message([&](pbf_writer& request) {
    pbf_writer resource_spans(request, 1);
    resource_spans.add_message(1, Message([](pbf_writer& resource) {
                                 resource.add_message(1, Pair("service.name", StringValue("cart")));
                                 resource.add_uint32(2, 4);
                               }));
    {
      pbf_writer scope_spans(resource_spans, 2);
      scope_spans.add_message(1, Message([](pbf_writer& scope) {
                                scope.add_string(1, "lib");
                                scope.add_string(2, "1.0");
                                scope.add_message(3, Pair("s", StringValue("3")));
                                scope.add_uint32(4, 5);
                              }));
      scope_spans.add_message(2, span);
      scope_spans.add_string(3, "url:s");
    }
    resource_spans.add_string(3, "url:r");
  });
  const Decoded decoded = Decode(body);
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.report->accepted_spans, 1u);
  EXPECT_EQ(decoded.report->rejected_spans, 0u);
  EXPECT_EQ(decoded.text,
            "resource service.name='cart' dropped=4 url=url:r service=cart\n"
            "scope lib@1.0 s='3' dropped=5 url=url:s\n"
            "span 0102030405060708090a0b0c0d0e0f10 1112131415161718 parent=2222222222222222 GET / 100-200 kind=2 "
            "state=a=b flags=101 status=2:bad dropped=1,2,3 k='v' \n"
            "event 5 boom dropped=9 e='1' \n"
            "link 0102030405060708090a0b0c0d0e0f10 1112131415161718 state=l=1 flags=300 dropped=8 l='2' \n");
}

TEST(OtlpProtobuf, EmptyRequestsHaveNoSpans) {
  EXPECT_EQ(Decode("").report->accepted_spans, 0u);
  EXPECT_EQ(Decode(Field(1, "")).report->accepted_spans, 0u);
  EXPECT_EQ(Decode(Field(1, Field(2, ""))).batch, nullptr);
}

TEST(OtlpProtobuf, DecodesEveryTypeOfValue) {
  const auto attribute = [](const std::string& any_value) { return Field(9, Pair("k", any_value)); };
  const std::string list = Field(1, StringValue("x")) + Field(1, "");
  const std::string map = Field(1, Pair("m", StringValue("y")));
  const std::string span =
      SpanWith(attribute(StringValue("")) + attribute(Message([](pbf_writer& w) { w.add_bool(2, true); })) +
               attribute(Message([](pbf_writer& w) { w.add_int64(3, INT64_MIN); })) +
               attribute(Message([](pbf_writer& w) { w.add_double(4, -0.5); })) + attribute(Field(5, list)) +
               attribute(Field(6, map)) + attribute(Message([](pbf_writer& w) { w.add_bytes(7, "\xFF"); })) +
               attribute("") + Field(9, Field(1, "no value")) + attribute(Message([](pbf_writer& w) {
                 w.add_int32(8, 1);  // string_value_strindex: for profiles only
               })));
  ExpectEnds(Decode(RequestOf({span})).text,
             "k='' k=true k=-9223372036854775808 k=-0.5d k=[ 'x' empty ] k={ m: 'y' } k=xff k=empty "
             "no value=empty k=empty \n");
}

TEST(OtlpProtobuf, LongKeysAndValuesTakeTheSameWay) {
  const std::string key(300, 'k'), value(70'000, 'v');
  ExpectEnds(Decode(RequestOf({SpanWith(Field(9, Pair(key, StringValue(value))))})).text, key + "='" + value + "' \n");
}

TEST(OtlpProtobuf, AcceptsAnyOrderOfFields) {
  const std::string span = Field(9, Message([](pbf_writer& w) {
                                   w.add_message(2, StringValue("v"));
                                   w.add_string(1, "k");
                                 })) +
                           SpanWith("");
  const std::string body = Message([&](pbf_writer& request) {
    pbf_writer resource_spans(request, 1);
    resource_spans.add_string(3, "url");
    {
      pbf_writer scope_spans(resource_spans, 2);
      scope_spans.add_message(2, span);
      scope_spans.add_message(1, Message([](pbf_writer& scope) { scope.add_string(1, "late"); }));
    }
    resource_spans.add_message(1, Field(1, Pair("service.name", StringValue("behind"))));
  });
  const std::string text = Decode(body).text;
  EXPECT_NE(text.find("url=url service=behind\nscope late@"), std::string::npos) << text;
  ExpectEnds(text, "k='v' \n");
}

TEST(OtlpProtobuf, JoinsAttributesThatOtherFieldsSeparate) {
  const std::string span =
      SpanWith(Field(9, Pair("a", StringValue("1"))) + Field(11, Field(3, Pair("e", ""))) +
               Field(9, Pair("b", StringValue("2"))) + Field(13, "") + Field(9, Pair("c", StringValue("3"))));
  const std::string text = Decode(RequestOf({span})).text;
  EXPECT_NE(text.find("a='1' b='2' c='3' \nevent"), std::string::npos) << text;
  EXPECT_NE(text.find("e=empty \nlink"), std::string::npos) << text;
}

TEST(OtlpProtobuf, JoinsMessagesInPiecesAndTakesTheLastScalar) {
  const std::string body = Message([&](pbf_writer& request) {
    pbf_writer resource_spans(request, 1);
    resource_spans.add_message(1, Field(1, Pair("a", StringValue("1"))));
    {
      pbf_writer scope_spans(resource_spans, 2);
      scope_spans.add_message(1, Field(1, "first"));
      scope_spans.add_message(2, SpanWith(Field(5, "one") + Field(15, Field(2, "m")) + Field(5, "two") +
                                          Field(15, Message([](pbf_writer& w) { w.add_enum(3, 2); }))));
      scope_spans.add_message(1, Field(2, "2.0"));
    }
    resource_spans.add_message(1, Field(1, Pair("b", StringValue("2"))));
  });
  const std::string text = Decode(body).text;
  EXPECT_NE(text.find("resource a='1' b='2' "), std::string::npos) << text;
  EXPECT_NE(text.find("scope first@2.0 "), std::string::npos) << text;
  EXPECT_NE(text.find(" two 0-0 "), std::string::npos) << text;
  EXPECT_NE(text.find("status=2:m "), std::string::npos) << text;
}

TEST(OtlpProtobuf, PassesOverUnknownFields) {
  const std::string unknown = Message([](pbf_writer& w) {
    w.add_string(1000, "x");
    w.add_fixed32(1001, 1);
    w.add_fixed64(1002, 1);
    w.add_uint64(1003, UINT64_MAX);
  });
  const std::string body = RequestOf({SpanWith(unknown + Field(9, Pair("k", StringValue("v") + unknown) + unknown))});
  ExpectEnds(Decode(body + unknown).text, "k='v' \n");
}

TEST(OtlpProtobuf, RejectsSpansWithWrongIdsAloneAndSaysWhy) {
  const auto ids = [](size_t trace, size_t span, size_t parent) {
    return Message([&](pbf_writer& w) {
      w.add_bytes(1, std::string(trace, 't'));
      w.add_bytes(2, std::string(span, 's'));
      w.add_bytes(4, std::string(parent, 'p'));
    });
  };
  const std::string good = ids(16, 8, 8);
  const Decoded decoded =
      Decode(RequestOf({good, ids(8, 8, 8), ids(16, 4, 8), ids(16, 8, 7), "", good, ids(16, 8, 0),
                        SpanWith(Field(13, Field(1, "short"))), Field(1, std::string(16, '\0')) + Field(2, kSpanId)}));
  ASSERT_TRUE(decoded.report.has_value());
  EXPECT_EQ(decoded.report->accepted_spans, 3u);
  EXPECT_EQ(decoded.report->rejected_spans, 6u);
  EXPECT_EQ(decoded.report->first_error, "span 1: a trace id of 8 bytes, expected 16");
  EXPECT_EQ(decoded.batch->span_count(), 3u);
}

TEST(OtlpProtobuf, KeepsLinksWithoutIds) {
  ExpectEnds(Decode(RequestOf({SpanWith(Field(13, Field(3, "t=1")))})).text,
             "link 00000000000000000000000000000000 0000000000000000 state=t=1 flags=0 dropped=0 \n");
}

TEST(OtlpProtobuf, KindsThatNobodyKnowsAreUnspecifiedOrKept) {
  const auto kind = [](uint64_t number) {
    return Decode(RequestOf({SpanWith(Message([&](pbf_writer& w) { w.add_uint64(6, number); }))})).batch->kind[0];
  };
  EXPECT_EQ(kind(5), 5);
  EXPECT_EQ(kind(200), 200);
  EXPECT_EQ(kind(300), 0);
  EXPECT_EQ(kind(UINT64_MAX), 0);
}

TEST(OtlpProtobuf, SaysWhichFieldIsNotUtf8AndWhere) {
  const std::string body = RequestOf({SpanWith(Field(5, "ab\xFF"))});
  const Decoded decoded = Decode(body);
  EXPECT_EQ(decoded.report.error().code, Code::kInvalid);
  EXPECT_EQ(decoded.report.error().message,
            "resource_spans.scope_spans.spans.name: not UTF-8 at byte " + std::to_string(body.size() - 1));
}

TEST(OtlpProtobuf, RefusesTextThatIsNotUtf8Everywhere) {
  const std::string bad = "\xC3\x28";
  for (const std::string& span :
       {Field(3, bad), Field(5, bad), Field(9, Pair(bad, "")), Field(9, Pair("k", StringValue(bad))),
        Field(9, Pair("k", Field(5, Field(1, StringValue(bad))))), Field(11, Field(2, bad)), Field(13, Field(3, bad)),
        Field(15, Field(2, bad)), Field(9, Pair(std::string(200, 'k') + bad, ""))}) {
    const Decoded decoded = Decode(RequestOf({SpanWith(span)}));
    ASSERT_FALSE(decoded.report.has_value());
    EXPECT_NE(decoded.report.error().message.find("not UTF-8"), std::string::npos) << decoded.report.error().message;
  }
}

TEST(OtlpProtobuf, RefusesWrongWireTypesOfKnownFieldsAndGroups) {
  const std::string number = Message([](pbf_writer& w) { w.add_uint64(5, 1); });
  EXPECT_EQ(Decode(RequestOf({SpanWith(number)})).report.error().message,
            "resource_spans.scope_spans.spans: field 5 has wire type 0 at byte 35");
  EXPECT_FALSE(Decode("\x0B\x0C").report.has_value());
  EXPECT_FALSE(Decode(RequestOf({SpanWith("\xA3\x06\xA4\x06")})).report.has_value());
}

TEST(OtlpProtobuf, RefusesEveryTruncation) {
  const std::string body = RequestOf({SpanWith(Field(5, "name") + Field(9, Pair("k", StringValue("v"))) +
                                               Field(11, Field(2, "e")) + Field(15, Field(2, "m")))});
  ASSERT_TRUE(Decode(body).report.has_value());
  for (size_t size = 1; size < body.size(); ++size) {
    EXPECT_FALSE(Decode(std::string_view(body).substr(0, size)).report.has_value()) << size;
  }
}

TEST(OtlpProtobuf, RefusesLengthsThatLie) {
  EXPECT_EQ(Decode("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01").report.error().code, Code::kInvalid);
  EXPECT_FALSE(Decode(std::string(1, '\x0A') + std::string(11, '\xFF')).report.has_value());
}

TEST(OtlpProtobuf, RefusesValuesNestedAHundredThousandDeep) {
  std::string reversed;
  const auto prepend = [&](std::string piece) { reversed.append(piece.rbegin(), piece.rend()); };
  for (int depth = 0; depth < 100'000; ++depth) {
    for (const uint8_t tag : {0x0A, 0x2A}) {
      std::string head(1, static_cast<char>(tag));
      protozero::write_varint(std::back_inserter(head), reversed.size());
      prepend(head);
    }
  }
  const std::string value(reversed.rbegin(), reversed.rend());
  const Decoded decoded = Decode(RequestOf({SpanWith(Field(9, Pair("k", value)))}));
  ASSERT_FALSE(decoded.report.has_value());
  EXPECT_NE(decoded.report.error().message.find("spans.attributes.value: nested too deep"), std::string::npos);
}

TEST(OtlpProtobuf, TakesAMillionAttributes) {
  std::string attributes;
  for (int i = 0; i < 1'000'000; ++i) attributes += Field(9, Pair("k" + std::to_string(i % 1000), StringValue("v")));
  const Decoded decoded = Decode(RequestOf({SpanWith(attributes)}));
  ASSERT_TRUE(decoded.report.has_value()) << decoded.report.error().message;
  EXPECT_EQ(decoded.batch->ShapeKeys(decoded.batch->attributes.shape[0]).size(), 1'000'000u);
}

TEST(OtlpProtobuf, RefusesABodyThatUnfoldsBeyondTheMemoryBudget) {
  // Two bytes an event here, forty and more in memory.
  std::string events;
  for (int i = 0; i < 1'000'000; ++i) events += std::string("\x5A\x00", 2);
  const Decoded decoded = Decode(RequestOf({SpanWith(events)}), size_t{8} << 20);
  ASSERT_FALSE(decoded.report.has_value());
  EXPECT_EQ(decoded.report.error().code, Code::kBusy);
}

TEST(OtlpProtobuf, EqualResourcesOfARequestAreShared) {
  const std::string one = Message([&](pbf_writer& request) {
    pbf_writer resource_spans(request, 1);
    resource_spans.add_message(1, Field(1, Pair("service.name", StringValue("cart"))));
    pbf_writer scope_spans(resource_spans, 2);
    scope_spans.add_message(2, SpanWith(""));
  });
  const Decoded decoded = Decode(one + one);
  EXPECT_EQ(decoded.batch->span_count(), 2u);
  EXPECT_EQ(decoded.batch->resource_schema_url.size(), 1u);
}

}  // namespace
}  // namespace spoor
