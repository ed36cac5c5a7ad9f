// Stopping: lets whatever waits (made-up work, calls to other services) end early once the process is about to.
#pragma once

#include <chrono>
#include <functional>

namespace web {

// From now on nothing waits: what waits is woken. Thread-safe; only the first call counts.
void EndAllWaits();

// Waits that long, or until EndAllWaits. Thread-safe.
void WaitFor(std::chrono::microseconds time);

// While it lives, EndAllWaits calls `wake`, once, on another thread; at once where that has been called already.
class Wakeable {
 public:
  explicit Wakeable(std::function<void()> wake);
  ~Wakeable();  // a call that is under way is waited for
  Wakeable(const Wakeable&) = delete;
  Wakeable& operator=(const Wakeable&) = delete;

 private:
  friend void EndAllWaits();
  const std::function<void()> wake_;
};

}  // namespace web
