#include "learn/check/six_checks.h"

#include <gtest/gtest.h>

#include "learn/check/made_observation.h"
#include "learn/check/report.h"

namespace spoor::learn {
namespace {

constexpr Service kF = Service::kFrontend, kB = Service::kBackend, kD = Service::kDatabase;

int ScoreOf(const Observation& observation) { return MakeReport(observation, MadeSettings()).score(); }

void Refuse(Observation& observation, Service service) {
  for (Probe& probe : observation.probes) {
    if (probe.service != service) continue;
    probe.outcome = {HttpEnd::kRefused, 0, {}, "connection refused"};
    probe.trace = {};
  }
}

TEST(SixChecks, AreWorthHundredPointsTogether) {
  const auto results = Judge(WholeObservation(), MadeSettings());
  ASSERT_EQ(results.size(), 6u);
  int points = 0;
  for (const TaskResult& result : results) {
    EXPECT_TRUE(result.passed) << result.title << ": " << result.why.missing;
    EXPECT_EQ(result.why.missing, "");
    points += result.points;
  }
  EXPECT_EQ(points, 100);
  EXPECT_EQ(results[2].title, "Database service tracing configured");
  EXPECT_EQ(results[4].title, "Traces appearing in Spoor");
  EXPECT_EQ(results[3].trace_id, "");
  EXPECT_EQ(results[5].trace_id.size(), 32u);
}

TEST(SixChecks, NameTheBackendOnlyWhereItIsKnown) {
  Observation observation = WholeObservation();
  observation.is_spoor = false;
  EXPECT_EQ(Judge(observation, MadeSettings())[4].title, "Traces appearing in the tracing backend");
}

TEST(SixChecks, JudgeOnlyTheTaskThatIsAskedFor) {
  CheckSettings settings = MadeSettings();
  settings.task = 3;
  const auto results = Judge(WholeObservation(), settings);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].task, 3);
}

TEST(SixChecks, GiveNothingButHealthToServicesWithoutTracing) {
  Observation observation = WholeObservation();
  for (const Service service : kServices) Drop(observation, NameOf(service));
  EXPECT_EQ(ScoreOf(observation), 10);
  for (const TaskResult& result : Judge(observation, MadeSettings())) EXPECT_EQ(result.trace_id, "");
}

TEST(SixChecks, RiseServiceByService) {
  Observation observation = WholeObservation();
  Drop(observation, "backend");
  Drop(observation, "database-service");
  EXPECT_EQ(ScoreOf(observation), 45);
  observation = WholeObservation();
  Drop(observation, "database-service");
  EXPECT_EQ(ScoreOf(observation), 65);
}

TEST(SixChecks, NeedEveryRequestToArriveButOnlyOneToBeLinked) {
  Observation observation = WholeObservation();
  observation.probes[0].trace = {};
  const auto results = Judge(observation, MadeSettings());
  EXPECT_FALSE(results[4].passed);
  EXPECT_EQ(results[4].trace_id, observation.probes[1].trace_id) << "one that can be looked at";
  EXPECT_NE(results[4].why.missing.find("only 2"), std::string::npos) << results[4].why.missing;
  EXPECT_TRUE(results[5].passed);
}

TEST(SixChecks, TellWhichServiceIsDown) {
  Observation observation = WholeObservation();
  Refuse(observation, kD);
  ChangeTraces(observation, [](const Probe&, SeenSpans& spans) {
    std::erase_if(spans, [](const SeenSpan& span) { return span.service == "database-service"; });
  });
  EXPECT_EQ(ScoreOf(observation), 55);
  const auto results = Judge(observation, MadeSettings());
  EXPECT_NE(results[2].why.missing.find("http://localhost:8082: connection refused"), std::string::npos);
  EXPECT_NE(results[3].why.missing.find("database-service"), std::string::npos);
  EXPECT_NE(results[3].why.fix.find("--database-url"), std::string::npos);
  EXPECT_NE(results[5].why.fix.find("task 3"), std::string::npos);
}

TEST(SixChecks, AreSettledOnceNothingMoreCanArrive) {
  Observation observation = WholeObservation();
  EXPECT_TRUE(IsSettled(observation, MadeSettings()));
  observation.probes[0].trace = {};
  EXPECT_FALSE(IsSettled(observation, MadeSettings())) << "task 5 may still pass";
  observation = WholeObservation();
  Refuse(observation, kF);
  EXPECT_TRUE(IsSettled(observation, MadeSettings())) << "no span can come of a request that was refused";
  observation.probes[3].trace = {};
  EXPECT_FALSE(IsSettled(observation, MadeSettings())) << "task 2 may still pass";
  observation = WholeObservation();
  observation.probes.back().has_ended = false;
  EXPECT_FALSE(IsSettled(observation, MadeSettings()));
}

