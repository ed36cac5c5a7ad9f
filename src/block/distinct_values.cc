#include "block/distinct_values.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace spoor {
namespace {

// After this many cells a column that is mostly distinct so far is given up.
constexpr size_t kSampleCells = 1024;
constexpr size_t kSampleDistinctMax = 640;

}  // namespace

void DistinctValues::Prepare(size_t limit) {
  const size_t size = std::bit_ceil(std::max<size_t>(64, 2 * limit + 2));
  if (slots_.size() < size) {
    slots_.assign(size, Slot{});
    generation_ = 0;
  }
  if (++generation_ == 0) {
    std::ranges::fill(slots_, Slot{});
    generation_ = 1;
  }
  mask_ = size - 1;
  found_.clear();
}

uint32_t DistinctValues::Index(uint64_t value) {
  uint64_t at = (value * 0x9E3779B97F4A7C15ull) >> 20 & mask_;
  while (slots_[at].generation == generation_) {
    if (slots_[at].value == value) return slots_[at].index;
    at = (at + 1) & mask_;
  }
  slots_[at] = {value, generation_, static_cast<uint32_t>(found_.size())};
  found_.push_back(value);
  return slots_[at].index;
}

bool DistinctValues::CollectBits(std::span<const uint64_t> values, uint64_t min, uint64_t max, size_t limit) {
  const size_t words = (max - min) / 64 + 1;
  bits_.assign(words, 0);
  for (const uint64_t value : values) bits_[(value - min) / 64] |= uint64_t{1} << ((value - min) % 64);
  rank_before_.resize(words);
  uint32_t rank = 0;
  for (size_t word = 0; word < words; ++word) {
    rank_before_[word] = rank;
    rank += static_cast<uint32_t>(std::popcount(bits_[word]));
  }
  if (rank > limit) return false;
  sorted_.clear();
  for (size_t word = 0; word < words; ++word) {
    for (uint64_t rest = bits_[word]; rest != 0; rest &= rest - 1) {
      sorted_.push_back(min + word * 64 + static_cast<uint64_t>(std::countr_zero(rest)));
    }
  }
  indices_.resize(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const uint64_t bit = values[i] - min;
    const uint64_t below = (uint64_t{1} << (bit % 64)) - 1;
    indices_[i] = rank_before_[bit / 64] + static_cast<uint32_t>(std::popcount(bits_[bit / 64] & below));
  }
  return true;
}

bool DistinctValues::Collect(std::span<const uint64_t> values, uint64_t min, uint64_t max, size_t limit) {
  if (IsCheap(min, max)) return CollectBits(values, min, max, limit);
  Prepare(limit);
  indices_.resize(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    indices_[i] = Index(values[i]);
    if (found_.size() > limit) return false;
    if (i == kSampleCells && found_.size() > kSampleDistinctMax) return false;
  }
  SortByValue();
  return true;
}

void DistinctValues::SortByValue() {
  order_.resize(found_.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::sort(order_, {}, [&](uint32_t i) { return found_[i]; });
  rank_.resize(found_.size());
  sorted_.resize(found_.size());
  for (uint32_t rank = 0; rank < order_.size(); ++rank) {
    rank_[order_[rank]] = rank;
    sorted_[rank] = found_[order_[rank]];
  }
  for (uint64_t& index : indices_) index = rank_[index];
}

}  // namespace spoor
