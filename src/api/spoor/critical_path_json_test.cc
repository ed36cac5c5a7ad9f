#include "api/spoor/critical_path_json.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"

namespace spoor::api {
namespace {

uint32_t ColourOf(std::string_view service) { return static_cast<uint32_t>(service.size()); }

struct Call {
  SpanId id;
  SpanId parent;
  uint64_t start_ns, end_ns;
  const char* service;
  const char* name;
  SpanKind kind = SpanKind::kInternal;
  bool failed = false;
};

std::string JsonOf(const std::vector<Call>& calls) {
  SpanBatchBuilder builder;
  builder.AddScope(0, 0, {}, 0, 0);
  for (const Call& call : calls) {
    builder.AddResource(SampleList(builder).Text("service.name", call.service).End(), 0, 0);
    builder.BeginSpan();
    builder.SetSpanAttributes(SampleList(builder).Text("server.address", "bank.example").End());
    builder.EndSpan({.trace_id = {0, 1},
                     .span_id = call.id,
                     .parent_span_id = call.parent,
                     .start_ns = call.start_ns,
                     .end_ns = call.end_ns,
                     .name = builder.InternString(call.name),
                     .kind = static_cast<uint8_t>(call.kind),
                     .status_code = static_cast<uint8_t>(call.failed ? 2 : 0)});
  }
  return CriticalPathJson(MakeTrace({0, 1}, {*builder.Finish()}), ColourOf);
}

TEST(CriticalPathJson, HasAPartOfEachKindInWordsOfItsOwn) {
  using enum SpanKind;
  EXPECT_EQ(
      JsonOf({{1, 0, 1000, 1100, "shop", "GET /"},
              {2, 1, 1000, 1040, "shop", "pay", kClient, true},
              {3, 1, 1040, 1050, "shop", "pay", kClient},
              {4, 1, 1050, 1080, "shop", "ask", kClient},
              {5, 4, 1060, 1075, "cart", "ask", kServer},
              {6, 1, 1080, 1094, "shop", "POST", kClient}}),
      R"({"spanCount":6,"startTimeUnixNano":"1000","durationNano":"100","rootMissing":false,"parts":[)"
      R"({"kind":"retry","service":"shop","colour":4,"name":"pay","durationNano":"50","spanCount":2,"rows":[1,2]},)"
      R"({"kind":"network","durationNano":"15","spanCount":1,"from":"shop","to":"cart","fromToNano":"15","rows":[3]},)"
      R"({"kind":"operation","service":"cart","colour":4,"name":"ask","durationNano":"15","spanCount":1,"rows":[4]},)"
      R"({"kind":"outside","service":"shop","colour":4,"name":"POST","target":"bank.example","durationNano":"14",)"
      R"("spanCount":1,"rows":[5]},{"kind":"rest","durationNano":"6","spanCount":1,"rows":[]}],"services":[)"
      R"({"service":"shop","colour":4,"durationNano":"85"},{"service":"cart","colour":4,"durationNano":"15"}]})");
}

TEST(CriticalPathJson, TellsOfALoopHowLongEachTook) {
  std::vector<Call> calls{{1, 0, 0, 105, "shop", "GET /"}};
  for (uint64_t i = 0; i < 10; ++i) calls.push_back({2 + i, 1, i * 10, i * 10 + 10, "shop", "SELECT"});
  EXPECT_EQ(
      JsonOf(calls),
      R"({"spanCount":11,"startTimeUnixNano":"0","durationNano":"105","rootMissing":false,"parts":[)"
      R"({"kind":"repeats","service":"shop","colour":4,"name":"SELECT","durationNano":"100","spanCount":10,)"
      R"("eachNano":"10","rows":[1,2,3,4,5,6,7,8,9,10]},)"
      R"({"kind":"operation","service":"shop","colour":4,"name":"GET /","durationNano":"5","spanCount":1,"rows":[0]}],)"
      R"("services":[{"service":"shop","colour":4,"durationNano":"105"}]})");
}

TEST(CriticalPathJson, TellsOfGapsWhereTheRootIsMissing) {
  EXPECT_EQ(
      JsonOf({{2, 1, 0, 10, "shop", "a"}, {3, 1, 40, 50, "shop", "a"}}),
      R"({"spanCount":2,"startTimeUnixNano":"0","durationNano":"50","rootMissing":true,"parts":[)"
      R"({"kind":"gap","durationNano":"30","spanCount":0,"rows":[]},)"
      R"({"kind":"operation","service":"shop","colour":4,"name":"a","durationNano":"20","spanCount":2,"rows":[0,1]}],)"
      R"("services":[{"service":"","colour":0,"durationNano":"30"},)"
      R"({"service":"shop","colour":4,"durationNano":"20"}]})");
}

}  // namespace
}  // namespace spoor::api