TEST(SixChecks, ExplainEveryFindingInWordsOfItsOwn) {
  Observation observation = WholeObservation();
  observation.backend_message = "no answer";
  const CheckSettings settings = MadeSettings();
  std::vector<std::string> told;
  for (int finding = 1; finding <= static_cast<int>(Finding::kNothingSeenAtEnd); ++finding) {
    const Service service = finding == static_cast<int>(Finding::kNothingSeenAtEnd) ? kD : kB;
    const Explanation why = Explain(static_cast<Finding>(finding), service, observation, settings);
    EXPECT_FALSE(why.missing.empty() || why.causes.empty() || why.fix.empty()) << finding;
    told.push_back(why.missing);
  }
  for (int finding = static_cast<int>(LinkFinding::kRequestsFail);
       finding <= static_cast<int>(LinkFinding::kBackendCallsElse); ++finding) {
    const Explanation why = ExplainLinks(static_cast<LinkFinding>(finding), observation, settings);
    EXPECT_FALSE(why.missing.empty() || why.causes.empty() || why.fix.empty()) << finding;
    told.push_back(why.missing);
  }
  std::sort(told.begin(), told.end());
  EXPECT_EQ(std::adjacent_find(told.begin(), told.end()), told.end());
}

TEST(Report, SaysScoreAndPassedInTheEnd) {
  const CheckReport whole = MakeReport(WholeObservation(), MadeSettings());
  EXPECT_TRUE(whole.passed());
  const std::string text = ReportText(whole);
  EXPECT_TRUE(text.starts_with(std::string(50, '=') + "\n📊 "));
  EXPECT_NE(text.find("\n✅ Task 6: Traces are properly linked\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with(std::string(50, '=') + "\n\nScore: 100/100 points (100%)\n")) << text;
  EXPECT_EQ(text.find("❌"), std::string::npos);
}

TEST(Report, TellsReasonsOnceAndWithin80Columns) {
  Observation observation = WholeObservation();
  observation.backend = BackendState::kNoReply;
  observation.backend_message = "connection refused";
  for (const Service service : kServices) Drop(observation, NameOf(service));
  const std::string text = ReportText(MakeReport(observation, MadeSettings()));
  EXPECT_NE(text.find("❌ Task 2: Backend tracing configured\n   The same as in task 1.\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("Start it (spoor serve"), text.rfind("Start it (spoor serve")) << "told once";
  EXPECT_NE(text.find("Next: task 1"), std::string::npos);
  EXPECT_TRUE(text.ends_with("Score: 10/100 points (10%)\n"));
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(end - begin, 80u + 3) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(Report, PointsToTheTaskThatFailsOthers) {
  Observation observation = WholeObservation();
  for (Probe& probe : observation.probes) {
    if (probe.service == kF) probe.trace = {};
  }
  const std::string text = ReportText(MakeReport(observation, MadeSettings()));
  EXPECT_NE(text.find("none left a trace in Spoor.\n   Likely: what fails task 1.\n"), std::string::npos) << text;
}

TEST(Report, ShowsNoControlCharactersOfStrangers) {
  Observation observation = WholeObservation();
  ChangeTraces(observation, [](const Probe&, SeenSpans& spans) {
    for (SeenSpan& span : spans)
      span.service =
          "\x1b[2J\xC2\x9B"
          "evil\xFF\x07";
  });
  const std::string text = ReportText(MakeReport(observation, MadeSettings()));
  EXPECT_NE(text.find("\"?[2J?evil\xEF\xBF\xBD?\""), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Report, IsOneJsonObject) {
  Observation observation = WholeObservation();
  Refuse(observation, kF);
  const std::string json = ReportJson(MakeReport(observation, MadeSettings()));
  EXPECT_TRUE(json.starts_with(R"({"score":40,"maxScore":100,"percent":40,"passed":false,"tasks":[{"task":1,"title":)"
                               R"("Frontend tracing configured","points":20,"passed":false,"traceID":")"))
      << json;
  EXPECT_NE(
      json.find(R"("missing":"frontend does not answer at http://localhost:8080: connection refused.","causes":[")"),
      std::string::npos);
  EXPECT_NE(json.find(R"("missing":"","causes":[],"fix":""})"), std::string::npos);
}

}  // namespace
}  // namespace spoor::learn
