// ResidentGuard: says no to more memory while the process has as much as it may. A budget counts what requests and live
// spans were told to be; this looks at what they, and everything beside them, really are.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace spoor {

// Thread-safe. Costs next to nothing while little grows: it looks once for every few megabytes.
class ResidentGuard {
 public:
  // So much may grow between two looks.
  static constexpr size_t kLookEveryBytes = size_t{4} << 20;

  // `resident_bytes` tells the memory of the process, and `trim` gives back to the system what it does not use.
  ResidentGuard(size_t resident_bytes_max, std::function<size_t()> resident_bytes, std::function<void()> trim);
  // The same of this process.
  explicit ResidentGuard(size_t resident_bytes_max);

  // Whether somebody may take `more_bytes` more. Memory that is free but not given back counts for nobody: it is given
  // back first, at most once in a while.
  bool MayGrow(size_t more_bytes);

 private:
  bool Look();

  const size_t resident_bytes_max_;
  const std::function<size_t()> resident_bytes_;
  const std::function<void()> trim_;
  std::atomic<size_t> grown_bytes_{0};  // since the last look
  std::atomic<bool> is_over_{false};    // at the last look: then each asks anew
  std::atomic<int64_t> trim_due_ns_{0};
};

}  // namespace spoor
