#include "api/query_api.h"

#include <gtest/gtest.h>

#include "api/pretty_json.h"
#include "api/sample_trace.h"

namespace spoor::api {
namespace {

TEST(QueryApi, RefusesQuestionsUntilThereIsAStore) {
  MemoryBudget budget(size_t{1} << 20);
  QueryApi api({.budget = &budget});
  const auto get = [&](const char* target) { return SampleApi::AskApi(api, "GET", target); };
  EXPECT_EQ(get("/api/services").status, 503);
  EXPECT_EQ(
      get("/api/services").body,
      "{\"data\":null,\"total\":0,\"limit\":0,\"offset\":0,\"errors\":[{\"code\":503,\"msg\":\"Spoor is starting: "
      "retry in a moment\"}]}\n");
  EXPECT_EQ(get("/ready").status, 503);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/api/spoor/v1/status").status, 200);
  EXPECT_NE(get("/api/spoor/v1/status").body.find("\"ready\":false"), std::string::npos);
  EXPECT_EQ(get("/metrics").status, 200);

  ReferenceStore store;
  api.SetReady(store, {});
  EXPECT_EQ(get("/api/services").status, 200);
  EXPECT_EQ(get("/ready").status, 200);
  api.SetStopping();
  EXPECT_EQ(get("/ready").status, 503);
  EXPECT_EQ(get("/api/services").status, 200);
}

TEST(QueryApi, AnswersWhatWaitsWhenItStops) {
  SampleApi sample;
  sample.api().Stop();
  EXPECT_EQ(sample.Get("/api/services").status, 503);
}

TEST(QueryApi, ShowsItsStatus) {
  SampleApi sample;
  const HttpResponse status = sample.Get("/api/spoor/v1/status");
  EXPECT_EQ(status.content_type, "application/json");
  EXPECT_NE(status.body.find("\"startedUnixNano\":\"1700003600000000000\",\"ready\":true"), std::string::npos);
  EXPECT_NE(status.body.find("\"endpoints\":[{\"name\":\"query\",\"url\":\"http://127.0.0.1:16686\"}]"),
            std::string::npos);
}

TEST(QueryApi, MeasuresItsQuestions) {
  SampleApi sample;
  sample.Get("/api/services");
  const HttpResponse metrics = sample.Get("/metrics");
  EXPECT_EQ(metrics.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(metrics.body.find("spoor_query_seconds_count{route=\"/api/services\"}"), std::string::npos);
}

TEST(QueryApi, RefusesAnAnswerThatTheBudgetCannotHold) {
  MemoryBudget budget(100);
  QueryApi api({.budget = &budget});
  ReferenceStore store;
  store.Add(SampleBatch());
  api.SetReady(store, {});
  const HttpResponse response = SampleApi::AskApi(api, "GET", "/api/traces?start=0");
  EXPECT_EQ(response.status, 429);
  EXPECT_NE(response.body.find("does not fit into the memory budget"), std::string::npos);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(QueryApi, ServesTheUiForEverythingElse) {
  SampleApi sample;
  for (const char* path : {"/", "/search", "/trace/0123", "/search?service=x", "/apis"}) {
    const HttpResponse response = sample.Get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.content_type, "text/html; charset=utf-8") << path;
    EXPECT_EQ(response.static_body, "<!doctype html>") << path;
  }
  EXPECT_EQ(sample.Ask("POST", "/search").status, 405);
}

TEST(PrettyJson, IndentsLikeGo) {
  EXPECT_EQ(PrettyJson(R"({"a":[],"b":{},"c":[1,{"d":"x\",{["}]})"),
            "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1,\n        {\n            \"d\": "
            "\"x\\\",{[\"\n        }\n    ]\n}");
  EXPECT_EQ(PrettyJson(""), "");
  EXPECT_EQ(PrettyJson("\"\\"), "\"\\");
}

}  // namespace
}  // namespace spoor::api
