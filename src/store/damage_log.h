// DamageLog: tells of bytes on disk that are not what was written, each damaged place once.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/result.h"

namespace spoor {

// Thread-safe.
class DamageLog {
 public:
  // One line with the error's message, which names file and offset, and one count in the metrics; nothing where the
  // same was told before. Errors that are no damage (kCancelled, kNotFound, kBusy) are ignored.
  void Report(const Error& error);
  // How many places were told so far.
  uint64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  // Messages beyond this are logged each time: a disk that has this many holes is not in need of tidy logs.
  static constexpr size_t kToldMax = 4096;

  std::mutex mutex_;
  boost::unordered_flat_set<std::string> told_;
  std::atomic<uint64_t> count_{0};
};

}  // namespace spoor
