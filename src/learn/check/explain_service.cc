// Explain: the checks of one service, and of the backend.
#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "learn/check/explain.h"

namespace spoor::learn {
namespace {

// What the sentences are made of.
class Words {
 public:
  Words(Service service, const Observation& observation, const CheckSettings& settings)
      : service_(service), observation_(observation), settings_(settings) {}

  Explanation Of(Finding finding) const;

 private:
  std::string_view Name() const { return NameOf(service_); }
  std::string_view Next() const { return NameOf(*DownstreamOf(service_)); }
  std::string Url() const { return settings_.services[IndexOf(service_)].Text(); }
  const Probe& Asked() const { return *BestProbe(service_, observation_); }
  std::string Request() const { return "GET " + Url() + Asked().path; }
  std::string WaitText() const { return fmt::format("{:g} s", settings_.wait.count() / 1000.0); }

  Explanation Down() const;
  Explanation Silent() const;
  Explanation NotHttp() const;
  Explanation OddStatus() const;
  Explanation BackendNoReply() const;
  Explanation BackendStrange() const;
  Explanation BackendFailing() const;
  Explanation ClockOff() const;
  Explanation WrongName() const;
  Explanation OnlyForwards() const;
  Explanation Headless() const;
  Explanation NotExported() const;
  Explanation HeaderNotRead() const;
  Explanation NotTraced() const;
  Explanation NotSampled() const;
  Explanation NothingSeen() const;
  Explanation NothingSeenAtEnd() const;

  std::string StartAdvice() const {
    return fmt::format("trace::StartTracing(\"{}\") at the start of main in C++, the SDK's set-up elsewhere", Name());
  }
  std::string EndpointAdvice() const {
    return fmt::format(
        "OTEL_EXPORTER_OTLP_ENDPOINT has to name the address where {} takes OTLP, for example "
        "http://localhost:4318",
        BackendName(observation_));
  }
  // Where spans of strangers came at the same time.
  void AddOtherNames(Explanation& explanation) const {
    if (observation_.other_names.empty()) return;
    explanation.causes.push_back(fmt::format("It goes by another name: at the same time spans of {} arrived.",
                                             fmt::join(observation_.other_names, ", ")));
  }

