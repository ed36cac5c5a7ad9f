#include "learn/check/diagnosis.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace spoor::learn {
namespace {

constexpr BackendState kStates[] = {BackendState::kSpeaks, BackendState::kNoReply, BackendState::kStrange,
                                    BackendState::kFailing};

void ForEveryEvidence(const std::function<void(const ServiceEvidence&)>& look) {
  for (int reach = 0; reach < kReachCount; ++reach) {
    for (int seen = 0; seen < kSeenCount; ++seen) {
      for (int downstream = 0; downstream < kDownstreamCount; ++downstream) {
        for (const BackendState backend : kStates) {
          for (const bool starts_anew : {false, true}) {
            look({static_cast<Reach>(reach), backend, static_cast<Seen>(seen), starts_anew,
                  static_cast<Downstream>(downstream)});
          }
        }
      }
    }
  }
}

// The same as the table says, said once more in the other order: from the evidence that decides last to the first.
Finding Expected(const ServiceEvidence& evidence) {
  Finding finding = Finding::kNothingSeen;
  if (evidence.downstream == Downstream::kNobody) finding = Finding::kNothingSeenAtEnd;
  if (evidence.downstream == Downstream::kRecordsNone) finding = Finding::kNotSampled;
  if (evidence.downstream == Downstream::kStartsAnew) finding = Finding::kNotTraced;
  if (evidence.starts_anew) finding = Finding::kHeaderNotRead;
  switch (evidence.seen) {
    case Seen::kNothing: break;
    case Seen::kOnlyBehind: finding = Finding::kNotExported; break;
    case Seen::kHeadless: finding = Finding::kHeadless; break;
    case Seen::kPassedThrough: finding = Finding::kOnlyForwards; break;
    case Seen::kUnderAnotherName: finding = Finding::kWrongName; break;
    case Seen::kAtAnotherTime: finding = Finding::kClockOff; break;
    case Seen::kContinued: return Finding::kTraced;
  }
  switch (evidence.backend) {
    case BackendState::kSpeaks: break;
    case BackendState::kNoReply: finding = Finding::kBackendNoReply; break;
    case BackendState::kStrange: finding = Finding::kBackendStrange; break;
    case BackendState::kFailing: finding = Finding::kBackendFailing; break;
  }
  switch (evidence.reach) {
    case Reach::kAnswers:
    case Reach::kFails: return finding;
    case Reach::kOddStatus: return Finding::kOddStatus;
    case Reach::kDown: return Finding::kDown;
    case Reach::kSilent: return Finding::kSilent;
    case Reach::kNotHttp: return Finding::kNotHttp;
  }
  return finding;
}

TEST(Diagnosis, TellsForEveryEvidenceWhatDecidesFirst) {
  std::set<Finding> found;
  ForEveryEvidence([&](const ServiceEvidence& evidence) {
    const Finding finding = Diagnose(evidence);
    found.insert(finding);
    ASSERT_EQ(finding, Expected(evidence))
        << "reach " << int(evidence.reach) << ", backend " << int(evidence.backend) << ", seen " << int(evidence.seen)
        << ", anew " << evidence.starts_anew << ", downstream " << int(evidence.downstream);
  });
  EXPECT_EQ(found.size(), static_cast<size_t>(Finding::kNothingSeenAtEnd) + 1) << "every finding is found";
}

TEST(Diagnosis, OfLinksIsLinkedOnlyWithBothHops) {
  std::set<LinkFinding> found;
  for (int first = 0; first < kHopCount; ++first) {
    for (int second = 0; second < kHopCount; ++second) {
      for (const BackendState backend : kStates) {
        for (const bool is_answered : {false, true}) {
          for (const bool has_failing : {false, true}) {
            LinkEvidence evidence{backend, is_answered, {}, static_cast<Hop>(first), static_cast<Hop>(second)};
            if (has_failing) evidence.first_failing = Service::kBackend;
            const LinkFinding finding = DiagnoseLinks(evidence);
            found.insert(finding);
            EXPECT_EQ(finding == LinkFinding::kLinked, first == 0 && second == 0);
            if (finding == LinkFinding::kLinked) continue;
            EXPECT_EQ(finding < LinkFinding::kServiceFirst, backend != BackendState::kSpeaks);
            if (finding < LinkFinding::kServiceFirst) continue;
            EXPECT_EQ(finding == LinkFinding::kServiceFirst, has_failing);
            if (has_failing) continue;
            EXPECT_EQ(finding == LinkFinding::kRequestsFail, !is_answered);
            if (!is_answered) continue;
            EXPECT_EQ(finding < LinkFinding::kBackendPassesNone, first != 0) << "the first hop that is not linked";
          }
        }
      }
    }
  }
  EXPECT_EQ(found.size(), static_cast<size_t>(LinkFinding::kBackendCallsElse) + 1) << "every finding is found";
}

TEST(Diagnosis, OfLinksNamesTheHopAsItIs) {
  const auto with = [](Hop first, Hop second) {
    return DiagnoseLinks({BackendState::kSpeaks, true, {}, first, second});
  };
  EXPECT_EQ(with(Hop::kAround, Hop::kLinked), LinkFinding::kFrontendGoesAround);
  EXPECT_EQ(with(Hop::kGap, Hop::kGap), LinkFinding::kFrontendGap);
  EXPECT_EQ(with(Hop::kStartsAnew, Hop::kMissing), LinkFinding::kFrontendPassesNone);
  EXPECT_EQ(with(Hop::kMissing, Hop::kMissing), LinkFinding::kFrontendCallsElse);
  EXPECT_EQ(with(Hop::kLinked, Hop::kAround), LinkFinding::kBackendGoesAround);
  EXPECT_EQ(with(Hop::kLinked, Hop::kGap), LinkFinding::kBackendGap);
  EXPECT_EQ(with(Hop::kLinked, Hop::kStartsAnew), LinkFinding::kBackendPassesNone);
  EXPECT_EQ(with(Hop::kLinked, Hop::kMissing), LinkFinding::kBackendCallsElse);
}

}  // namespace
}  // namespace spoor::learn
