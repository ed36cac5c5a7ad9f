#include "store/service_sets.h"

#include <algorithm>

namespace spoor {
namespace {

uint64_t HashOf(std::span<const uint32_t> services) {
  uint64_t hash = services.size();
  for (const uint32_t service : services) {
    hash = (hash ^ service) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

uint32_t ServiceSets::Intern(std::vector<uint32_t>& services) {
  std::ranges::sort(services);
  for (uint64_t hash = HashOf(services);; ++hash) {
    const auto [found, is_new] = set_of_hash_.try_emplace(hash, size());
    if (!is_new && !std::ranges::equal((*this)[found->second], services)) continue;
    if (is_new) {
      members_.insert(members_.end(), services.begin(), services.end());
      begin_.push_back(static_cast<uint32_t>(members_.size()));
    }
    return found->second;
  }
}

void ServiceSets::ShrinkToFit() {
  set_of_hash_ = {};
  begin_.shrink_to_fit();
  members_.shrink_to_fit();
}

}  // namespace spoor
