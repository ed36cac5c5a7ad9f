#include "web/stopping.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

namespace web {
namespace {

std::mutex mutex;
std::condition_variable ended;
bool is_ended = false;          // guarded by mutex
std::set<Wakeable*> wakeables;  // guarded by mutex

}  // namespace

void EndAllWaits() {
  const std::lock_guard lock(mutex);
  if (std::exchange(is_ended, true)) return;
  ended.notify_all();
  for (Wakeable* wakeable : wakeables) wakeable->wake_();
}

void WaitFor(std::chrono::microseconds time) {
  std::unique_lock lock(mutex);
  ended.wait_for(lock, time, [] { return is_ended; });
}

Wakeable::Wakeable(std::function<void()> wake) : wake_(std::move(wake)) {
  const std::lock_guard lock(mutex);
  wakeables.insert(this);
  if (is_ended) wake_();
}

Wakeable::~Wakeable() {
  const std::lock_guard lock(mutex);
  wakeables.erase(this);
}

}  // namespace web
