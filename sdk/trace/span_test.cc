#include "api/span.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Recording;
using testing::WireRequest;

Timestamp At(int64_t ns) { return Timestamp(std::chrono::nanoseconds(ns)); }

testing::WireSpan TheOne(Recording& recording) {
  const WireRequest request = recording.TakeWire();
  EXPECT_EQ(request.violations, std::vector<std::string>());
  EXPECT_EQ(request.spans.size(), 1u);
  return request.spans.empty() ? testing::WireSpan() : request.spans[0];
}

TEST(Span, IsOnTheWireWithIdsParentKindTimesAndScope) {
  Recording recording({Resource({{"service.name", "shop"}}, "https://schema/r"), nullptr, {}, {}, nullptr});
  const Tracer tracer = recording.provider.GetTracer("lib", "1.2", "https://schema/s", {{"k", 1}});
  Span root = tracer.StartSpan("root");
  SpanOptions options;
  options.kind = SpanKind::kClient;
  options.start_time = At(1'000'000'000'000);
  const Context parent(root);
  options.parent = &parent;
  Span child = tracer.StartSpan("child", options);
  child.End(At(1'000'000'000'500));
  const testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.trace_id, root.context().trace_id().ToHex());
  EXPECT_EQ(span.span_id, child.context().span_id().ToHex());
  EXPECT_EQ(span.parent_id, root.context().span_id().ToHex());
  EXPECT_EQ(span.name, "child");
  EXPECT_EQ(span.kind, 3u);
  EXPECT_EQ(span.start_ns, 1'000'000'000'000u);
  EXPECT_EQ(span.end_ns, 1'000'000'000'500u);
  EXPECT_EQ(span.flags, 0x103u) << "sampled, random, and a parent known to be of this process";
  EXPECT_EQ(span.resource, (testing::WireAttributes{{"service.name", "s:shop"}}));
  EXPECT_EQ(span.resource_schema_url, "https://schema/r");
  EXPECT_EQ(span.scope_name, "lib");
  EXPECT_EQ(span.scope_version, "1.2");
  EXPECT_EQ(span.scope_schema_url, "https://schema/s");
  EXPECT_EQ(span.scope_attributes, (testing::WireAttributes{{"k", "i:1"}}));
}

TEST(Span, TellsThatItsParentIsRemote) {
  Recording recording;
  const Context parent{Span(SpanContext({1, 2}, {3}, 1, true, *TraceState::FromHeader("a=1")))};
  SpanOptions options;
  options.parent = &parent;
  recording.tracer.StartSpan("child", options).End();
  const testing::WireSpan span = TheOne(recording);
  EXPECT_EQ(span.flags, 0x301u);
  EXPECT_EQ(span.parent_id, "0000000000000003");
  EXPECT_EQ(span.trace_id, "00000000000000010000000000000002");
  EXPECT_EQ(span.trace_state, "a=1");
}

enum Unscoped { kSeven = 7 };

