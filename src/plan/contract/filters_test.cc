// The contract of filters in Search: each field with each comparison, the text form of each type of value at each
// place, and how conditions combine.
#include <algorithm>
#include <limits>

#include "plan/contract/trace_store_contract.h"
#include "plan/every_comparison.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
constexpr uint64_t kHalf = uint64_t{1} << 63;  // the first that no int64_t holds

// Trace i + 1 is what `set` makes of a span with value i.
template <class T, class Set>
std::vector<SentSpan> OneSpanEach(const std::vector<T>& values, const Set& set) {
  std::vector<SentSpan> spans;
  for (const T& value : values) {
    SentSpan span{.trace = NumberedTrace(spans.size() + 1)};
    set(span, value);
    spans.push_back(std::move(span));
  }
  return spans;
}

template <class T>
std::vector<uint64_t> Expected(const std::vector<T>& values, CompareOp op, const T& literal) {
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < values.size(); ++i) {
    if (Holds(values[i], op, literal)) numbers.push_back(i + 1);
  }
  return numbers;
}

TEST_P(TraceStoreContract, ComparesTextOfEveryFieldByteByByte) {
  const std::vector<std::string> values{"", "a", "ab", "B", "b", "é", "500", std::string("a\0", 2), "\U0001F680"};
  const std::pair<Intrinsic, void (*)(SentSpan&, const std::string&)> fields[] = {
      {Intrinsic::kServiceName, [](SentSpan& span, const std::string& text) { span.resource.service = text; }},
      {Intrinsic::kName, [](SentSpan& span, const std::string& text) { span.name = text; }},
      {Intrinsic::kStatusMessage, [](SentSpan& span, const std::string& text) { span.status_message = text; }},
      {Intrinsic::kTraceState, [](SentSpan& span, const std::string& text) { span.trace_state = text; }},
      {Intrinsic::kScopeName, [](SentSpan& span, const std::string& text) { span.scope.name = text; }},
      {Intrinsic::kScopeVersion, [](SentSpan& span, const std::string& text) { span.scope.version = text; }},
      {Intrinsic::kEventName, [](SentSpan& span, const std::string& text) { span.events = {{.name = text}}; }},
  };
  std::vector<SentSpan> spans = OneSpanEach(values, [&](SentSpan& span, const std::string& text) {
    for (const auto& [field, set] : fields) set(span, text);
  });
  Send({spans.begin(), spans.begin() + 4});
  Send({spans.begin() + 4, spans.end()});
  for (const auto& [field, set] : fields) {
    for (const CompareOp op : kEveryCompareOp) {
      for (const std::string& literal : {values[0], values[1], values[5], values[7], std::string("nowhere")}) {
        EXPECT_EQ(Matching(Compare(field, op, literal)), Expected(values, op, literal))
            << "field " << static_cast<int>(field) << " op " << static_cast<int>(op) << " '" << literal << "'";
      }
    }
  }
}

