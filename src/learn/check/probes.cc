#include "learn/check/probes.h"

#include <algorithm>
#include <random>

#include "base/clock.h"

namespace spoor::learn {
namespace {

size_t EndedIn(const std::vector<Probe>& probes) {
  return static_cast<size_t>(
      std::count_if(probes.begin(), probes.end(), [](const Probe& probe) { return probe.has_ended; }));
}

}  // namespace

std::string RandomId(size_t digits) {
  std::random_device random;
  std::string id;
  while (id.size() < digits || id.find_first_not_of('0') == std::string::npos) {
    if (id.size() >= digits) id.clear();
    id.push_back("0123456789abcdef"[random() & 15]);
  }
  return id;
}

std::string TraceParent(const std::string& trace_id, const std::string& span_id) {
  return "00-" + trace_id + "-" + span_id + "-01";
}

std::vector<Probe> MakeProbes(const CheckSettings& settings) {
  std::vector<Probe> probes;
  const auto add = [&](Service service, std::string path, bool is_health) {
    probes.push_back({.service = service,
                      .path = std::move(path),
                      .trace_id = RandomId(32),
                      .span_id = RandomId(16),
                      .is_health = is_health});
  };
  if (settings.task != 4) {
    for (const char* const path : {"/api/users", "/api/orders", "/api/products"}) add(Service::kFrontend, path, false);
    add(Service::kBackend, "/users", false);
    add(Service::kDatabase, "/db/users", false);
  }
  for (const Service service : kServices) add(service, "/health", true);
  return probes;
}

ProbeSenders::ProbeSenders(std::vector<Probe> probes, const CheckSettings& settings, std::stop_token stop)
    : probes_(std::move(probes)) {
  const size_t count = probes_.size();
  for (size_t i = 0; i < count; ++i) threads_.emplace_back([=, this, &settings] { Send(i, settings, stop); });
}

void ProbeSenders::Send(size_t index, const CheckSettings& settings, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const Probe probe = probes_[index];
  lock.unlock();
  const HttpHeaders headers{{"traceparent", TraceParent(probe.trace_id, probe.span_id)}};
  const int64_t sent_ns = SystemClock().WallNanos();
  HttpOutcome outcome =
      HttpGet(settings.services[IndexOf(probe.service)], probe.path, headers, settings.patience, stop);
  lock.lock();
  Probe& ended = probes_[index];
  ended.outcome = std::move(outcome);
  ended.sent_ns = sent_ns;
  ended.ended_ns = SystemClock().WallNanos();
  ended.has_ended = true;
  ended_.notify_all();
}

std::vector<Probe> ProbeSenders::Now() const {
  const std::lock_guard lock(mutex_);
  return probes_;
}

void ProbeSenders::WaitForMore(const std::vector<Probe>& seen, std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, time, [&] { return EndedIn(probes_) > EndedIn(seen); });
}

}  // namespace spoor::learn
