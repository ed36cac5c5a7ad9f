#include "learn/check/diagnosis.h"

#include "base/check.h"

namespace spoor::learn {
namespace {

// A condition on one piece of evidence: a value that it has to have, or none.
template <class T>
class Is {
 public:
  constexpr Is() = default;
  constexpr Is(T value) : value_(value) {}  // NOLINT: implicit on purpose
  constexpr bool operator()(T actual) const { return !value_ || *value_ == actual; }

 private:
  std::optional<T> value_;
};

struct ServiceRow {
  Is<Seen> seen;
  Is<Reach> reach;
  Is<BackendState> backend;
  Is<bool> starts_anew;
  Is<Downstream> downstream;
  Finding finding;
};

constexpr ServiceRow kServiceTable[] = {
    // A span that continues the request's trace proves everything, whatever the answer was.
    {.seen = Seen::kContinued, .finding = Finding::kTraced},
    // What does not answer leaves no trace to look for.
    {.reach = Reach::kDown, .finding = Finding::kDown},
    {.reach = Reach::kSilent, .finding = Finding::kSilent},
    {.reach = Reach::kNotHttp, .finding = Finding::kNotHttp},
    {.reach = Reach::kOddStatus, .finding = Finding::kOddStatus},
    {.backend = BackendState::kNoReply, .finding = Finding::kBackendNoReply},
    {.backend = BackendState::kStrange, .finding = Finding::kBackendStrange},
    {.backend = BackendState::kFailing, .finding = Finding::kBackendFailing},
    // The request's own trace says it.
    {.seen = Seen::kAtAnotherTime, .finding = Finding::kClockOff},
    {.seen = Seen::kUnderAnotherName, .finding = Finding::kWrongName},
    {.seen = Seen::kPassedThrough, .finding = Finding::kOnlyForwards},
    {.seen = Seen::kHeadless, .finding = Finding::kHeadless},
    {.seen = Seen::kOnlyBehind, .finding = Finding::kNotExported},
    // It is empty: other traces of the same time say it.
    {.starts_anew = true, .finding = Finding::kHeaderNotRead},
    {.downstream = Downstream::kStartsAnew, .finding = Finding::kNotTraced},
    {.downstream = Downstream::kRecordsNone, .finding = Finding::kNotSampled},
    {.downstream = Downstream::kNobody, .finding = Finding::kNothingSeenAtEnd},
    {.finding = Finding::kNothingSeen},
};

struct LinkRow {
  Is<Hop> to_backend;
  Is<Hop> to_database;
  Is<BackendState> backend;
  Is<bool> has_failing;
  Is<bool> is_answered;
  LinkFinding finding;
};

constexpr LinkRow kLinkTable[] = {
    {.to_backend = Hop::kLinked, .to_database = Hop::kLinked, .finding = LinkFinding::kLinked},
    {.backend = BackendState::kNoReply, .finding = LinkFinding::kBackendNoReply},
    {.backend = BackendState::kStrange, .finding = LinkFinding::kBackendStrange},
    {.backend = BackendState::kFailing, .finding = LinkFinding::kBackendFailing},
    {.has_failing = true, .finding = LinkFinding::kServiceFirst},
    {.is_answered = false, .finding = LinkFinding::kRequestsFail},
    {.to_backend = Hop::kAround, .finding = LinkFinding::kFrontendGoesAround},
    {.to_backend = Hop::kGap, .finding = LinkFinding::kFrontendGap},
    {.to_backend = Hop::kStartsAnew, .finding = LinkFinding::kFrontendPassesNone},
    {.to_backend = Hop::kMissing, .finding = LinkFinding::kFrontendCallsElse},
    {.to_database = Hop::kAround, .finding = LinkFinding::kBackendGoesAround},
    {.to_database = Hop::kGap, .finding = LinkFinding::kBackendGap},
    {.to_database = Hop::kStartsAnew, .finding = LinkFinding::kBackendPassesNone},
    {.to_database = Hop::kMissing, .finding = LinkFinding::kBackendCallsElse},
};

}  // namespace

Finding Diagnose(const ServiceEvidence& evidence) {
  for (const ServiceRow& row : kServiceTable) {
    if (row.seen(evidence.seen) && row.reach(evidence.reach) && row.backend(evidence.backend) &&
        row.starts_anew(evidence.starts_anew) && row.downstream(evidence.downstream)) {
      return row.finding;
    }
  }
  SPOOR_CHECK(false);  // the last row fits everything
}

LinkFinding DiagnoseLinks(const LinkEvidence& evidence) {
  for (const LinkRow& row : kLinkTable) {
    if (row.to_backend(evidence.to_backend) && row.to_database(evidence.to_database) && row.backend(evidence.backend) &&
        row.has_failing(evidence.first_failing.has_value()) && row.is_answered(evidence.is_answered)) {
      return row.finding;
    }
  }
  SPOOR_CHECK(false);  // every hop that is not linked has a row
}

}  // namespace spoor::learn
