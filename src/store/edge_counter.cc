#include "store/edge_counter.h"

#include <algorithm>
#include <tuple>

namespace spoor {

uint32_t EdgeCounter::ServiceNumber(std::string_view name) {
  if (name.empty()) return 0;
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return known->second;
  const auto number = static_cast<uint32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), number);
  return number;
}

void EdgeCounter::Add(const EdgeCounter& other) {
  for (const auto& [pair, count] : other.calls_) {
    const uint32_t parent = ServiceNumber(other.names_[pair >> 32]);
    const uint32_t child = ServiceNumber(other.names_[pair & UINT32_MAX]);
    calls_[uint64_t{parent} << 32 | child] += count;
  }
}

std::vector<Dependency> EdgeCounter::Dependencies() const {
  std::vector<Dependency> dependencies;
  for (const auto& [pair, count] : calls_) {
    dependencies.push_back({names_[pair >> 32], names_[pair & UINT32_MAX], count});
  }
  std::sort(dependencies.begin(), dependencies.end(), [](const Dependency& a, const Dependency& b) {
    return std::tie(a.parent, a.child) < std::tie(b.parent, b.child);
  });
  return dependencies;
}

}  // namespace spoor
