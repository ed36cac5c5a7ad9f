// FsyncProbe: what a bare write and fdatasync cost on the same disk while something else is measured.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace spoor::bench {

// A thread of its own that appends `bytes` to a file of `folder` and syncs it, again and again with a pause between,
// until it is stopped.
class FsyncProbe {
 public:
  using Clock = std::chrono::steady_clock;
  struct Sync {
    Clock::time_point begin, end;
    double ms() const { return std::chrono::duration<double, std::milli>(end - begin).count(); }
  };

  FsyncProbe(const std::string& folder, size_t bytes);
  ~FsyncProbe();  // Stop()
  FsyncProbe(const FsyncProbe&) = delete;
  FsyncProbe& operator=(const FsyncProbe&) = delete;

  // All of them, in order.
  const std::vector<Sync>& Stop();
  // After Stop: how long the longest sync lasted that was under way between two moments; 0 where none was.
  double LongestBetween(Clock::time_point begin, Clock::time_point end) const;

 private:
  void Run(size_t bytes);

  std::string path_;
  int fd_ = -1;
  std::atomic<bool> stopping_{false};
  std::vector<Sync> syncs_;
  std::thread thread_;
};

}  // namespace spoor::bench
