// For tests: observations of a check, begun as of three services that are traced as they should be.
#pragma once

#include <string>
#include <utility>

#include "learn/check/observation.h"
#include "learn/check/probes.h"
#include "learn/check/settings.h"

namespace spoor::learn {

inline constexpr int64_t kNow_ns = 1'700'000'000'000'000'000;

inline CheckSettings MadeSettings() {
  CheckSettings settings;
  settings.services = {Url{"localhost", "8080", ""}, Url{"localhost", "8081", ""}, Url{"localhost", "8082", ""}};
  settings.query = {"localhost", "16686", ""};
  return settings;
}

inline SeenSpan MadeSpan(std::string id, std::string parent, std::string_view service,
                         SpanKind kind = SpanKind::kServer, std::string path = {}) {
  return {.span_id = std::move(id),
          .parent_id = std::move(parent),
          .service = std::string(service),
          .path = std::move(path),
          .kind = kind,
          .start_ns = kNow_ns + 1};
}

// The spans of a request to `service` that went all the way: of each a server's, one of its own work, and a client's.
inline SeenSpans WholeTrace(const Probe& probe) {
  SeenSpans spans;
  std::string parent = probe.span_id;
  for (const Service service : kServices) {
    if (service < probe.service) continue;
    const std::string name(NameOf(service));
    spans.push_back(MadeSpan(name + "/server", parent, name));
    spans.push_back(MadeSpan(name + "/work", name + "/server", name, SpanKind::kInternal));
    if (service == Service::kDatabase || probe.is_health) break;
    spans.push_back(MadeSpan(name + "/client", name + "/work", name, SpanKind::kClient));
    parent = name + "/client";
  }
  return spans;
}

inline Observation WholeObservation() {
  Observation observation;
  observation.is_spoor = true;
  observation.probes = MakeProbes(MadeSettings());
  for (Probe& probe : observation.probes) {
    probe.has_ended = true;
    probe.outcome = {HttpEnd::kAnswered, 200, "{}", {}};
    probe.sent_ns = kNow_ns;
    probe.ended_ns = kNow_ns + 1'000'000;
    probe.trace = SeenTrace(WholeTrace(probe));
  }
  return observation;
}

// Replaces the trace of every probe, health or not, of `service` (or of all) by what `change` makes of its spans.
template <class Change>
void ChangeTraces(Observation& observation, Change change) {
  for (Probe& probe : observation.probes) {
    SeenSpans spans = probe.trace.spans();
    change(probe, spans);
    probe.trace = SeenTrace(std::move(spans));
  }
}

inline void Drop(Observation& observation, std::string_view service) {
  ChangeTraces(observation, [&](const Probe&, SeenSpans& spans) {
    std::erase_if(spans, [&](const SeenSpan& span) { return span.service == service; });
  });
}

}  // namespace spoor::learn
