// DistinctValues: the different values of a column and, for each cell, which of them it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spoor {

// One thread's at a time; reused from column to column, so that once warm it allocates nothing.
class DistinctValues {
 public:
  // Looks at all of `values`, which lie between `min` and `max`. False, as soon as it is clear, where more than `limit`
  // of them differ.
  bool Collect(std::span<const uint64_t> values, uint64_t min, uint64_t max, size_t limit);
  // Whether values so far apart are collected in a pass or two, without a table that is searched.
  static constexpr bool IsCheap(uint64_t min, uint64_t max) { return max - min < kBits; }

  // After a Collect that was true: the values, ascending, and for each cell its index in them.
  std::span<const uint64_t> values() const { return sorted_; }
  std::span<const uint64_t> indices() const { return indices_; }

 private:
  static constexpr size_t kBits = size_t{1} << 16;

  struct Slot {
    uint64_t value = 0;
    uint32_t generation = 0;
    uint32_t index = 0;
  };
  void Prepare(size_t limit);
  // The index of `value` by first occurrence.
  uint32_t Index(uint64_t value);
  void SortByValue();
  // Collect for values that are close together: a set of bits, in which the rank of a value is counted.
  bool CollectBits(std::span<const uint64_t> values, uint64_t min, uint64_t max, size_t limit);

  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  uint32_t generation_ = 0;
  std::vector<uint64_t> found_;  // by first occurrence
  std::vector<uint64_t> sorted_, indices_;
  std::vector<uint32_t> order_, rank_;
  std::vector<uint64_t> bits_;         // of value - min
  std::vector<uint32_t> rank_before_;  // how many bits are set before each word
};

}  // namespace spoor