  const Service service_;
  const Observation& observation_;
  const CheckSettings& settings_;
};

Explanation Words::Down() const {
  return {fmt::format("{} does not answer at {}: {}.", Name(), Url(), Asked().outcome.message),
          {"It is not running, or it has ended: its log says why.", "It listens on another port or host."},
          fmt::format("Start it, or say where it is with {}.", UrlFlagOf(settings_, service_))};
}

Explanation Words::Silent() const {
  Explanation told{fmt::format("{} does not answer {}: {}.", Name(), Request(), Asked().outcome.message), {}, {}};
  if (const auto next = DownstreamOf(service_)) {
    const Probe* const behind = BestProbe(*next, observation_);
    if (behind != nullptr && !behind->outcome.IsAnswered()) {
      told.causes.push_back(fmt::format("It waits for {}, which does not answer either: look there first.", Next()));
    }
  }
  told.causes.push_back("It hangs: the work of a request never ends, or all its threads are busy.");
  told.fix = fmt::format("Ask it yourself (curl -i {}{}) and look at its log.", Url(), Asked().path);
  return told;
}

Explanation Words::NotHttp() const {
  return {fmt::format("At {} something answers, but not with HTTP, so it is not {}.", Url(), Name()),
          {"Another program has taken that port.", "The service speaks HTTPS, which is not spoken here."},
          fmt::format("See who listens there (ss -ltnp), or say where {} is with {}.", Name(),
                      UrlFlagOf(settings_, service_))};
}

Explanation Words::OddStatus() const {
  Explanation told{
      fmt::format("{} is answered with status {} and leaves no span of {}.", Request(), Asked().outcome.status, Name()),
      {fmt::format("Something else is on that port: it does not know {}.", Asked().path),
       fmt::format("{} is there but lacks that endpoint.", Name())},
      fmt::format("Look at {} in a browser; say where {} is with {}.", Url(), Name(), UrlFlagOf(settings_, service_))};
  if (const std::string other = OtherNameIn(Asked()); !other.empty()) {
    told.causes.front() = fmt::format("It is {} that answers there: it left a span.", other);
  }
  return told;
}

Explanation Words::BackendNoReply() const {
  return {fmt::format("The tracing backend at {} does not answer: {}.", settings_.query.Text(),
                      observation_.backend_message),
          {"It is not running.", "Its query API is at another address."},
          "Start it (spoor serve, ./dev run or spoor challenge up), or say where it is with --query-url."};
}

Explanation Words::BackendStrange() const {
  return {fmt::format("At {} no tracing backend answers with Jaeger's query API: {}.", settings_.query.Text(),
                      observation_.backend_message),
          {"Another program has that port.", "The API is below a path, as in http://host/jaeger."},
          "Open that address in a browser to see what it is, and say the right one with --query-url."};
}

Explanation Words::BackendFailing() const {
  return {fmt::format("The tracing backend at {} cannot answer now: {}.", settings_.query.Text(),
                      observation_.backend_message),
          {"It is starting, or it has too much to do."},
          "Look at its log, wait a moment and check again."};
}

Explanation Words::ClockOff() const {
  return {fmt::format("A span of {} continues the request, but says that it began at quite another time.", Name()),
          {fmt::format("The clock of the machine or container of {} is wrong.", Name()),
           "The span's start is set by hand, in the wrong unit."},
          "Set the clock by the network (NTP); leave the start of spans to the SDK."};
}

Explanation Words::WrongName() const {
  const std::string other = OtherNameIn(Asked());
  Explanation told{
      fmt::format("The span of the request arrived under the service name \"{}\" in place of \"{}\".", other, Name()),
      {},
      {}};
  if (other.empty() || other.starts_with("unknown_service")) {
    told.causes.push_back("No name was given: SDKs then make one up.");
  } else {
    told.causes.push_back(
        fmt::format("OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES says \"{}\": they beat what the code says.", other));
    told.causes.push_back(
        fmt::format("The code says so: StartTracing(\"{}\"), or service.name in its resource.", other));
  }
  told.fix =
      fmt::format("Name it {0}: StartTracing(\"{0}\") in C++, or OTEL_SERVICE_NAME={0} in any language.", Name());
  return told;
}

Explanation Words::OnlyForwards() const {
  return {fmt::format("No span of {}: what it calls hangs directly below the context that {} itself was sent.", Name(),
                      Name()),
          {fmt::format("{} has no tracing, and hands the traceparent header through as it came.", Name()),
           "Its SDK is switched off (OTEL_SDK_DISABLED=true): contexts still pass."},
          fmt::format("Start tracing in it ({}), make a span for every request that comes in, and send that span's "
                      "context along.",
                      StartAdvice())};
}

Explanation Words::Headless() const {
  return {fmt::format("Spans of {} are in the trace, but not the one of the request itself, which they stand below.",
                      Name()),
          {"The server's span is never ended, so it is never sent.",
           fmt::format("It is ended so late that it had not arrived after {}.", WaitText())},
          "End the server's span when the answer is sent: a span that is local to the handler does so by itself."};
}

Explanation Words::NotExported() const {
  return {
      fmt::format("No span of {} arrived, though it makes some: what it calls stands below a span that is not there.",
                  Name()),
      {"Its exporter sends to the wrong address (OTEL_EXPORTER_OTLP_ENDPOINT), or to none "
       "(OTEL_TRACES_EXPORTER=none).",
       fmt::format("Its spans are not sent yet: its batches wait longer than {} (OTEL_BSP_SCHEDULE_DELAY).",
                   WaitText())},
      fmt::format("{}. Its log says what it could not send.", EndpointAdvice())};
}

Explanation Words::HeaderNotRead() const {
  return {
      fmt::format("Spans of {} arrive, but in traces of their own: it does not continue the trace that a request "
                  "brings along.",
                  Name()),
      {"The span of a request is not made from its headers, so traceparent is not read.",
       "OTEL_PROPAGATORS is none, or leaves tracecontext out.",
       "Its sampler keeps only a part (OTEL_TRACES_SAMPLER=traceidratio), and not this one."},
      "Make a span of every request that comes in, from its headers: server.Wrap(web::TraceRequests(kTracer)) in the "
      "challenge's C++, trace::ServerSpanOf in other, the framework's instrumentation elsewhere. Leave "
      "OTEL_PROPAGATORS alone."};
}

Explanation Words::NotTraced() const {
  Explanation told{
      fmt::format("No span of {} arrived, and it passes no context on: {} began traces of its own.", Name(), Next()),
      {fmt::format("Tracing is not started in {}, or only after its server and client were made.", Name()),
       "It is switched off: OTEL_SDK_DISABLED=true, or the instrumentation is not loaded."},
      fmt::format("Start tracing first: {}. Then a span for every request that comes in.", StartAdvice())};
  AddOtherNames(told);
  return told;
}

Explanation Words::NotSampled() const {
  return {fmt::format("No span of {} arrived, and {}, which records what it is asked directly, recorded nothing of its "
                      "calls either: they said that nothing is to be recorded.",
                      Name(), Next()),
          {"Its sampler drops everything: OTEL_TRACES_SAMPLER is always_off, or a ratio of 0.",
           fmt::format("It does not call the {} at {} at all.", Next(),
                       settings_.services[IndexOf(*DownstreamOf(service_))].Text())},
          "Unset OTEL_TRACES_SAMPLER, or say parentbased_always_on, and start it again."};
}

Explanation Words::NothingSeen() const {
  Explanation told{fmt::format("No span of {} arrived, in no trace.", Name()),
                   {fmt::format("Tracing is not started in {}.", Name()),
                    "Its exporter sends to another address (OTEL_EXPORTER_OTLP_ENDPOINT).",
                    "Its sampler drops everything (OTEL_TRACES_SAMPLER=always_off)."},
                   fmt::format("Start it with OTEL_TRACES_EXPORTER=console and send it a request: where spans are "
                               "printed, the address is wrong ({}); where none are, begin with {}.",
                               EndpointAdvice(), StartAdvice())};
  AddOtherNames(told);
  return told;
}

Explanation Words::NothingSeenAtEnd() const {
  Explanation told = NothingSeen();
  told.missing = fmt::format("No span of {} arrived, in no trace, and nobody behind it can tell why.", Name());
  return told;
}

Explanation Words::Of(Finding finding) const {
  switch (finding) {
    case Finding::kTraced: break;
    case Finding::kDown: return Down();
    case Finding::kSilent: return Silent();
    case Finding::kNotHttp: return NotHttp();
    case Finding::kOddStatus: return OddStatus();
    case Finding::kBackendNoReply: return BackendNoReply();
    case Finding::kBackendStrange: return BackendStrange();
    case Finding::kBackendFailing: return BackendFailing();
    case Finding::kClockOff: return ClockOff();
    case Finding::kWrongName: return WrongName();
    case Finding::kOnlyForwards: return OnlyForwards();
    case Finding::kHeadless: return Headless();
    case Finding::kNotExported: return NotExported();
    case Finding::kHeaderNotRead: return HeaderNotRead();
    case Finding::kNotTraced: return NotTraced();
    case Finding::kNotSampled: return NotSampled();
    case Finding::kNothingSeen: return NothingSeen();
    case Finding::kNothingSeenAtEnd: return NothingSeenAtEnd();
  }
  SPOOR_CHECK(false);
}

}  // namespace

Explanation Explain(Finding finding, Service service, const Observation& observation, const CheckSettings& settings) {
  return Words(service, observation, settings).Of(finding);
}

std::string BackendName(const Observation& observation) {
  return observation.is_spoor ? "Spoor" : "the tracing backend";
}

}  // namespace spoor::learn