TEST(Span, CarriesAttributesOfEveryType) {
  Recording recording;
  Span span = recording.tracer.StartSpan("span");
  const uint8_t bytes[] = {0, 255};
  const bool bools[] = {true, false};
  span.SetAttribute("bool", true);
  span.SetAttribute("int", -1);
  span.SetAttribute("unsigned", 7u);
  span.SetAttribute("min", std::numeric_limits<int64_t>::min());
  span.SetAttribute("max", std::numeric_limits<int64_t>::max());
  span.SetAttribute("larger", std::numeric_limits<uint64_t>::max());
  span.SetAttribute("enum", kSeven);
  span.SetAttribute("double", 1.5);
  span.SetAttribute("float", 0.5f);
  span.SetAttribute("infinite", std::numeric_limits<double>::infinity());
  span.SetAttribute("text", "t");
  span.SetAttribute("null", static_cast<const char*>(nullptr));
  span.SetAttribute("string", std::string("s\0s", 3));
  span.SetAttribute("long", std::string(1000, 'x'));
  span.SetAttribute("bytes", BytesView{bytes, 2});
  span.SetAttribute("no bytes", BytesView{});
  span.SetAttribute("bools", ListView<bool>(bools, 2));
  span.SetAttribute("ints", std::vector<int64_t>{1, -2});
  span.SetAttribute("doubles", std::vector<double>{0.25});
  span.SetAttribute("texts", std::vector<std::string_view>{"a", ""});
  span.SetAttribute("strings", std::vector<std::string>{"b"});
  span.SetAttribute("none", ListView<int64_t>());
  span.SetAttribute("mixed", ListView<AttributeValue>({1, "two", AttributeValue(Attributes({{"k", 3}}))}));
  span.SetAttribute("map", AttributeValue(Attributes({{"a", 1}, {"b", "two"}})));
  span.SetAttribute("empty", AttributeValue());
  span.End();
  const testing::WireAttributes expected = {{"bool", "b:true"},
                                            {"int", "i:-1"},
                                            {"unsigned", "i:7"},
                                            {"min", "i:-9223372036854775808"},
                                            {"max", "i:9223372036854775807"},
                                            {"larger", "s:18446744073709551615"},
                                            {"enum", "i:7"},
                                            {"double", "d:1.5"},
                                            {"float", "d:0.5"},
                                            {"infinite", "d:inf"},
                                            {"text", "s:t"},
                                            {"null", "s:"},
                                            {"string", std::string("s:s\0s", 5)},
                                            {"long", "s:" + std::string(1000, 'x')},
                                            {"bytes", "x:00ff"},
                                            {"no bytes", "x:"},
                                            {"bools", "[b:true,b:false]"},
                                            {"ints", "[i:1,i:-2]"},
                                            {"doubles", "[d:0.25]"},
                                            {"texts", "[s:a,s:]"},
                                            {"strings", "[s:b]"},
                                            {"none", "[]"},
                                            {"mixed", "[i:1,s:two,{k=i:3}]"},
                                            {"map", "{a=i:1,b=s:two}"},
                                            {"empty", ""}};
  EXPECT_EQ(TheOne(recording).attributes, expected);
}

TEST(Span, EndsAtItsStartWhereItIsToldAnEarlierTime) {
  Recording recording;
  for (const int64_t end_ns : {-5, 0, 5}) {
    Span span = recording.tracer.StartSpan("span");
    span.End(At(end_ns));
    const testing::WireSpan told = TheOne(recording);
    EXPECT_EQ(told.start_ns, told.end_ns) << end_ns;
  }
}

TEST(Span, TellsValuesForPeopleAlike) {
  Recording recording;
  const double numbers[] = {0.1, 1e300, std::numeric_limits<double>::quiet_NaN()};
  recording.tracer.StartSpan("span").SetAttribute("list", ListView<double>(numbers, 3)).SetAttribute("one", 0.1).End();
  const auto attributes = recording.Take().at(0).attributes();
  EXPECT_EQ(attributes[0].Text(), "[0.1,1e+300,\"NaN\"]");
  EXPECT_EQ(attributes[1].Text(), "0.1");
}

TEST(Span, ReplacesAnAttributeWithTheSameKey) {
  Recording recording;
  SpanOptions options;
  const Attribute at_start[] = {{"a", 1}, {"b", 2}, {"a", 3}};
  options.attributes = {at_start, 3};
  Span span = recording.tracer.StartSpan("span", options);
  span.SetAttribute("b", "a much longer text than the number that stood there");
  span.SetAttributes({{"c", 1}, {"a", 4}, {"c", 2}});
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  EXPECT_EQ(wire.attributes,
            (testing::WireAttributes{
                {"a", "i:4"}, {"b", "s:a much longer text than the number that stood there"}, {"c", "i:2"}}));
  EXPECT_EQ(wire.dropped_attributes, 0u);
}

