// Explain: the checks that look at all three services.
#include <fmt/format.h>

#include "base/check.h"
#include "learn/check/explain.h"

namespace spoor::learn {
namespace {

int TaskOf(Service service) { return static_cast<int>(IndexOf(service)) + 1; }

Explanation OfService(Service service, const Observation& observation, const CheckSettings& settings) {
  return Explain(Diagnose(EvidenceOf(service, observation)), service, observation, settings);
}

// The variable that tells a service where the next one is.
std::string_view NextVariable(Service service) {
  return service == Service::kFrontend ? "BACKEND_URL" : "DATABASE_SERVICE_URL";
}

Explanation ServiceFirst(const Observation& observation, const CheckSettings& settings) {
  const Service service = *LinksIn(observation).first_failing;
  return {fmt::format("No trace goes through all three services: {} is missing.", NameOf(service)),
          {OfService(service, observation, settings).missing},
          fmt::format("Mend task {} first, then check again.", TaskOf(service))};
}

Explanation RequestsFail(const Observation& observation, const CheckSettings& settings) {
  const Probe& probe = *BestProbe(Service::kFrontend, observation);
  return {fmt::format("No request through the frontend succeeds (status {}), so no trace goes all the way.",
                      probe.outcome.status),
          {"The frontend does not reach the backend, or the backend not the database service: BACKEND_URL and "
           "DATABASE_SERVICE_URL say where they look."},
          fmt::format("Look at what it answers: curl -i {}{}", settings.services[0].Text(), probe.path)};
}

Explanation PassesNone(Service from, Service to) {
  return {
      fmt::format("The trace ends at {}: {} begins a trace of its own with every request that it gets from there.",
                  NameOf(from), NameOf(to)),
      {fmt::format("{} sends its requests without the traceparent header: its HTTP client is not traced.",
                   NameOf(from)),
       "The request is sent outside of the server's span, for example on another thread without its context."},
      fmt::format("In {}, make every call a span that sends its context along: client.Wrap(web::TraceCalls(kTracer)) "
                  "in the challenge's C++, trace::HttpClientSpan in other, the instrumentation of the HTTP client "
                  "elsewhere.",
                  NameOf(from))};
}

Explanation GoesAround(Service from, Service to) {
  return {
      fmt::format("{} is in the trace, but not below {}: both hang below the same caller.", NameOf(to), NameOf(from)),
      {fmt::format("{} copies the traceparent header that it got into the request that it sends.", NameOf(from))},
      fmt::format("In {}, send the context of its own current span in place of the header that came in.",
                  NameOf(from))};
}

Explanation Gap(Service from, Service to, const CheckSettings& settings) {
  return {fmt::format("{} is in the trace, but the span of {} that it stands below never arrived.", NameOf(to),
                      NameOf(from)),
          {fmt::format("The span around the call from {} to {} is not ended.", NameOf(from), NameOf(to)),
           fmt::format("It is dropped, or had not been sent after {:g} s: try --wait 30s.",
                       settings.wait.count() / 1000.0)},
          fmt::format("End the client's span in {} when the answer has been read.", NameOf(from))};
}

Explanation CallsElse(Service from, Service to, const CheckSettings& settings) {
  return {fmt::format("The trace ends at {}: {} is not in it, and has no other trace of that time either.",
                      NameOf(from), NameOf(to)),
          {fmt::format("{} calls another {} than the one at {} ({}).", NameOf(from), NameOf(to),
                       settings.services[IndexOf(to)].Text(), NextVariable(from)),
           fmt::format("{} passes the context on as not to be recorded: its sampler.", NameOf(from))},
          fmt::format("See where {} in {} leads, and that OTEL_TRACES_SAMPLER is not set.", NextVariable(from),
                      NameOf(from))};
}

// What is wrong with a service's /health, or nothing.
std::string HealthProblem(const Probe& probe, const CheckSettings& settings) {
  if (ReachOf(probe) == Reach::kAnswers) return {};
  const std::string what =
      probe.outcome.IsAnswered() ? fmt::format("status {}", probe.outcome.status) : probe.outcome.message;
  return fmt::format("{} ({}{}: {})", NameOf(probe.service), settings.services[IndexOf(probe.service)].Text(),
                     probe.path, what);
}

std::string HealthCause(const Probe& probe) {
  switch (ReachOf(probe)) {
    case Reach::kDown: return fmt::format("{} is not running, or listens elsewhere.", NameOf(probe.service));
    case Reach::kSilent: return fmt::format("{} hangs.", NameOf(probe.service));
    case Reach::kNotHttp:
    case Reach::kOddStatus:
      return fmt::format("Something else is on the port of {}: it does not know /health.", NameOf(probe.service));
    case Reach::kFails: return fmt::format("{} is not well: its log says why.", NameOf(probe.service));
    case Reach::kAnswers: break;
  }
  return {};
}

const Probe* UnansweredThroughFrontend(const Observation& observation) {
  for (const Probe& probe : observation.probes) {
    if (probe.service == Service::kFrontend && !probe.is_health && !probe.outcome.IsAnswered()) return &probe;
  }
  return nullptr;
}

}  // namespace

Explanation ExplainHealth(const Observation& observation, const CheckSettings& settings) {
  Explanation told;
  std::vector<std::string> problems;
  std::vector<std::string> flags;
  for (const Service service : kServices) {
    const Probe* const probe = HealthProbe(service, observation);
    if (probe == nullptr || ReachOf(*probe) == Reach::kAnswers) continue;
    problems.push_back(HealthProblem(*probe, settings));
    told.causes.push_back(HealthCause(*probe));
    flags.push_back(UrlFlagOf(settings, service));
  }
  told.missing = fmt::format("Not well: {}.", fmt::join(problems, ", "));
  told.fix = fmt::format("Start what is missing, or say where it is with {}.", fmt::join(flags, ", "));
  return told;
}

Explanation ExplainArrival(size_t arrived, size_t sent, const Observation& observation, const CheckSettings& settings) {
  const Finding finding = Diagnose(EvidenceOf(Service::kFrontend, observation));
  if (arrived == 0 && finding != Finding::kTraced) {
    Explanation own = Explain(finding, Service::kFrontend, observation, settings);
    if (finding >= Finding::kBackendNoReply && finding <= Finding::kBackendFailing) return own;
    return {
        fmt::format("Of {} requests through the frontend, none left a trace in {}.", sent, BackendName(observation)),
        {std::move(own.missing)},
        "Mend task 1 first, then check again."};
  }
  if (const Probe* const silent = UnansweredThroughFrontend(observation)) {
    return {fmt::format("Of {} requests through the frontend, {} left a trace in {}.", sent, arrived,
                        BackendName(observation)),
            {fmt::format("GET {}{} was not answered: {}.", settings.services[0].Text(), silent->path,
                         silent->outcome.message)},
            "See to it that all three services answer (task 4), then check again."};
  }
  return {fmt::format("Of {} requests through the frontend, only {} left a trace in {}.", sent, arrived,
                      BackendName(observation)),
          {"A sampler keeps only a part of the traces (OTEL_TRACES_SAMPLER, _ARG).",
           fmt::format("The others had not arrived after {:g} s.", settings.wait.count() / 1000.0),
           "Not every endpoint is traced."},
          "Unset OTEL_TRACES_SAMPLER, and give it more time with --wait 30s."};
}

Explanation ExplainLinks(LinkFinding finding, const Observation& observation, const CheckSettings& settings) {
  constexpr Service kF = Service::kFrontend, kB = Service::kBackend, kD = Service::kDatabase;
  switch (finding) {
    case LinkFinding::kLinked: break;
    case LinkFinding::kBackendNoReply: return Explain(Finding::kBackendNoReply, kF, observation, settings);
    case LinkFinding::kBackendStrange: return Explain(Finding::kBackendStrange, kF, observation, settings);
    case LinkFinding::kBackendFailing: return Explain(Finding::kBackendFailing, kF, observation, settings);
    case LinkFinding::kServiceFirst: return ServiceFirst(observation, settings);
    case LinkFinding::kRequestsFail: return RequestsFail(observation, settings);
    case LinkFinding::kFrontendPassesNone: return PassesNone(kF, kB);
    case LinkFinding::kFrontendGoesAround: return GoesAround(kF, kB);
    case LinkFinding::kFrontendGap: return Gap(kF, kB, settings);
    case LinkFinding::kFrontendCallsElse: return CallsElse(kF, kB, settings);
    case LinkFinding::kBackendPassesNone: return PassesNone(kB, kD);
    case LinkFinding::kBackendGoesAround: return GoesAround(kB, kD);
    case LinkFinding::kBackendGap: return Gap(kB, kD, settings);
    case LinkFinding::kBackendCallsElse: return CallsElse(kB, kD, settings);
  }
  SPOOR_CHECK(false);
}

}  // namespace spoor::learn
