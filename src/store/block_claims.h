// BlockClaims: which blocks somebody is about to take off the shelf: to remove them, or to put another one in their
// place. So that two never do it at the same time, and nobody has to wait for the other's disk.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>

#include <boost/unordered/unordered_flat_set.hpp>

namespace spoor {

// Thread-safe.
class BlockClaims {
 public:
  // False, and nothing is claimed, where somebody has claimed one of them.
  bool TryClaim(std::span<const uint64_t> ids);
  void Release(std::span<const uint64_t> ids);

 private:
  std::mutex mutex_;
  boost::unordered_flat_set<uint64_t> claimed_;
};

}  // namespace spoor
