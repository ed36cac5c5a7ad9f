// LiveCheck: has the check run for those who ask, one run at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace spoor::learn {

// On a thread of its own, which sleeps while nobody asks. Whoever asks while a run is under way gets the result of that
// run. Thread-safe.
class LiveCheck {
 public:
  // What one run is: its result as JSON. Has to end soon after a stop.
  using Run = std::function<std::string(const std::stop_token&)>;
  // Called once, from the thread of the check or, where it is refused, at once from the one that asks.
  using Done = std::function<void(Result<std::string>)>;

  explicit LiveCheck(Run run);
  ~LiveCheck();  // Stop()

  // kBusy where too many wait already, kCancelled once it stops.
  void Ask(Done done);

  // Ends the run that is under way; who waits for it is told kCancelled. Returns when all have been told.
  void Stop();

 private:
  void Work(const std::stop_token& stop);

  const Run run_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::vector<Done> askers_;  // guarded by mutex_
  bool is_stopping_ = false;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace spoor::learn
