// From what was observed to what it is evidence of, service by service and hop by hop. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "learn/check/observation.h"

namespace spoor::learn {

// How a service took a request. In order of what is told where requests differ.
enum class Reach : uint8_t {
  kAnswers,    // as it should
  kFails,      // with a status from 500
  kOddStatus,  // with another status than 200
  kDown,       // nobody there
  kSilent,     // no answer in time
  kNotHttp,    // something else is there
};
inline constexpr int kReachCount = 6;

// What the backend shows of the trace of a request that was sent to a service. The better ones first.
enum class Seen : uint8_t {
  kContinued,         // a span of the service, below the one that was sent along
  kAtAnotherTime,     // the same, but its clock says another time than that of the request
  kUnderAnotherName,  // such a span of a service with another name
  kPassedThrough,     // nothing of the service; below the one that was sent along stands the service that it calls
  kHeadless,          // spans of the service, but not the one that is below the one that was sent along
  kOnlyBehind,        // nothing of the service; spans of those that it calls, below one that is not there
  kNothing,
};
inline constexpr int kSeenCount = 7;

// What the service that it calls did in the time of the check, beside the traces that it was sent.
enum class Downstream : uint8_t {
  kNobody,       // it calls nobody
  kUnknown,      // that one is not traced well enough to tell
  kStartsAnew,   // it began traces of its own: nobody passed a context on to it
  kRecordsNone,  // it recorded nothing else, though it does record when it is asked directly
};
inline constexpr int kDownstreamCount = 4;

struct ServiceEvidence {
  Reach reach = Reach::kAnswers;
  BackendState backend = BackendState::kSpeaks;
  Seen seen = Seen::kNothing;
  bool starts_anew = false;  // spans of the service stand at the top of traces of their own
  Downstream downstream = Downstream::kUnknown;
};

ServiceEvidence EvidenceOf(Service service, const Observation& observation);

// How a service comes after the one that calls it, in the trace of a request to the frontend.
enum class Hop : uint8_t {
  kLinked,      // below a span of it
  kAround,      // below the context that its caller was sent, not below a span of its caller
  kGap,         // below a span that is not there
  kStartsAnew,  // not in that trace, but in one of its own
  kMissing,     // not in that trace, nor in one of its own
};
inline constexpr int kHopCount = 5;

struct LinkEvidence {
  BackendState backend = BackendState::kSpeaks;
  bool is_answered = false;              // a request to the frontend was, with 200
  std::optional<Service> first_failing;  // the first service whose own check fails
  Hop to_backend = Hop::kMissing;
  Hop to_database = Hop::kMissing;
};

LinkEvidence LinksIn(const Observation& observation);

// The probe that tells most of a service: whose trace shows what EvidenceOf says. Null without any.
const Probe* BestProbe(Service service, const Observation& observation);
// The one through the frontend whose trace has most of the hops.
const Probe* BestLinkedProbe(const Observation& observation);
// The probe of a service's /health. Null without one.
const Probe* HealthProbe(Service service, const Observation& observation);
// The name under which the service's span stands, where it is kUnderAnotherName.
std::string OtherNameIn(const Probe& probe);

Reach ReachOf(const Probe& probe);
Seen SeenIn(const Probe& probe);

}  // namespace spoor::learn
