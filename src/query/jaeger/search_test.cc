#include "query/jaeger/search.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace spoor::jaeger {
namespace {

constexpr uint64_t kNow = 1'700'000'000'000'000'000;
constexpr uint64_t kHour = 3'600'000'000'000;

// A filter as one line: and(name = "GET /", or(status = 2, .error = "true")).
std::string Text(const Filter& filter);

struct TextOf {
  std::string operator()(const AllOf& all) const { return "and(" + Join(all.filters) + ")"; }
  std::string operator()(const AnyOf& any) const { return "or(" + Join(any.filters) + ")"; }
  std::string operator()(const NotOf& negation) const { return "not(" + Text(*negation.filter) + ")"; }
  std::string operator()(const AttributeText& attribute) const {
    return fmt::format(".{} = \"{}\"", attribute.key, attribute.text);
  }
  std::string operator()(const CompareIntrinsic& compare) const {
    static constexpr const char* kFields[] = {"service",  "name",  "kind",  "status",       "message", "tracestate",
                                              "duration", "start", "scope", "scopeversion", "event"};
    static constexpr const char* kOps[] = {"=", "!=", "<", "<=", ">", ">="};
    const auto* text = std::get_if<std::string>(&compare.value);
    return fmt::format("{} {} {}", kFields[static_cast<int>(compare.field)], kOps[static_cast<int>(compare.op)],
                       text ? '"' + *text + '"' : std::to_string(std::get<int64_t>(compare.value)));
  }
  static std::string Join(const std::vector<Filter>& filters) {
    std::string out;
    for (const Filter& filter : filters) out += (out.empty() ? "" : ", ") + Text(filter);
    return out;
  }
};

std::string Text(const Filter& filter) { return std::visit(TextOf{}, filter.node); }

using Pairs = std::vector<std::pair<std::string, std::string>>;

Search Parsed(Pairs pairs) {
  auto search = ParseSearch(Parameters(std::move(pairs)), kNow);
  EXPECT_TRUE(search.has_value()) << search.error().message;
  return search ? *search : Search{};
}
std::string Refused(Pairs pairs) {
  const auto search = ParseSearch(Parameters(std::move(pairs)), kNow);
  if (search) return "accepted";
  EXPECT_EQ(search.error().code, Code::kInvalid);
  return search.error().message;
}
std::string RefusedV3(Pairs pairs) {
  const auto search = ParseSearchV3(Parameters(std::move(pairs)));
  return search ? "accepted" : search.error().message;
}
Pairs V3(Pairs more) {
  more.emplace_back("query.startTimeMin", "2023-11-14T22:13:20Z");
  more.emplace_back("query.startTimeMax", "2023-11-14T22:13:21.5Z");
  return more;
}

TEST(JaegerSearch, WithoutParametersLooksAtEverythingOfTwoDays) {
  const Search search = Parsed({});
  EXPECT_EQ(Text(search.plan.filter), "and()");
  EXPECT_EQ(search.plan.start_min_ns, kNow - 48 * kHour);
  EXPECT_EQ(search.plan.start_max_ns, UINT64_MAX);
  EXPECT_EQ(search.plan.limit, 100u);
  EXPECT_TRUE(search.trace_ids.empty());
}

TEST(JaegerSearch, PutsEveryConditionOnOneSpan) {
  const Search search = Parsed({{"service", "shop"},
                                {"operation", "GET /"},
                                {"minDuration", "1.5ms"},
                                {"maxDuration", "2s"},
                                {"tag", "http.url:http://x/:80"},
                                {"tag", "a:"},
                                {"tags", R"({"b":"1","c":"ü"})"},
                                {"limit", "20"},
                                {"unknown", "whatever"}});
  EXPECT_EQ(Text(search.plan.filter),
            "and(service = \"shop\", name = \"GET /\", duration >= 1500000, duration <= 2000000000, "
            ".http.url = \"http://x/:80\", .a = \"\", .b = \"1\", .c = \"ü\")");
  EXPECT_EQ(search.plan.limit, 20u);
}

TEST(JaegerSearch, FindsFieldsThatJaegerShowsAsTags) {
  const auto tag = [](std::string text) { return Text(Parsed({{"tag", std::move(text)}}).plan.filter); };
  EXPECT_EQ(tag("error:true"), "and(or(status = 2, .error = \"true\"))");
  EXPECT_EQ(tag("error:false"), "and(.error = \"false\")");
  EXPECT_EQ(tag("span.kind:server"), "and(or(kind = 2, .span.kind = \"server\"))");
  EXPECT_EQ(tag("span.kind:odd"), "and(.span.kind = \"odd\")");
  EXPECT_EQ(tag("otel.status_code:OK"), "and(or(status = 1, .otel.status_code = \"OK\"))");
  EXPECT_EQ(tag("otel.status_code:ERROR"), "and(or(status = 2, .otel.status_code = \"ERROR\"))");
  EXPECT_EQ(tag("otel.status_description:no"), "and(or(message = \"no\", .otel.status_description = \"no\"))");
  EXPECT_EQ(tag("otel.status_description:"), "and(.otel.status_description = \"\")");
  EXPECT_EQ(tag("otel.scope.name:lib"), "and(or(scope = \"lib\", .otel.scope.name = \"lib\"))");
  EXPECT_EQ(tag("otel.library.version:1"), "and(or(scopeversion = \"1\", .otel.library.version = \"1\"))");
  EXPECT_EQ(tag("w3c.tracestate:a=b"), "and(or(tracestate = \"a=b\", .w3c.tracestate = \"a=b\"))");
  EXPECT_EQ(tag("event:exception"), "and(or(event = \"exception\", .event = \"exception\"))");
}

TEST(JaegerSearch, TakesTimesInMicrosecondsAndComparesNanoseconds) {
  const Search search = Parsed({{"start", "1700000000000001"}, {"end", "1700000000000002"}, {"lookback", "custom"}});
  EXPECT_EQ(search.plan.start_min_ns, 1'700'000'000'000'001'000u);
  EXPECT_EQ(search.plan.start_max_ns, 1'700'000'000'000'002'000u);
  EXPECT_EQ(Parsed({{"start", "-5"}}).plan.start_min_ns, 0u);
  EXPECT_EQ(Parsed({{"end", "9223372036854775807"}}).plan.start_max_ns, UINT64_MAX);
  EXPECT_EQ(Refused({{"start", "2"}, {"end", "1"}}), "invalid parameter: start time must be before end time");
  EXPECT_EQ(Refused({{"start", "x"}}),
            "unable to parse param 'start': strconv.ParseInt: parsing \"x\": invalid syntax");
  EXPECT_EQ(Refused({{"end", "99999999999999999999"}}),
            "unable to parse param 'end': strconv.ParseInt: parsing \"99999999999999999999\": value out of range");
}

TEST(JaegerSearch, LooksBackFromTheEndWhereTheStartIsMissing) {
  EXPECT_EQ(Parsed({{"lookback", "1h"}}).plan.start_min_ns, kNow - kHour);
  EXPECT_EQ(Parsed({{"lookback", "2d"}}).plan.start_min_ns, kNow - 48 * kHour);
  EXPECT_EQ(Parsed({{"lookback", "custom"}}).plan.start_min_ns, kNow - 48 * kHour);
  EXPECT_EQ(Parsed({{"lookback", "1h"}, {"end", "1600000000000000"}}).plan.start_min_ns,
            1'600'000'000'000'000'000 - kHour);
  EXPECT_EQ(Parsed({{"lookback", "nonsense"}, {"start", "1"}}).plan.start_min_ns, 1000u);
  EXPECT_EQ(Refused({{"lookback", "nonsense"}}),
            "unable to parse param 'lookback': time: invalid duration \"nonsense\"");
}

TEST(JaegerSearch, BoundsTheLimit) {
  EXPECT_EQ(Parsed({{"limit", "1"}}).plan.limit, 1u);
  EXPECT_EQ(Parsed({{"limit", "10000"}}).plan.limit, 10'000u);
  EXPECT_EQ(Refused({{"limit", "0"}}), "invalid parameter: limit must be greater than 0");
  EXPECT_EQ(Refused({{"limit", "-1"}}), "invalid parameter: limit must be greater than 0");
  EXPECT_EQ(Refused({{"limit", "10001"}}), "invalid parameter: limit must not be greater than 10000");
  EXPECT_EQ(Refused({{"limit", "ten"}}),
            "unable to parse param 'limit': strconv.ParseInt: parsing \"ten\": invalid syntax");
}

TEST(JaegerSearch, RefusesDurationsInGosWords) {
  EXPECT_EQ(Refused({{"minDuration", "20"}}),
            "unable to parse param 'minDuration': time: missing unit in duration \"20\"");
  EXPECT_EQ(Refused({{"maxDuration", "5 parsecs"}}),
            "unable to parse param 'maxDuration': time: unknown unit \" parsecs\" in duration \"5 parsecs\"");
  EXPECT_EQ(Refused({{"minDuration", "-1s"}}), "invalid parameter: minDuration must not be negative");
  EXPECT_EQ(Refused({{"minDuration", "2s"}, {"maxDuration", "1s"}}),
            "'maxDuration' should be greater than 'minDuration'");
  EXPECT_EQ(Text(Parsed({{"minDuration", "1s"}, {"maxDuration", "1s"}}).plan.filter),
            "and(duration >= 1000000000, duration <= 1000000000)");
  EXPECT_EQ(Text(Parsed({{"maxDuration", "0s"}}).plan.filter), "and(duration <= 0)");
}

TEST(JaegerSearch, RefusesMalformedTags) {
  EXPECT_EQ(Refused({{"tag", "k"}}), "malformed 'tag' parameter, expecting key:value, received: k");
  const std::string json = "malformed 'tags' parameter, cannot unmarshal JSON: ";
  EXPECT_EQ(Refused({{"tags", R"({"k":1})"}}), json + "json: cannot unmarshal number into Go value of type string");
  EXPECT_EQ(Refused({{"tags", R"({"k":{}})"}}), json + "json: cannot unmarshal object into Go value of type string");
  EXPECT_EQ(Refused({{"tags", R"(["k"])"}}),
            json + "json: cannot unmarshal array into Go value of type map[string]string");
  EXPECT_TRUE(Refused({{"tags", "{"}}).starts_with(json));
  EXPECT_TRUE(Refused({{"tags", std::string(50'000, '[')}}).starts_with(json));
  EXPECT_EQ(Text(Parsed({{"tags", "null"}}).plan.filter), "and()");
}

TEST(JaegerSearch, RefusesParametersThatContradictThemselves) {
  EXPECT_EQ(Refused({{"service", "a"}, {"service", "b"}}), "parameter 'service' is given twice, with different values");
  EXPECT_EQ(Text(Parsed({{"service", "a"}, {"service", "a"}, {"service", ""}}).plan.filter), "and(service = \"a\")");
}

TEST(JaegerSearch, TakesTraceIdsOfEveryLength) {
  const Search search = Parsed({{"traceID", "ABC"}, {"traceID", "0123456789abcdef0123456789abcdef"}, {"raw", "T"}});
  ASSERT_EQ(search.trace_ids.size(), 2u);
  EXPECT_EQ(search.trace_ids[0], (TraceId{0, 0xabc}));
  EXPECT_EQ(search.trace_ids[1], (TraceId{0x0123456789abcdef, 0x0123456789abcdef}));
  EXPECT_TRUE(search.raw);
  EXPECT_EQ(Refused({{"traceID", "xyz"}}),
            "cannot parse traceID param: strconv.ParseUint: parsing \"xyz\": invalid syntax");
  EXPECT_EQ(Refused({{"traceID", std::string(33, 'a')}}),
            "cannot parse traceID param: TraceID cannot be longer than 32 hex characters: " + std::string(33, 'a'));
  EXPECT_EQ(Refused({{"raw", "yes"}}),
            "unable to parse param 'raw': strconv.ParseBool: parsing \"yes\": invalid syntax");
}

TEST(JaegerSearchV3, TakesCanonicalNamesAndAliases) {
  const auto canonical = ParseSearchV3(Parameters(V3({{"query.serviceName", "shop"},
                                                      {"query.operationName", "GET"},
                                                      {"query.durationMin", "1ms"},
                                                      {"query.durationMax", "1s"},
                                                      {"query.searchDepth", "7"},
                                                      {"query.attributes", R"({"a":"b"})"},
                                                      {"query.rawTraces", "true"}})));
  const auto alias = ParseSearchV3(Parameters({{"query.service_name", "shop"},
                                               {"query.operation_name", "GET"},
                                               {"query.duration_min", "1ms"},
                                               {"query.duration_max", "1s"},
                                               {"query.num_traces", "7"},
                                               {"query.attributes", R"({"a":"b"})"},
                                               {"query.raw_traces", "1"},
                                               {"query.start_time_min", "2023-11-14T23:13:20 01:00"},
                                               {"query.start_time_max", "2023-11-14T22:13:21.500Z"}}));
  for (const auto* search : {&canonical, &alias}) {
    ASSERT_TRUE(search->has_value()) << search->error().message;
    EXPECT_EQ(Text((*search)->plan.filter),
              "and(service = \"shop\", name = \"GET\", duration >= 1000000, duration <= 1000000000, .a = \"b\")");
    EXPECT_EQ((*search)->plan.start_min_ns, kNow);
    EXPECT_EQ((*search)->plan.start_max_ns, kNow + 1'500'000'000);
    EXPECT_EQ((*search)->plan.limit, 7u);
    EXPECT_TRUE((*search)->raw);
  }
}

TEST(JaegerSearchV3, SaysWhatItCannotRead) {
  EXPECT_EQ(RefusedV3({}), "query.startTimeMin and query.startTimeMax are required");
  EXPECT_EQ(RefusedV3({{"query.start_time_min", "2023-11-14T22:13:20Z"}, {"query.start_time_max", "soon"}}),
            "malformed parameter query.start_time_max: parsing time \"soon\" as "
            "\"2006-01-02T15:04:05.999999999Z07:00\": not such a time");
  EXPECT_EQ(RefusedV3({{"query.startTimeMin", "2023-11-14T22:13:20Z"}, {"query.startTimeMax", "2023-11-14T22:13:20Z"}}),
            "query.startTimeMin must be before query.startTimeMax");
  EXPECT_EQ(RefusedV3(V3({{"query.searchDepth", "0"}})), "invalid parameter: query.searchDepth must be greater than 0");
  EXPECT_EQ(RefusedV3(V3({{"query.num_traces", "x"}})),
            "malformed parameter query.num_traces: strconv.ParseInt: parsing \"x\": invalid syntax");
  EXPECT_EQ(RefusedV3(V3({{"query.durationMin", "1"}})),
            "malformed parameter query.durationMin: time: missing unit in duration \"1\"");
  EXPECT_EQ(RefusedV3(V3({{"query.attributes", "[]"}})),
            "malformed parameter query.attributes: json: cannot unmarshal array into Go value of type "
            "map[string]string");
  EXPECT_EQ(RefusedV3(V3({{"query.rawTraces", "maybe"}})),
            "malformed parameter query.rawTraces: strconv.ParseBool: parsing \"maybe\": invalid syntax");
  EXPECT_EQ(RefusedV3(V3({{"query.filter", "{}"}})), "parameter query.filter is not supported");
}

}  // namespace
}  // namespace spoor::jaeger
