// ServiceSets: which services traces have. Traces of a system have few different sets of them, so each set stands once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace spoor {

// Sets of service numbers, themselves numbered by first appearance. Not thread-safe while it grows.
class ServiceSets {
 public:
  uint32_t size() const { return static_cast<uint32_t>(begin_.size()) - 1; }
  // Ascending.
  std::span<const uint32_t> operator[](uint32_t set) const {
    return std::span(members_).subspan(begin_[set], begin_[set + 1] - begin_[set]);
  }
  size_t size_bytes() const { return (begin_.size() + members_.size()) * sizeof(uint32_t); }

  // The number of the set of `services`, which is sorted for that, and has no service twice.
  uint32_t Intern(std::vector<uint32_t>& services);
  // Gives back what only growing needs.
  void ShrinkToFit();

 private:
  std::vector<uint32_t> begin_{0};
  std::vector<uint32_t> members_;
  boost::unordered_flat_map<uint64_t, uint32_t>
      set_of_hash_;  // of several with one hash the later ones stand behind it
};

}  // namespace spoor
