#include "api/spoor/challenge_api.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"

namespace spoor::api {
namespace {

class FakeCheck final : public ChallengeCheck {
 public:
  void Ask(std::function<void(Result<std::string>)> done) override { done(result); }
  Result<std::string> result = std::string(R"({"score":100})");
};

class ChallengeApi : public testing::Test {
 protected:
  HttpResponse Ask(std::string method, std::string target) {
    return SampleApi::AskApi(api_, std::move(method), std::move(target));
  }

  FakeCheck check_;
  ReferenceStore store_;
  MemoryBudget budget_{size_t{1} << 20};
  QueryApi api_{{.budget = &budget_}};
};

TEST_F(ChallengeApi, IsNotFoundAndNamesTheFlagWhereItIsOff) {
  api_.SetReady(store_, {});
  EXPECT_EQ(Ask("GET", "/api/spoor/v1/challenge").body, R"({"enabled":false})");
  const HttpResponse refused = Ask("POST", "/api/spoor/v1/challenge/check");
  EXPECT_EQ(refused.status, 404);
  EXPECT_TRUE(refused.body.starts_with(R"({"error":{"code":"not_found","message":")")) << refused.body;
  EXPECT_NE(refused.body.find("--challenge on"), std::string::npos);
}

TEST_F(ChallengeApi, TellsAddressesAndPassesTheResultOn) {
  api_.SetReady(store_, {.challenge = {&check_, "http://f", "http://b", "http://d"}});
  EXPECT_EQ(Ask("GET", "/api/spoor/v1/challenge").body,
            R"({"enabled":true,"frontendUrl":"http://f","backendUrl":"http://b","databaseUrl":"http://d"})");
  const HttpResponse answer = Ask("POST", "/api/spoor/v1/challenge/check");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body, R"({"score":100})");
  EXPECT_EQ(Ask("GET", "/api/spoor/v1/challenge/check").status, 405);
}

TEST_F(ChallengeApi, AsksToRetryWhereItIsBusyStoppingOrStarting) {
  EXPECT_EQ(Ask("POST", "/api/spoor/v1/challenge/check").status, 503);
  EXPECT_EQ(Ask("GET", "/api/spoor/v1/challenge").status, 503);
  api_.SetReady(store_, {.challenge = {&check_, "", "", ""}});
  check_.result = Busy("many wait");
  EXPECT_EQ(Ask("POST", "/api/spoor/v1/challenge/check").status, 429);
  check_.result = Error(Code::kCancelled, "stopping");
  EXPECT_EQ(Ask("POST", "/api/spoor/v1/challenge/check").status, 503);
}

}  // namespace
}  // namespace spoor::api