TEST_P(TraceStoreContract, ComparesNumbersOfEveryFieldOverTheirWholeRange) {
  const std::vector<uint64_t> wide{0, 1, 2, 1'000, kHalf - 1, kHalf, kMax - 1, kMax};
  const std::vector<uint64_t> narrow{0, 1, 2, 3, 5, 9, 255};
  const std::tuple<Intrinsic, std::vector<uint64_t>, void (*)(SentSpan&, uint64_t)> fields[] = {
      {Intrinsic::kStartNs, wide, [](SentSpan& span, uint64_t n) { span.start_ns = n; }},
      {Intrinsic::kDurationNs, wide, [](SentSpan& span, uint64_t n) { span.start_ns = 0, span.duration_ns = n; }},
      {Intrinsic::kKind, narrow, [](SentSpan& span, uint64_t n) { span.kind = static_cast<uint8_t>(n); }},
      {Intrinsic::kStatusCode, narrow, [](SentSpan& span, uint64_t n) { span.status = static_cast<uint8_t>(n); }},
  };
  uint64_t first = 1;
  for (const auto& [field, values, set] : fields) {
    std::vector<SentSpan> spans = OneSpanEach(values, set);
    const std::string name = "field " + std::to_string(first);
    for (SentSpan& span : spans) {
      span.trace = NumberedTrace(first + span.trace.low - 1);
      span.name = name;
    }
    Send(spans);
    for (const CompareOp op : kEveryCompareOp) {
      const auto matching = [&](Literal literal) {
        auto numbers = Matching({AllOf{{Is(Intrinsic::kName, name), Compare(field, op, std::move(literal))}}});
        for (uint64_t& number : numbers) number -= first - 1;
        return numbers;
      };
      for (const uint64_t literal : values) {
        if (literal < kHalf) {
          EXPECT_EQ(matching(static_cast<int64_t>(literal)), Expected(values, op, literal)) << name << literal;
        }
        if (literal < kHalf - 1 || literal == kHalf) {
          EXPECT_EQ(matching(static_cast<double>(literal)), Expected(values, op, literal)) << name << literal;
        }
      }
      const std::vector<double> doubles(values.begin(), values.end());
      for (const double literal : {1.5, -0.5, 1e30, -1e30, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(matching(literal), Expected(doubles, op, literal)) << name << " " << literal;
      }
      EXPECT_EQ(matching(int64_t{-1}), Expected(doubles, op, -1.0)) << name;
    }
    first += values.size();
  }
}

TEST_P(TraceStoreContract, NeverMatchesTextWithNumbersNorAnythingWithATruthValue) {
  Send({{.name = "1", .kind = 1, .status = 1, .events = {{.name = "1"}}, .scope = {.name = "1", .version = "1"}}});
  for (int field = 0; field <= static_cast<int>(Intrinsic::kEventName); ++field) {
    const auto name = static_cast<Intrinsic>(field);
    const bool is_number = name == Intrinsic::kKind || name == Intrinsic::kStatusCode ||
                           name == Intrinsic::kDurationNs || name == Intrinsic::kStartNs;
    for (const CompareOp op : kEveryCompareOp) {
      EXPECT_THAT(Matching(Compare(name, op, true)), IsEmpty()) << field;
      EXPECT_THAT(Matching(Compare(name, op, is_number ? Literal("1") : Literal(int64_t{1}))), IsEmpty()) << field;
      EXPECT_THAT(Matching(Not(Compare(name, op, true))), ElementsAre(1)) << field;
    }
  }
}

TEST_P(TraceStoreContract, FindsAttributesOfEveryTypeByTheirText) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<SentValue> values{
      "500",                                     // 1
      500,                                       // 2
      500.0,                                     // 3
      true,                                      // 4
      "true",                                    // 5
      {},                                        // 6
      "",                                        // 7
      Bytes("\x01\x02"),                         // 8
      "AQI=",                                    // 9
      Array({1, "a", true}),                     // 10
      R"([1,"a",true])",                         // 11
      Map({{"b", 1}, {"a", Array({})}}),         // 12
      infinity,                                  // 13
      -infinity,                                 // 14
      std::numeric_limits<double>::quiet_NaN(),  // 15
      1e21,                                      // 16
      0.1,                                       // 17
      -1,                                        // 18
      std::numeric_limits<int64_t>::min(),       // 19
      -0.0,                                      // 20
      0,                                         // 21
      Bytes(""),                                 // 22
      false,                                     // 23
      "ö\"\\\n",                                 // 24
  };
  Send(OneSpanEach(values, [](SentSpan& span, const SentValue& value) { span.attributes = {{"k", value}}; }));
  const auto found = [&](const char* text) { return Matching(Tag("k", text)); };
  EXPECT_THAT(found("500"), ElementsAre(1, 2, 3));
  EXPECT_THAT(found("500.0"), ElementsAre(3)) << "another spelling of the double alone";
  EXPECT_THAT(found("5e2"), ElementsAre(3));
  EXPECT_THAT(found("0500"), ::testing::Not(::testing::Contains(2)));
  EXPECT_THAT(found("true"), ElementsAre(4, 5));
  EXPECT_THAT(found("false"), ElementsAre(23));
  EXPECT_THAT(found("TRUE"), IsEmpty());
  EXPECT_THAT(found(""), ElementsAre(6, 7, 22));
  EXPECT_THAT(found("AQI="), ElementsAre(8, 9));
  EXPECT_THAT(found("AQI"), IsEmpty());
  EXPECT_THAT(found(R"([1,"a",true])"), ElementsAre(10, 11));
  EXPECT_THAT(found(R"([1, "a", true])"), IsEmpty());
  EXPECT_THAT(found(R"({"b":1,"a":[]})"), ElementsAre(12));
  EXPECT_THAT(found(R"({"a":[],"b":1})"), IsEmpty()) << "members stand as they were sent";
  EXPECT_THAT(found("Infinity"), ElementsAre(13));
  EXPECT_THAT(found("+Inf"), ElementsAre(13));
  EXPECT_THAT(found("-Infinity"), ElementsAre(14));
  EXPECT_THAT(found("NaN"), ElementsAre(15));
  EXPECT_THAT(found("1e+21"), ElementsAre(16));
  EXPECT_THAT(found("0.1"), ElementsAre(17));
  EXPECT_THAT(found(".1"), ElementsAre(17));
  EXPECT_THAT(found("-1"), ElementsAre(18));
  EXPECT_THAT(found("-9223372036854775808"), ElementsAre(19));
  EXPECT_THAT(found("0"), ElementsAre(20, 21));
  EXPECT_THAT(found("ö\"\\\n"), ElementsAre(24));
  EXPECT_THAT(found("nowhere"), IsEmpty());
  EXPECT_THAT(Matching(Tag("K", "500")), IsEmpty()) << "keys are exact";
  EXPECT_THAT(Matching(Tag("nowhere", "")), IsEmpty()) << "what is absent is not empty";
}

TEST_P(TraceStoreContract, FindsAttributesOfSpanResourceScopeAndEventsButNotOfLinks) {
  const SentAttributes here{{"a", 1}, {"k", "v"}, {"k", 7}};
  Send({{.trace = NumberedTrace(1), .attributes = here},
        {.trace = NumberedTrace(2), .resource = {.attributes = here}},
        {.trace = NumberedTrace(3), .scope = {.name = "s", .attributes = here}}});
  Send({{.trace = NumberedTrace(4), .events = {{.name = "a"}, {.name = "b", .attributes = here}}},
        {.trace = NumberedTrace(5), .links = {{.attributes = here}}},
        {.trace = NumberedTrace(6), .events = {{.name = "k"}}},
        {.trace = NumberedTrace(7)}});
  EXPECT_THAT(Matching(Tag("k", "v")), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Matching(Tag("k", "7")), ElementsAre(1, 2, 3, 4)) << "the second of two of one key";
  EXPECT_THAT(Matching(Tag("k", "1")), IsEmpty()) << "another key's";
  EXPECT_THAT(Matching(Not(Tag("k", "v"))), ElementsAre(5, 6, 7));
  EXPECT_THAT(Matching(Tag("service.name", "shop")), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(Matching({AllOf{{Tag("k", "v"), Tag("k", "7")}}}), ElementsAre(1, 2, 3, 4));
}

TEST_P(TraceStoreContract, FindsASpanByTheNameOfAnyOfItsEvents) {
  Send({{.trace = NumberedTrace(1), .events = {{.name = "a"}, {.name = "b"}}},
        {.trace = NumberedTrace(2), .events = {{.name = "b"}}},
        {.trace = NumberedTrace(3)}});
  EXPECT_THAT(Matching(Is(Intrinsic::kEventName, "a")), ElementsAre(1));
  EXPECT_THAT(Matching(Is(Intrinsic::kEventName, "b")), ElementsAre(1, 2));
  EXPECT_THAT(Matching(Compare(Intrinsic::kEventName, CompareOp::kNotEqual, "b")), ElementsAre(1));
  EXPECT_THAT(Matching(Not(Is(Intrinsic::kEventName, "b"))), ElementsAre(3));
  EXPECT_THAT(Matching(Is(Intrinsic::kEventName, "")), IsEmpty()) << "no event is not one without a name";
}

TEST_P(TraceStoreContract, KnowsAServiceOnlyByItsTextAttribute) {
  Send({{.trace = NumberedTrace(1), .resource = {.service = "a"}},
        {.trace = NumberedTrace(2), .resource = {.service = std::nullopt, .attributes = {{"service.name", 7}}}},
        {.trace = NumberedTrace(3), .resource = {.service = std::nullopt}},
        {.trace = NumberedTrace(4), .attributes = {{"service.name", "b"}}, .resource = {.service = std::nullopt}},
        {.trace = NumberedTrace(5), .resource = {.service = ""}}});
  EXPECT_THAT(Matching(Is(Intrinsic::kServiceName, "a")), ElementsAre(1));
  EXPECT_THAT(Matching(Is(Intrinsic::kServiceName, "")), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(Matching(Is(Intrinsic::kServiceName, "b")), IsEmpty());
  EXPECT_THAT(Matching(Tag("service.name", "b")), ElementsAre(4));
  EXPECT_THAT(Matching(Tag("service.name", "7")), ElementsAre(2));
}

TEST_P(TraceStoreContract, CombinesConditions) {
  Send({{.trace = NumberedTrace(1), .name = "x", .attributes = {{"a", 1}}},
        {.trace = NumberedTrace(2), .name = "x", .attributes = {{"a", 2}}}});
  Send({{.trace = NumberedTrace(3), .name = "y", .attributes = {{"a", 1}}}, {.trace = NumberedTrace(4), .name = "z"}});
  const Filter x = Is(Intrinsic::kName, "x"), y = Is(Intrinsic::kName, "y"), one = Tag("a", "1");
  EXPECT_THAT(Matching({AllOf{{x, one}}}), ElementsAre(1));
  EXPECT_THAT(Matching({AnyOf{{y, one}}}), ElementsAre(1, 3));
  EXPECT_THAT(Matching(Not({AnyOf{{x, one}}})), ElementsAre(4));
  EXPECT_THAT(Matching({AllOf{{Not(x), Not(y)}}}), ElementsAre(4));
  EXPECT_THAT(Matching({AllOf{{{AnyOf{{x, y}}}, one}}}), ElementsAre(1, 3));
  EXPECT_THAT(Matching(Not(Not(x))), ElementsAre(1, 2));
  EXPECT_THAT(Matching({AllOf{{x, y}}}), IsEmpty());
  EXPECT_THAT(Matching({AllOf{}}), ElementsAre(1, 2, 3, 4)) << "all of nothing is true";
  EXPECT_THAT(Matching({AnyOf{}}), IsEmpty()) << "any of nothing is not";
  EXPECT_THAT(Matching(Not({AnyOf{}})), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Matching({AnyOf{{Is(Intrinsic::kName, "nowhere"), y}}}), ElementsAre(3));
  EXPECT_THAT(Matching(Not(Is(Intrinsic::kName, "nowhere"))), ElementsAre(1, 2, 3, 4));
}

TEST_P(TraceStoreContract, AsksOneAndTheSameSpanForEverything) {
  Send({{.id = 1, .name = "x", .attributes = {{"a", 1}}, .resource = {.service = "front"}},
        {.id = 2, .parent = 1, .start_ns = kStartNs + 50, .name = "y", .resource = {.service = "back"}}});
  Send({{.id = 3, .parent = 1, .start_ns = kStartNs + 60, .name = "x", .resource = {.service = "back"}}});
  const auto both = [](const char* service, const char* name) {
    return Filter{AllOf{{Is(Intrinsic::kServiceName, service), Is(Intrinsic::kName, name)}}};
  };
  EXPECT_THAT(Matching(both("back", "y")), ElementsAre(1));
  EXPECT_THAT(Matching(both("front", "y")), IsEmpty());
  EXPECT_THAT(Matching({AllOf{{Is(Intrinsic::kServiceName, "back"), Tag("a", "1")}}}), IsEmpty());
  EXPECT_THAT(Found({.filter = both("back", "x"), .start_min_ns = kStartNs + 60}), ElementsAre(1));
  EXPECT_THAT(Found({.filter = both("back", "x"), .start_max_ns = kStartNs + 59}), IsEmpty())
      << "the window is asked of the same span";
}

}  // namespace
}  // namespace spoor::contract
