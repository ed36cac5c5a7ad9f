#include "learn/check/checker.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/clock.h"
#include "learn/check/evidence.h"
#include "learn/check/probes.h"
#include "learn/check/six_checks.h"
#include "learn/check/trace_backend.h"

namespace spoor::learn {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kPollPeriod = std::chrono::milliseconds(150);
// Searches look at the time of the check and this much around it, for clocks that differ a little.
constexpr int64_t kWindowMargin_ns = int64_t{2} * 1'000'000'000;
constexpr size_t kOtherNamesMax = 5;        // that are searched for
constexpr size_t kOtherNamesKnownMax = 50;  // a fleet with more of them is not a learner's

class Check {
 public:
  Check(const CheckSettings& settings, const std::stop_token& stop)
      : settings_(settings),
        stop_(stop),
        backend_(settings.query, settings.patience, stop),
        began_ns_(SystemClock().WallNanos()) {}

  CheckReport Run() {
    {
      const ProbeSenders senders(MakeProbes(settings_), settings_, stop_);
      observation_.probes = senders.Now();
      if (settings_.task != 4) MeetBackend();
      Watch(senders);
    }
    if (Speaks() && !stop_.stop_requested()) {
      observation_.is_spoor = backend_.IsSpoor();
      SearchForReasons();
    }
    return MakeReport(observation_, settings_);
  }

 private:
  bool Speaks() const { return settings_.task != 4 && observation_.backend == BackendState::kSpeaks; }

  // Asking for a trace that nobody has tells whether it understands the question. Where nobody answers, or somebody
  // else, there is nothing to wait for; what happens later may pass.
  void MeetBackend() {
    Note(backend_.Trace(RandomId(32)));
    has_backend_ = observation_.backend == BackendState::kSpeaks || observation_.backend == BackendState::kFailing;
  }

  template <class T>
  void Note(const Replied<T>& replied) {
    observation_.backend = replied.state;
    observation_.backend_message = replied.message;
  }

  // Looks for the traces of all requests in turn, until nothing can change or the time is over.
  void Watch(const ProbeSenders& senders) {
    SteadyTime deadline = std::chrono::steady_clock::now() + settings_.wait;
    while (!stop_.stop_requested()) {
      if (Take(senders.Now())) deadline = std::chrono::steady_clock::now() + settings_.wait;
      if (has_backend_) Look();
      const bool all_ended = std::all_of(observation_.probes.begin(), observation_.probes.end(),
                                         [](const Probe& probe) { return probe.has_ended; });
      if (all_ended && (!has_backend_ || IsSettled(observation_, settings_))) return;
      if (all_ended && std::chrono::steady_clock::now() >= deadline) return;
      senders.WaitForMore(observation_.probes, kPollPeriod);
    }
  }

  // Whether a service has answered since.
  bool Take(std::vector<Probe> now) {
    bool has_answered = false;
    for (size_t i = 0; i < now.size(); ++i) {
      Probe& probe = observation_.probes[i];
      if (probe.has_ended || !now[i].has_ended) continue;
      has_answered |= now[i].outcome.IsAnswered();
      now[i].trace = std::move(probe.trace);
      probe = std::move(now[i]);
    }
    return has_answered;
  }

  void Look() {
    for (Probe& probe : observation_.probes) {
      if (!probe.has_ended || ReachOf(probe) == Reach::kDown || ReachOf(probe) == Reach::kNotHttp) continue;
      if (stop_.stop_requested()) return;
      Replied<SeenSpans> replied = backend_.Trace(probe.trace_id);
      Note(replied);
      if (replied.state != BackendState::kSpeaks) return;
      probe.trace = SeenTrace(std::move(replied.value));
    }
  }

  // What other traces of the same time tell of a service that is not in its own.
  void SearchForReasons() {
    const auto results = Judge(observation_, settings_);
    if (std::all_of(results.begin(), results.end(), [](const TaskResult& result) { return result.passed; })) return;
    for (const Service service : kServices) {
      observation_.starts_anew[IndexOf(service)] = StartsAnew(std::string(NameOf(service)));
    }
    const bool any_missing = std::any_of(kServices.begin(), kServices.end(), [&](Service service) {
      return EvidenceOf(service, observation_).seen == Seen::kNothing;
    });
    if (any_missing) FindOtherNames();
  }

  // Whether a span of it stands at the top of a trace that is none of ours.
  bool StartsAnew(const std::string& name) {
    const int64_t end_ns = SystemClock().WallNanos() + kWindowMargin_ns;
    const Replied<SeenSpans> replied = backend_.TracesOf(name, began_ns_ - kWindowMargin_ns, end_ns);
    return std::any_of(replied.value.begin(), replied.value.end(), [&](const SeenSpan& span) {
      const bool is_data = span.path.empty() || ServiceServing(span.path).has_value();  // no health checks
      return span.service == name && span.parent_id.empty() && is_data && !IsOurs(span.trace_id);
    });
  }

  bool IsOurs(const std::string& trace_id) const {
    return std::any_of(observation_.probes.begin(), observation_.probes.end(),
                       [&](const Probe& probe) { return probe.trace_id == trace_id; });
  }

  void FindOtherNames() {
    const Replied<std::vector<std::string>> known = backend_.Services();
    if (known.value.size() > kOtherNamesKnownMax) return;
    for (const std::string& name : known.value) {
      if (observation_.other_names.size() == kOtherNamesMax || stop_.stop_requested()) return;
      if (!ServiceNamed(name) && StartsAnew(name)) observation_.other_names.push_back(name);
    }
  }

  const CheckSettings& settings_;
  const std::stop_token& stop_;
  TraceBackend backend_;
  const int64_t began_ns_;
  bool has_backend_ = false;
  Observation observation_;
};

}  // namespace

CheckReport RunCheck(const CheckSettings& settings, const std::stop_token& stop) { return Check(settings, stop).Run(); }

}  // namespace spoor::learn
