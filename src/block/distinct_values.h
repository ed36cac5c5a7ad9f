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
  // Looks at all of `values`. False, as soon as it is clear, where more than `limit` of them differ.
  bool Collect(std::span<const uint64_t> values, size_t limit);

  // After a Collect that was true: the values, ascending, and for each cell its index in them.
  std::span<const uint64_t> values() const { return sorted_; }
  std::span<const uint64_t> indices() const { return indices_; }

 private:
  struct Slot {
    uint64_t value = 0;
    uint32_t generation = 0;
    uint32_t index = 0;
  };
  void Prepare(size_t limit);
  // The index of `value` by first occurrence.
  uint32_t Index(uint64_t value);
  void SortByValue();

  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  uint32_t generation_ = 0;
  std::vector<uint64_t> found_;  // by first occurrence
  std::vector<uint64_t> sorted_, indices_;
  std::vector<uint32_t> order_, rank_;
};

}  // namespace spoor
