#include "learn/check/evidence.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "learn/check/diagnosis.h"
#include "learn/check/made_observation.h"

namespace spoor::learn {
namespace {

constexpr Service kF = Service::kFrontend, kB = Service::kBackend, kD = Service::kDatabase;

Seen SeenOf(Service service, const Observation& observation) { return EvidenceOf(service, observation).seen; }

void Fail(Observation& observation, Service service, HttpEnd end, int status = 0) {
  for (Probe& probe : observation.probes) {
    if (probe.service != service) continue;
    probe.outcome = {end, status, {}, "it is broken"};
    probe.trace = {};
  }
}

TEST(Evidence, OfThreeTracedServicesIsThatTheyAreTracedAndLinked) {
  const Observation observation = WholeObservation();
  for (const Service service : kServices) {
    EXPECT_EQ(SeenOf(service, observation), Seen::kContinued);
    EXPECT_EQ(EvidenceOf(service, observation).reach, Reach::kAnswers);
  }
  const LinkEvidence links = LinksIn(observation);
  EXPECT_EQ(links.to_backend, Hop::kLinked);
  EXPECT_EQ(links.to_database, Hop::kLinked);
  EXPECT_EQ(links.first_failing, std::nullopt);
}

TEST(Evidence, TellsHowARequestEnded) {
  Probe probe;
  const auto reach = [&](HttpEnd end, int status = 0) {
    probe.outcome = {end, status, {}, {}};
    return ReachOf(probe);
  };
  EXPECT_EQ(reach(HttpEnd::kAnswered, 200), Reach::kAnswers);
  EXPECT_EQ(reach(HttpEnd::kAnswered, 404), Reach::kOddStatus);
  EXPECT_EQ(reach(HttpEnd::kAnswered, 302), Reach::kOddStatus);
  EXPECT_EQ(reach(HttpEnd::kAnswered, 500), Reach::kFails);
  EXPECT_EQ(reach(HttpEnd::kRefused), Reach::kDown);
  EXPECT_EQ(reach(HttpEnd::kUnknownHost), Reach::kDown);
  EXPECT_EQ(reach(HttpEnd::kTimeout), Reach::kSilent);
  EXPECT_EQ(reach(HttpEnd::kClosed), Reach::kSilent);
  EXPECT_EQ(reach(HttpEnd::kNotHttp), Reach::kNotHttp);
}

TEST(Evidence, TakesASpanThatDescendsFromOursThroughOthers) {
  Observation observation = WholeObservation();
  ChangeTraces(observation, [](const Probe& probe, SeenSpans& spans) {
    for (SeenSpan& span : spans) {
      if (span.parent_id == probe.span_id) span.parent_id = "proxy";
    }
    spans.push_back(MadeSpan("proxy", probe.span_id, "envoy"));
  });
  EXPECT_EQ(SeenOf(kF, observation), Seen::kContinued);
  EXPECT_EQ(LinksIn(observation).to_database, Hop::kLinked);
}

TEST(Evidence, TakesNoSpanOfAnotherTime) {
  Observation observation = WholeObservation();
  ChangeTraces(observation, [](const Probe&, SeenSpans& spans) {
    for (SeenSpan& span : spans) span.start_ns -= int64_t{301} * 1'000'000'000;
  });
  EXPECT_EQ(SeenOf(kB, observation), Seen::kAtAnotherTime);
  ChangeTraces(observation, [](const Probe&, SeenSpans& spans) {
    for (SeenSpan& span : spans) span.start_ns += int64_t{2} * 1'000'000'000;
  });
  EXPECT_EQ(SeenOf(kB, observation), Seen::kContinued) << "within the tolerance";
}

TEST(Evidence, TakesNoSpanThatIsNotBelowOurs) {
  Observation observation = WholeObservation();
  ChangeTraces(observation, [](const Probe& probe, SeenSpans& spans) {
    for (SeenSpan& span : spans) {
      if (span.parent_id == probe.span_id) span.parent_id.clear();  // as somebody who only knew the trace id would
    }
  });
  EXPECT_EQ(SeenOf(kF, observation), Seen::kHeadless);
  EXPECT_EQ(LinksIn(observation).to_backend, Hop::kGap);
}

TEST(Evidence, KnowsAWrongNameFromAPassedHeader) {
  for (const Service service : kServices) {
    for (const char* const name : {"other", "unknown_service:node", "", "frontend", "backend", "database-service"}) {
      if (name == NameOf(service)) continue;
      Observation observation = WholeObservation();
      ChangeTraces(observation, [&](const Probe&, SeenSpans& spans) {
        for (SeenSpan& span : spans) {
          if (span.span_id.starts_with(NameOf(service))) span.service = name;
        }
      });
      EXPECT_EQ(SeenOf(service, observation), Seen::kUnderAnotherName) << NameOf(service) << " as " << name;
      EXPECT_EQ(OtherNameIn(*BestProbe(service, observation)), name);
    }
  }
}

TEST(Evidence, KnowsAPassedHeaderByStructureAndByPath) {
  for (const Service service : {kF, kB}) {
    Observation observation = WholeObservation();
    Drop(observation, NameOf(service));
    ChangeTraces(observation, [&](const Probe& probe, SeenSpans& spans) {
      for (SeenSpan& span : spans) {
        if (span.span_id == std::string(NameOf(*DownstreamOf(service))) + "/server" && probe.service <= service) {
          span.parent_id = probe.service == service ? probe.span_id : "frontend/client";
        }
      }
    });
    // The next one's next one is a server below it: only the path tells, where the frontend passes a header through.
    for (Probe& probe : observation.probes) {
      SeenSpans spans = probe.trace.spans();
      for (SeenSpan& span : spans) {
        if (span.span_id == "backend/server") span.path = "/users";
      }
      probe.trace = SeenTrace(spans);
    }
    EXPECT_EQ(SeenOf(service, observation), Seen::kPassedThrough) << NameOf(service);
  }
}

TEST(Evidence, OfAServiceThatExportsNothingIsASpanThatIsMissing) {
  for (const Service service : {kF, kB}) {
    Observation observation = WholeObservation();
    Drop(observation, NameOf(service));
    EXPECT_EQ(SeenOf(service, observation), Seen::kOnlyBehind) << NameOf(service);
    EXPECT_EQ(Diagnose(EvidenceOf(service, observation)), Finding::kNotExported);
    EXPECT_EQ(LinksIn(observation).first_failing, service);
  }
}

TEST(Evidence, OfTheNextServiceCountsOnlyWhereItIsTracedAndWasCalled) {
  Observation observation = WholeObservation();
  for (Probe& probe : observation.probes) {
    if (probe.service == kF) probe.trace = {};
  }
  EXPECT_EQ(EvidenceOf(kF, observation).downstream, Downstream::kRecordsNone);
  observation.starts_anew[IndexOf(kB)] = true;
  EXPECT_EQ(EvidenceOf(kF, observation).downstream, Downstream::kStartsAnew);

  Observation failing = observation;
  failing.starts_anew = {};
  for (Probe& probe : failing.probes) {
    if (probe.service == kF) probe.outcome.status = 500;
  }
  EXPECT_EQ(EvidenceOf(kF, failing).downstream, Downstream::kUnknown);

  Drop(observation, "backend");
  EXPECT_EQ(EvidenceOf(kF, observation).downstream, Downstream::kUnknown);
  EXPECT_EQ(EvidenceOf(kD, observation).downstream, Downstream::kNobody);
}

TEST(Evidence, TakesTheHealthOfAServiceThatWaitsInVain) {
  Observation observation = WholeObservation();
  for (Probe& probe : observation.probes) {
    if (probe.service != kF || probe.is_health) continue;
    probe.outcome = {HttpEnd::kTimeout, 0, {}, {}};
    probe.trace = {};
  }
  EXPECT_EQ(Diagnose(EvidenceOf(kF, observation)), Finding::kTraced);
  for (Probe& probe : observation.probes) {
    if (probe.service == kF) probe.outcome = {HttpEnd::kTimeout, 0, {}, {}}, probe.trace = {};
  }
  EXPECT_EQ(Diagnose(EvidenceOf(kF, observation)), Finding::kSilent);
}

TEST(Evidence, OfHopsIsOfTheBestTrace) {
  Observation observation = WholeObservation();
  bool is_first = true;
  for (Probe& probe : observation.probes) {
    if (probe.service == kF && !std::exchange(is_first, false)) probe.trace = {};
  }
  EXPECT_EQ(LinksIn(observation).to_database, Hop::kLinked);
  Fail(observation, kF, HttpEnd::kAnswered, 500);
  EXPECT_FALSE(LinksIn(observation).is_answered);
}

// Hangs the entry of `service` in requests through the frontend elsewhere.
Observation Moved(std::string_view service, const char* parent) {
  Observation observation = WholeObservation();
  ChangeTraces(observation, [&](const Probe& probe, SeenSpans& spans) {
    if (probe.service != kF) return;
    for (SeenSpan& span : spans) {
      if (span.span_id == std::string(service) + "/server") span.parent_id = *parent ? parent : probe.span_id;
    }
  });
  return observation;
}

TEST(Evidence, OfHopsTellsWhereTheChainIsBroken) {
  EXPECT_EQ(LinksIn(Moved("backend", "")).to_backend, Hop::kAround);
  EXPECT_EQ(LinksIn(Moved("backend", "lost")).to_backend, Hop::kGap);
  EXPECT_EQ(LinksIn(Moved("backend", "lost")).to_database, Hop::kGap);
  EXPECT_EQ(LinksIn(Moved("database-service", "")).to_database, Hop::kAround);
  EXPECT_EQ(LinksIn(Moved("database-service", "frontend/client")).to_database, Hop::kAround);
  EXPECT_EQ(LinksIn(Moved("database-service", "lost")).to_database, Hop::kGap);

  Observation cut = WholeObservation();
  ChangeTraces(cut, [](const Probe& probe, SeenSpans& spans) {
    if (probe.service == kF) std::erase_if(spans, [](const SeenSpan& span) { return span.service != "frontend"; });
  });
  EXPECT_EQ(LinksIn(cut).to_backend, Hop::kMissing);
  cut.starts_anew[IndexOf(kB)] = true;
  EXPECT_EQ(LinksIn(cut).to_backend, Hop::kStartsAnew);
  EXPECT_EQ(LinksIn(cut).first_failing, std::nullopt);
}

}  // namespace
}  // namespace spoor::learn
