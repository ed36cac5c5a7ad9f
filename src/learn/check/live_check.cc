#include "learn/check/live_check.h"

#include <utility>

#include "base/limits.h"

namespace spoor::learn {
namespace {

Error Stopped() { return Error(Code::kCancelled, "the server is stopping"); }

}  // namespace

LiveCheck::LiveCheck(Run run) : run_(std::move(run)), thread_([this](const std::stop_token& stop) { Work(stop); }) {}

LiveCheck::~LiveCheck() { Stop(); }

void LiveCheck::Ask(Done done) {
  std::unique_lock lock(mutex_);
  if (!is_stopping_ && askers_.size() < limits::kCheckAskersMax) {
    askers_.push_back(std::move(done));
    asked_.notify_one();
    return;
  }
  const bool is_stopping = is_stopping_;
  lock.unlock();
  done(is_stopping ? Stopped() : Busy("many wait for the check that is under way: retry in a moment"));
}

void LiveCheck::Stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void LiveCheck::Work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (asked_.wait(lock, stop, [this] { return !askers_.empty(); })) {
    lock.unlock();
    Result<std::string> result = stop.stop_requested() ? Result<std::string>(Stopped()) : run_(stop);
    if (stop.stop_requested()) result = Stopped();
    lock.lock();
    std::vector<Done> askers = std::exchange(askers_, {});
    lock.unlock();
    for (const Done& done : askers) done(result);
    lock.lock();
  }
}

}  // namespace spoor::learn
