#include "store/scan_pool.h"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace spoor {
namespace {

// One call of Run. Helpers that get to it when it is over find it closed.
struct Round {
  std::mutex mutex;
  std::condition_variable changed;
  const std::function<void()>* work = nullptr;
  int running = 0;
  bool closed = false;

  void Help() {
    {
      const std::lock_guard lock(mutex);
      if (closed) return;
      ++running;
    }
    (*work)();
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }
  void Close() {
    std::unique_lock lock(mutex);
    closed = true;
    changed.wait(lock, [this] { return running == 0; });
  }
};

}  // namespace

void ScanPool::Run(const std::function<void()>& work) {
  const auto round = std::make_shared<Round>();
  round->work = &work;
  for (int i = 0; i < helpers_; ++i) {
    if (!pool_.Submit([round] { round->Help(); })) break;
  }
  work();
  round->Close();
}

}  // namespace spoor
