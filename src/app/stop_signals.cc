#include "app/stop_signals.h"

#include <unistd.h>

#include <chrono>

#include "app/serve.h"

namespace spoor {
namespace {

constexpr int kQuit = SIGUSR1;  // from the destructor
constexpr auto kSameSignal = std::chrono::seconds(1);
constexpr int kExitBySecondSignal = 130;

}  // namespace

StopSignals::StopSignals() {
  BlockSignals();
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, kQuit);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  waiter_ = std::thread([this] {
    int signal = 0;
    std::chrono::steady_clock::time_point first;
    while (sigwait(&signals_, &signal) == 0 && signal != kQuit) {
      const auto now = std::chrono::steady_clock::now();
      if (stop_.request_stop()) {
        first = now;
      } else if (now - first >= kSameSignal) {
        _exit(kExitBySecondSignal);
      }
    }
  });
}

StopSignals::~StopSignals() {
  pthread_kill(waiter_.native_handle(), kQuit);
  waiter_.join();
}

}  // namespace spoor
