#include "learn/check/evidence.h"

#include <algorithm>
#include <utility>

namespace spoor::learn {
namespace {

// Clocks of machines and containers differ; a span has to begin in the time of its request, give or take this.
constexpr int64_t kClockSkewMax_ns = int64_t{300} * 1'000'000'000;

bool IsInTime(const SeenSpan& span, const Probe& probe) {
  return span.start_ns >= probe.sent_ns - kClockSkewMax_ns && span.start_ns <= probe.ended_ns + kClockSkewMax_ns;
}

bool HasServerBelow(const SeenSpan& top, const SeenTrace& trace) {
  return std::any_of(trace.spans().begin(), trace.spans().end(), [&](const SeenSpan& span) {
    if (span.kind != SpanKind::kServer || span.span_id == top.span_id) return false;
    const Ancestry ancestry = trace.AncestryOf(span);
    return std::find(ancestry.spans.begin(), ancestry.spans.end(), &top) != ancestry.spans.end();
  });
}

// Whether `top`, a span of another service right below what the probe sent, was made by that service because the probed
// one passed the context through; else the probed one made it, under a wrong name.
bool IsPassedThrough(const SeenSpan& top, const Probe& probe) {
  const auto named = ServiceNamed(top.service);
  if (!named || *named <= probe.service) return false;
  if (const auto serving = ServiceServing(top.path)) return *serving != probe.service;
  // The path is not told: where the probed service made it, the next one's is below.
  return !HasServerBelow(top, probe.trace);
}

Seen SeenAs(const SeenSpan& span, const Probe& probe) {
  const Ancestry ancestry = probe.trace.AncestryOf(span);
  const bool is_own = span.service == NameOf(probe.service);
  if (ancestry.above != probe.span_id) return is_own ? Seen::kHeadless : Seen::kOnlyBehind;
  if (is_own) return IsInTime(*ancestry.spans.back(), probe) ? Seen::kContinued : Seen::kAtAnotherTime;
  if (ancestry.spans.size() > 1) return Seen::kNothing;  // tells nothing that the one at the top does not
  return IsPassedThrough(span, probe) ? Seen::kPassedThrough : Seen::kUnderAnotherName;
}

Downstream DownstreamEvidence(Service service, const Observation& observation) {
  const auto next = DownstreamOf(service);
  if (!next) return Downstream::kNobody;
  // One that continues no trace that it is sent tells nothing of its caller.
  const Probe* const direct = BestProbe(*next, observation);
  if (direct == nullptr || SeenIn(*direct) != Seen::kContinued) return Downstream::kUnknown;
  if (observation.starts_anew[IndexOf(*next)]) return Downstream::kStartsAnew;
  // A request that failed may not have called it at all.
  const Probe* const probe = BestProbe(service, observation);
  return probe != nullptr && ReachOf(*probe) == Reach::kAnswers ? Downstream::kRecordsNone : Downstream::kUnknown;
}

// The services on the way from a span up, nearest first, each once in a row.
std::vector<std::string_view> ServicesAbove(const Ancestry& ancestry) {
  std::vector<std::string_view> services;
  for (const SeenSpan* span : ancestry.spans) {
    if (services.empty() || services.back() != span->service) services.push_back(span->service);
  }
  return services;
}

// How `to` comes after `from`, itself below all before it.
Hop HopIn(const Probe& probe, Service from, Service to, bool starts_anew) {
  Hop best = starts_anew ? Hop::kStartsAnew : Hop::kMissing;
  for (const SeenSpan& span : probe.trace.spans()) {
    if (span.service != NameOf(to)) continue;
    const Ancestry ancestry = probe.trace.AncestryOf(span);
    const std::vector<std::string_view> above = ServicesAbove(ancestry);
    Hop hop = Hop::kGap;
    if (ancestry.above == probe.span_id) {
      // Others may stand between (a proxy), but not in another order.
      auto at = above.begin();
      bool is_linked = true;
      for (size_t i = IndexOf(from) + 1; i-- > 0 && is_linked;) {
        at = std::find(at, above.end(), NameOf(kServices[i]));
        is_linked = at != above.end();
      }
      hop = is_linked ? Hop::kLinked : Hop::kAround;
    }
    best = std::min(best, hop);
  }
  return best;
}

std::pair<Hop, Hop> HopsIn(const Probe& probe, const Observation& observation) {
  const auto anew = [&](Service service) { return observation.starts_anew[IndexOf(service)]; };
  return {HopIn(probe, Service::kFrontend, Service::kBackend, anew(Service::kBackend)),
          HopIn(probe, Service::kBackend, Service::kDatabase, anew(Service::kDatabase))};
}

}  // namespace

Reach ReachOf(const Probe& probe) {
  switch (probe.outcome.end) {
    case HttpEnd::kAnswered: break;
    case HttpEnd::kUnknownHost:
    case HttpEnd::kRefused:
    case HttpEnd::kUnreachable: return Reach::kDown;
    case HttpEnd::kNotHttp: return Reach::kNotHttp;
    case HttpEnd::kTimeout:
    case HttpEnd::kClosed:
    case HttpEnd::kTooLarge:
    case HttpEnd::kStopped: return Reach::kSilent;
  }
  if (probe.outcome.status >= 500) return Reach::kFails;
  return probe.outcome.status == 200 ? Reach::kAnswers : Reach::kOddStatus;
}

Seen SeenIn(const Probe& probe) {
  Seen best = Seen::kNothing;
  for (const SeenSpan& span : probe.trace.spans()) best = std::min(best, SeenAs(span, probe));
  return best;
}

std::string OtherNameIn(const Probe& probe) {
  for (const SeenSpan& span : probe.trace.spans()) {
    if (SeenAs(span, probe) == Seen::kUnderAnotherName) return span.service;
  }
  return {};
}

const Probe* HealthProbe(Service service, const Observation& observation) {
  const auto found = std::find_if(observation.probes.begin(), observation.probes.end(),
                                  [&](const Probe& probe) { return probe.is_health && probe.service == service; });
  return found == observation.probes.end() ? nullptr : &*found;
}

const Probe* BestProbe(Service service, const Observation& observation) {
  const Probe* best = nullptr;
  for (const Probe& probe : observation.probes) {
    if (probe.service != service || probe.is_health) continue;
    const auto rank = [](const Probe& one) { return std::pair(SeenIn(one), ReachOf(one)); };
    if (best == nullptr || rank(probe) < rank(*best)) best = &probe;
  }
  // A service that waits in vain for the next one still shows by its health whether it is traced.
  const Probe* const health = HealthProbe(service, observation);
  const bool is_silent = best == nullptr || (ReachOf(*best) == Reach::kSilent && SeenIn(*best) == Seen::kNothing);
  return is_silent && health != nullptr && SeenIn(*health) == Seen::kContinued ? health : best;
}

ServiceEvidence EvidenceOf(Service service, const Observation& observation) {
  ServiceEvidence evidence{.backend = observation.backend,
                           .starts_anew = observation.starts_anew[IndexOf(service)],
                           .downstream = DownstreamEvidence(service, observation)};
  if (const Probe* const probe = BestProbe(service, observation)) {
    evidence.reach = ReachOf(*probe);
    evidence.seen = SeenIn(*probe);
  }
  return evidence;
}

const Probe* BestLinkedProbe(const Observation& observation) {
  const Probe* best = nullptr;
  for (const Probe& probe : observation.probes) {
    if (probe.service != Service::kFrontend || probe.is_health) continue;
    if (best == nullptr || HopsIn(probe, observation) < HopsIn(*best, observation)) best = &probe;
  }
  return best;
}

LinkEvidence LinksIn(const Observation& observation) {
  LinkEvidence evidence{.backend = observation.backend};
  for (const Probe& probe : observation.probes) {
    if (probe.service == Service::kFrontend && !probe.is_health && ReachOf(probe) == Reach::kAnswers) {
      evidence.is_answered = true;
    }
  }
  for (const Service service : kServices) {
    if (!evidence.first_failing && EvidenceOf(service, observation).seen != Seen::kContinued) {
      evidence.first_failing = service;
    }
  }
  if (const Probe* const probe = BestLinkedProbe(observation)) {
    std::tie(evidence.to_backend, evidence.to_database) = HopsIn(*probe, observation);
  }
  return evidence;
}

}  // namespace spoor::learn
