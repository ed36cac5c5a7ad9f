#include "store/block_claims.h"

#include <algorithm>

namespace spoor {

bool BlockClaims::TryClaim(std::span<const uint64_t> ids) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::any_of(ids, [&](uint64_t id) { return claimed_.contains(id); })) return false;
  claimed_.insert(ids.begin(), ids.end());
  return true;
}

void BlockClaims::Release(std::span<const uint64_t> ids) {
  const std::lock_guard lock(mutex_);
  for (const uint64_t id : ids) claimed_.erase(id);
}

}  // namespace spoor
