// A fixed set of threads with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace spoor {

// Thread-safe. Jobs run in the order in which they were taken, on any of the threads.
class WorkerPool {
 public:
  // `name` (at most 12 characters) is shown by the operating system's tools. `idle_priority`: runs only when nothing
  // else wants the processor. Without `threads`, jobs wait for RunOne.
  WorkerPool(std::string name, int threads, size_t queue_max, bool idle_priority = false);
  ~WorkerPool();  // Stop()

  // False where the queue is full or the pool is stopping; the job is not run then.
  [[nodiscard]] bool Submit(std::function<void()> job);
  // Runs the oldest job that waits on the caller's thread: how a simulation says what happens next. False without one.
  bool RunOne();
  // Takes nothing new, runs what is queued, joins.
  void Stop();
  size_t queue_length() const;

 private:
  void Run();

  const std::string name_;
  const size_t queue_max_;
  const bool idle_priority_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace spoor
