// EdgeCounter: counts calls from service to service.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "plan/trace_store.h"

namespace spoor {

// Not thread-safe.
class EdgeCounter {
 public:
  // A number for a service's name; 0 for the empty one.
  uint32_t ServiceNumber(std::string_view name);

  // Calls within one service, and from or to none, do not count.
  void Add(uint32_t parent, uint32_t child) {
    if (parent != child && parent != 0 && child != 0) ++calls_[uint64_t{parent} << 32 | child];
  }

  // Takes in what another one has counted.
  void Add(const EdgeCounter& other);

  // By (parent, child).
  std::vector<Dependency> Dependencies() const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::vector<std::string> names_{""};
  boost::unordered_flat_map<std::string, uint32_t, TextHash, std::equal_to<>> numbers_;
  boost::unordered_flat_map<uint64_t, uint64_t> calls_;
};

}  // namespace spoor
