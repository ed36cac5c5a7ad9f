// Sending the requests of a check, all at once, each with a trace context of its own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "learn/check/observation.h"
#include "learn/check/settings.h"

namespace spoor::learn {

// `digits` random hex digits, not all zero.
std::string RandomId(size_t digits);

// W3C's header for a sampled trace: "00-<trace id>-<span id>-01".
std::string TraceParent(const std::string& trace_id, const std::string& span_id);

// The requests that a check makes: data through the frontend and from each of the others, and the health of all. Of
// task 4 alone, only the last.
std::vector<Probe> MakeProbes(const CheckSettings& settings);

// Sends them when it is made, each on a thread of its own; its destructor waits for them. Thread-safe.
class ProbeSenders {
 public:
  // `settings` has to outlive it.
  ProbeSenders(std::vector<Probe> probes, const CheckSettings& settings, std::stop_token stop);

  // What is known by now: outcomes of those that have ended.
  std::vector<Probe> Now() const;
  // Waits until another one than those in `seen` has ended, for `time` at most.
  void WaitForMore(const std::vector<Probe>& seen, std::chrono::milliseconds time) const;

 private:
  void Send(size_t index, const CheckSettings& settings, const std::stop_token& stop);

  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  std::vector<Probe> probes_;  // guarded by mutex_
  std::vector<std::jthread> threads_;
};

}  // namespace spoor::learn
