#include "api/spoor/red_api.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/sample_trace.h"
#include "base/limits.h"
#include "model/rollup.h"

namespace spoor::api {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kMinute = 28'333'343;  // some time after the sample trace
constexpr uint64_t kStartNs = kMinute * kNanosPerMinute;

class RedApi : public testing::Test {
 protected:
  // A span of trace 1, with a parent where that is not 0.
  void Add(SpanId id, SpanId parent, std::string_view service, std::string_view name, uint8_t kind,
           uint64_t duration_ns, bool is_error = false, uint64_t minute = 0) {
    SpanBatchBuilder builder;
    builder.AddResource(SampleList(builder).Text("service.name", service).End(), 0, 0);
    builder.AddScope(0, 0, {}, 0, 0);
    builder.BeginSpan();
    const uint64_t start_ns = kStartNs + minute * kNanosPerMinute;
    builder.EndSpan({.trace_id = {0, 1},
                     .span_id = id,
                     .parent_span_id = parent,
                     .start_ns = start_ns,
                     .end_ns = start_ns + duration_ns,
                     .name = builder.InternString(name),
                     .kind = kind,
                     .status_code = is_error ? uint8_t{2} : uint8_t{0}});
    api_.store().Add(*builder.Finish());
  }
  std::string Get(const std::string& target, int status = 200) {
    const HttpResponse response = api_.Get("/api/spoor/v1" + target);
    EXPECT_EQ(response.status, status) << target << ": " << response.body;
    return response.body;
  }
  std::string Window(uint64_t minutes = 1) {
    return fmt::format("start={}&end={}", kStartNs / 1'000 + 5,
                       (kStartNs + (minutes - 1) * kNanosPerMinute) / 1'000 + 9);
  }
  SampleApi api_;
};

TEST_F(RedApi, CountsEntriesByServiceAndStep) {
  Add(2, 0, "web", "GET /", 2, 100);
  Add(3, 2, "web", "SELECT", 3, 50);
  Add(4, 0, "web", "GET /", 2, 120, true, 1);
  Add(5, 4, "job", "run", 1, 7);
  EXPECT_EQ(Get("/red?step=60&" + Window(2)),
            R"({"startTimeUnixNano":"1700000580000000000","endTimeUnixNano":"1700000700000000000",)"
            R"("stepNano":"60000000000","groups":[)"
            R"({"service":"job","colour":4,"counted":"all","count":1,"errorCount":0,"durationSumNano":"7",)"
            R"("p50Nano":"7","p95Nano":"7","p99Nano":"7","points":{"count":[1,0],"errorCount":[0,0],)"
            R"("p50Nano":["7",null],"p95Nano":["7",null],"p99Nano":["7",null]}},)"
            R"({"service":"web","colour":3,"counted":"entry","count":2,"errorCount":1,"durationSumNano":"220",)"
            R"("p50Nano":"100","p95Nano":"120","p99Nano":"120","points":{"count":[1,1],"errorCount":[0,1],)"
            R"("p50Nano":["100","120"],"p95Nano":["100","120"],"p99Nano":["100","120"]}}],"complete":true})");
}

TEST_F(RedApi, CountsByOperationAndKind) {
  Add(2, 0, "web", "GET /", 2, 100);
  Add(3, 2, "web", "GET /", 3, 50);
  Add(4, 2, "web", "SELECT", 3, 60);
  const std::string entries = Get("/red?groupBy=operation&points=false&" + Window());
  EXPECT_THAT(entries, HasSubstr(R"("groups":[{"service":"web","colour":3,"operation":"GET /","kind":"server",)"
                                 R"("counted":"entry","count":1,"errorCount":0,"durationSumNano":"100",)"
                                 R"("p50Nano":"100","p95Nano":"100","p99Nano":"100"}],"complete":true})"));
  const std::string clients = Get("/red?groupBy=operation&kind=client&operation=SELECT&" + Window());
  EXPECT_THAT(clients, HasSubstr(R"("kind":"client","counted":"client","count":1,)"));
  EXPECT_THAT(Get("/red?operation=SELECT&" + Window()), HasSubstr(R"("counted":"all","count":1,)"))
      << "there are no entries among what was asked for";
}

TEST_F(RedApi, CutsTheWindowIntoSixtyStepsOrSoWhereNobodySays) {
  EXPECT_THAT(Get("/red"), HasSubstr(R"("stepNano":"60000000000",)")) << "the last hour";
  EXPECT_THAT(Get("/red?" + Window(601)), HasSubstr(R"("stepNano":"600000000000",)"));
  EXPECT_THAT(Get("/red?" + Window(602)), HasSubstr(R"("stepNano":"660000000000",)"));
}

TEST_F(RedApi, TellsHowLongAnOperationTakes) {
  Add(2, 0, "web", "GET /", 2, 100);
  Add(3, 0, "web", "GET /", 2, 100, true);
  Add(4, 0, "web", "GET /", 2, 1'000'000);
  EXPECT_EQ(Get("/distribution?service=web&operation=GET+/&" + Window()),
            R"({"count":3,"errorCount":1,"p50Nano":"100","p95Nano":"1003520","p99Nano":"1003520",)"
            R"("buckets":[["100","100",2],["999424","1007615",1]],"complete":true})");
  EXPECT_EQ(Get("/distribution?service=nobody"),
            R"({"count":0,"errorCount":0,"p50Nano":"0","p95Nano":"0","p99Nano":"0","buckets":[],"complete":true})");
}

TEST_F(RedApi, DrawsAMapOfServicesAndCalls) {
  Add(2, 0, "web", "GET /", 2, 100);
  Add(3, 2, "db", "SELECT", 2, 60, true);
  Add(4, 2, "db", "SELECT", 2, 70);
  EXPECT_EQ(Get("/map?" + Window()),
            R"({"startTimeUnixNano":"1700000580000000000","endTimeUnixNano":"1700000640000000000","services":[)"
            R"({"name":"db","colour":4,"counted":"entry","count":2,"errorCount":1,"p50Nano":"60","p95Nano":"70",)"
            R"("p99Nano":"70"},{"name":"web","colour":3,"counted":"entry","count":1,"errorCount":0,"p50Nano":"100",)"
            R"("p95Nano":"100","p99Nano":"100"}],"calls":[{"parent":"web","child":"db","count":2,"errorCount":1,)"
            R"("p50Nano":"60","p95Nano":"70","p99Nano":"70"}],"complete":true})");
}

TEST_F(RedApi, SumsDurationsThatSixtyFourBitsCannotHold) {
  for (SpanId id = 2; id < 5; ++id) Add(id, 0, "web", "x", 2, UINT64_MAX - 2'000'000'000'000'000'000);
  EXPECT_THAT(Get("/red?" + Window()), HasSubstr(R"("durationSumNano":"49340232221128654845")"));
}

TEST_F(RedApi, SaysWhatItCannotUnderstand) {
  const auto reason = [&](const std::string& target) { return Get(target, 400); };
  EXPECT_THAT(reason("/red?step=90"), HasSubstr("step is a number of seconds, a multiple of 60"));
  EXPECT_THAT(reason("/red?step=60&start=0"), HasSubstr("2000 are the most"));
  EXPECT_THAT(reason("/red?kind=x"), HasSubstr("none of entry, server, client"));
  EXPECT_THAT(reason("/red?groupBy=x"), HasSubstr("neither service nor operation"));
  EXPECT_THAT(reason("/red?start=x"), HasSubstr("start"));
  EXPECT_THAT(reason("/map?start=2&end=1"), HasSubstr("start time must be before end time"));
  EXPECT_THAT(reason("/distribution?end=x"), HasSubstr("end"));
}

TEST_F(RedApi, TakesAnyTime) {
  for (const char* window : {"start=0", "start=-9223372036854775808", "end=9223372036854775807", "start=0&end=0",
                             "start=9223372036854775807", "start=0&end=9223372036854775807"}) {
    Get(std::string("/red?") + window);
    Get(std::string("/map?") + window);
  }
}

TEST_F(RedApi, CountsTheRarestTogetherWhereThereAreTooManyForAnAnswer) {
  SpanBatchBuilder builder;
  builder.AddResource(SampleList(builder).Text("service.name", "web").End(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  for (SpanId id = 1; id <= limits::kRedGroupsMax + 5; ++id) {
    builder.BeginSpan();
    builder.EndSpan({.trace_id = {0, id},
                     .span_id = id,
                     .start_ns = kStartNs,
                     .end_ns = kStartNs,
                     .name = builder.InternString(std::to_string(id)),
                     .kind = 2});
  }
  api_.store().Add(*builder.Finish());
  EXPECT_THAT(Get("/red?groupBy=operation&points=false&" + Window()),
              HasSubstr(R"x("operation":"(other)","kind":"","counted":"all","count":6,)x"));
}

}  // namespace
}  // namespace spoor::api
