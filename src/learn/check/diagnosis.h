// From evidence to what is wrong: two tables, first row that fits. Pure functions.
#pragma once

#include <cstdint>

#include "learn/check/evidence.h"

namespace spoor::learn {

// What is the matter with the tracing of a service.
enum class Finding : uint8_t {
  kTraced,            // nothing
  kDown,              // nobody listens
  kSilent,            // no answer in time
  kNotHttp,           // something else is on that port
  kOddStatus,         // something else is there, or the address is wrong
  kBackendNoReply,    // the tracing backend is not there
  kBackendStrange,    // something else is there
  kBackendFailing,    // it cannot answer now
  kClockOff,          // its spans are of another time
  kWrongName,         // its spans carry another name
  kOnlyForwards,      // it passes headers through and has no tracing
  kHeadless,          // its server span is missing, others are there
  kNotExported,       // it traces, but its own spans do not arrive
  kHeaderNotRead,     // its spans arrive in traces of their own
  kNotTraced,         // it does nothing, not even pass the context on
  kNotSampled,        // it passes the context on as not to be recorded
  kNothingSeen,       // nothing at all, and nobody behind it tells more
  kNothingSeenAtEnd,  // the same of the last service
};

Finding Diagnose(const ServiceEvidence& evidence);

// What is the matter with a trace through all three.
enum class LinkFinding : uint8_t {
  kLinked,  // nothing
  kBackendNoReply,
  kBackendStrange,
  kBackendFailing,
  kServiceFirst,        // a service's own check fails, which is to be mended first
  kRequestsFail,        // the frontend answers no request with 200, so that none may go all the way
  kFrontendPassesNone,  // the backend begins a trace of its own
  kFrontendGoesAround,  // passes the context on that it got, in place of its own span's
  kFrontendGap,         // the span that the backend's hangs below is not there
  kFrontendCallsElse,   // the backend that was called is not the one that was asked directly
  kBackendPassesNone,   // the same of the backend and the database service
  kBackendGoesAround,
  kBackendGap,
  kBackendCallsElse,
};

LinkFinding DiagnoseLinks(const LinkEvidence& evidence);

}  // namespace spoor::learn