TEST(Span, MendsTextThatIsNotUtf8AndStillKnowsTheKeyAgain) {
  Recording recording;
  Span span = recording.tracer.StartSpan("n\xff");
  span.SetAttribute("k\xff", "v\xfe!");
  span.SetAttribute("k\xff", "second");
  span.AddEvent("e\xff", {{"\xff", 1}, {"\xfe", 2}, {"surrogate", "\xed\xa0\x80"}});
  span.AddLink(SpanContext({1, 2}, {3}, 1), {{"\xc0\x80", "\xf8"}});
  span.SetStatus(StatusCode::kError, "d\xff");
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(wire.name, "n" + mark);
  EXPECT_EQ(wire.attributes, (testing::WireAttributes{{"k" + mark, "s:second"}}));
  EXPECT_EQ(wire.events[0].name, "e" + mark);
  EXPECT_EQ(wire.events[0].attributes,
            (testing::WireAttributes{{mark, "i:2"}, {"surrogate", "s:" + mark + mark + mark}}));
  EXPECT_EQ(wire.links[0].attributes, (testing::WireAttributes{{mark + mark, "s:" + mark}}));
  EXPECT_EQ(wire.status_message, "d" + mark);
}

TEST(Span, DropsAndCountsWhatIsOverItsLimits) {
  SpanLimits limits;
  limits.attributes_max = 2;
  limits.events_max = 1;
  limits.links_max = 1;
  limits.event_attributes_max = 1;
  limits.link_attributes_max = 0;
  limits.attribute_value_characters_max = 3;
  Recording recording({Resource({{"long", "resources are exempt"}}), nullptr, {}, limits, nullptr});
  Span span = recording.tracer.StartSpan("a long name is not cut");
  const uint8_t bytes[] = {1, 2, 3, 4};
  span.SetAttribute("a", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f").SetAttribute("b", 12345).SetAttribute("c", 1);
  span.SetAttribute("b", BytesView{bytes, 4});
  span.SetAttribute("", "no key");
  span.AddEvent("one", {{"x", std::vector<std::string>{"abcdef"}}, {"y", 2}, {"z", 3}})
      .AddEvent("two")
      .AddEvent("three");
  const SpanContext other({1, 2}, {3}, 0);
  span.AddLink(other, {{"k", 1}}).AddLink(other);
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  EXPECT_EQ(wire.name, "a long name is not cut");
  EXPECT_EQ(wire.attributes, (testing::WireAttributes{{"a", "s:\xc3\xa4\xc3\xb6\xc3\xbc"}, {"b", "x:010203"}}));
  EXPECT_EQ(wire.dropped_attributes, 2u);
  ASSERT_EQ(wire.events.size(), 1u);
  EXPECT_EQ(wire.events[0].attributes, (testing::WireAttributes{{"x", "[s:abc]"}}));
  EXPECT_EQ(wire.events[0].dropped_attributes, 2u);
  EXPECT_EQ(wire.dropped_events, 2u);
  ASSERT_EQ(wire.links.size(), 1u);
  EXPECT_EQ(wire.links[0].dropped_attributes, 1u);
  EXPECT_EQ(wire.dropped_links, 1u);
  EXPECT_EQ(wire.resource.at("long"), "s:resources are exempt");
}

TEST(Span, HoldsOneHundredAndTwentyEightOfEachUnlessToldOtherwise) {
  Recording recording;
  Span span = recording.tracer.StartSpan("span");
  for (int i = 0; i < 130; ++i) {
    span.SetAttribute("k" + std::to_string(i), i).AddEvent("e").AddLink(SpanContext({1, 2}, {3}, 0));
  }
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  EXPECT_EQ(wire.attributes.size(), 128u);
  EXPECT_EQ(wire.events.size(), 128u);
  EXPECT_EQ(wire.links.size(), 128u);
  EXPECT_EQ(wire.dropped_attributes, 2u);
  EXPECT_EQ(wire.dropped_events, 2u);
  EXPECT_EQ(wire.dropped_links, 2u);
}

TEST(Span, CutsValuesThatStandTooDeepInOneAnother) {
  Recording recording;
  std::vector<AttributeValue> levels(100, AttributeValue(1));
  for (size_t i = 1; i < levels.size(); ++i) levels[i] = AttributeValue(ListView<AttributeValue>(&levels[i - 1], 1));
  recording.tracer.StartSpan("span").SetAttribute("deep", levels.back()).End();
  const std::string value = TheOne(recording).attributes["deep"];
  EXPECT_EQ(value, std::string(65, '[') + std::string(65, ']'));
}

TEST(Span, KeepsStatusByItsRules) {
  Recording recording;
  const auto status = [&](auto&& tell) {
    Span span = recording.tracer.StartSpan("span");
    tell(span);
    span.End();
    const testing::WireSpan wire = TheOne(recording);
    return std::to_string(wire.status) + wire.status_message;
  };
  EXPECT_EQ(status([](Span&) {}), "0");
  EXPECT_EQ(status([](Span& s) { s.SetStatus(StatusCode::kError, "why"); }), "2why");
  EXPECT_EQ(status([](Span& s) { s.SetStatus(StatusCode::kError, "why").SetStatus(StatusCode::kError, "else"); }),
            "2else");
  EXPECT_EQ(status([](Span& s) { s.SetStatus(StatusCode::kError, "why").SetStatus(StatusCode::kUnset); }), "2why");
  EXPECT_EQ(status([](Span& s) { s.SetStatus(StatusCode::kError, "why").SetStatus(StatusCode::kOk, "fine"); }), "1");
  EXPECT_EQ(status([](Span& s) { s.SetStatus(StatusCode::kOk).SetStatus(StatusCode::kError, "too late"); }), "1");
}

TEST(Span, EndsOnceAndTakesNothingMoreThen) {
  Recording recording;
  Span span = recording.tracer.StartSpan("span");
  EXPECT_TRUE(span.IsRecording());
  span.End(At(9'000'000'000'000'000'000));
  EXPECT_FALSE(span.IsRecording());
  span.SetAttribute("late", 1).AddEvent("late").SetStatus(StatusCode::kError).UpdateName("late");
  span.AddLink(SpanContext({1, 2}, {3}, 0));
  span.End(At(9'100'000'000'000'000'000));
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  EXPECT_EQ(wire.name, "span");
  EXPECT_EQ(wire.end_ns, 9'000'000'000'000'000'000u);
  EXPECT_TRUE(wire.attributes.empty() && wire.events.empty() && wire.links.empty());
  EXPECT_EQ(wire.status, 0u);
}

TEST(Span, EndsWithItsLastHandle) {
  Recording recording;
  {
    Span copy;
    {
      const Span span = recording.tracer.StartSpan("span");
      copy = span;
    }
    EXPECT_TRUE(recording.Take().empty());
    const Span moved = std::move(copy);
    EXPECT_TRUE(recording.Take().empty());
  }
  EXPECT_EQ(recording.Take().size(), 1u);
}

TEST(Span, NeverEndsBeforeItsStart) {
  Recording recording;
  SpanOptions options;
  options.start_time = At(2'000'000'000'000);
  recording.tracer.StartSpan("span", options).End(At(1'000'000'000'000));
  EXPECT_EQ(TheOne(recording).end_ns, 2'000'000'000'000u);
}

TEST(Span, TakesItsNameAnew) {
  Recording recording;
  recording.tracer.StartSpan("before").UpdateName("after").End();
  EXPECT_EQ(TheOne(recording).name, "after");
}

TEST(Span, TellsEventsInTheirOrderWithTimes) {
  Recording recording;
  Span span = recording.tracer.StartSpan("span");
  span.AddEvent("first", {{"k", "v"}});
  span.AddEvent("second", At(5));
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  ASSERT_EQ(wire.events.size(), 2u);
  EXPECT_EQ(wire.events[0].name, "first");
  EXPECT_GE(wire.events[0].time_ns, wire.start_ns);
  EXPECT_LE(wire.events[0].time_ns, wire.end_ns);
  EXPECT_EQ(wire.events[1].time_ns, 5u);
}

TEST(Span, LinksToOtherSpansFromItsStartAndLater) {
  Recording recording;
  const Attribute attribute{"k", 1};
  const Link link{SpanContext({1, 2}, {3}, 1, true, *TraceState::FromHeader("a=1")), Attributes(&attribute, 1)};
  SpanOptions options;
  options.links = {&link, 1};
  Span span = recording.tracer.StartSpan("span", options);
  span.AddLink(SpanContext({4, 5}, {6}, 0));
  span.AddLink(SpanContext());
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  ASSERT_EQ(wire.links.size(), 2u) << "what leads nowhere and says nothing is none";
  EXPECT_EQ(wire.links[0].trace_id, "00000000000000010000000000000002");
  EXPECT_EQ(wire.links[0].span_id, "0000000000000003");
  EXPECT_EQ(wire.links[0].trace_state, "a=1");
  EXPECT_EQ(wire.links[0].flags, 0x301u);
  EXPECT_EQ(wire.links[0].attributes, (testing::WireAttributes{{"k", "i:1"}}));
  EXPECT_EQ(wire.links[1].flags, 0x100u);
}

TEST(Span, RecordsExceptionsAsEventsWhoseGivenAttributesWin) {
  Recording recording;
  Span span = recording.tracer.StartSpan("span");
  span.RecordException(std::out_of_range("beyond"));
  span.RecordException(std::runtime_error("secret"), {{"exception.message", "told instead"}, {"k", 1}});
  span.End();
  const testing::WireSpan wire = TheOne(recording);
  ASSERT_EQ(wire.events.size(), 2u);
  EXPECT_EQ(wire.events[0].name, "exception");
  EXPECT_EQ(wire.events[0].attributes,
            (testing::WireAttributes{{"exception.type", "s:std::out_of_range"}, {"exception.message", "s:beyond"}}));
  EXPECT_EQ(wire.events[1].attributes,
            (testing::WireAttributes{
                {"exception.type", "s:std::runtime_error"}, {"exception.message", "s:told instead"}, {"k", "i:1"}}));
  EXPECT_EQ(wire.status, 0u);
}

TEST(Span, BeginsATraceOfItsOwnWhereItIsTold) {
  Recording recording;
  const ActiveSpan around(recording.tracer, "around");
  const Context none;
  SpanOptions options;
  options.parent = &none;
  const Span root = recording.tracer.StartSpan("root", options);
  EXPECT_NE(root.context().trace_id(), around->context().trace_id());
}

TEST(Span, ThatDoesNotRecordTakesEverythingInSilence) {
  Span span(SpanContext({1, 2}, {3}, 1, true));
  EXPECT_FALSE(span.IsRecording());
  span.SetAttribute("k", 1).AddEvent("e").SetStatus(StatusCode::kError).UpdateName("n");
  span.RecordException(std::runtime_error("e")).AddLink(SpanContext());
  span.End();
  EXPECT_EQ(span.context().trace_id().high, 1u);
  EXPECT_FALSE(Span().context().IsValid());
}

TEST(Span, IsSafeInManyHands) {
  Recording recording;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::thread> threads;
    {
      Span span = recording.tracer.StartSpan("span");
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([i, copy = span]() mutable {
          copy.SetAttribute("k" + std::to_string(i), i).AddEvent("event").UpdateName("n" + std::to_string(i));
          if (i == 3) copy.End();
        });
      }
    }
    for (std::thread& thread : threads) thread.join();
    const WireRequest request = recording.TakeWire();
    ASSERT_EQ(request.violations, std::vector<std::string>());
    ASSERT_EQ(request.spans.size(), 1u) << "it ends once, whoever is last";
  }
}

}  // namespace
}  // namespace spoor::trace
