// StopSignals: turns SIGTERM and SIGINT into a stop that everything can wait for.
#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

namespace spoor {

// One at a time, made before any other thread, so that all have the signals blocked. The first signal requests the
// stop. One that comes at least a second later ends the process at once; sooner, it is the same one, which a shell, a
// terminal or timeout(1) may deliver twice.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t signals_;
  std::stop_source stop_;
  std::thread waiter_;
};

}  // namespace spoor
