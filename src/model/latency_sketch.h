// LatencySketch: how long many things took, small enough to keep for every minute and exact to within 1 %: a histogram
// whose buckets grow with the durations. Below 128 ns each duration has a bucket of its own; from there on every octave
// (2^e up to 2^(e+1)) is cut into 64 buckets of the same width, so that a bucket's middle is at most 1/128 away from
// anything in it (the layout of HdrHistogram, http://hdrhistogram.org, with 6 bits). Buckets are numbered the same
// everywhere, so sketches of different times and places can be added and subtracted without any loss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace spoor {

// Wide enough for the sum of any number of 64-bit durations that can be stored.
using Int128 = __int128;

// Counts are signed: the sketch of a difference may have fewer than none of something. Not thread-safe.
class LatencySketch {
 public:
  static constexpr int kOctaveBits = 6;
  static constexpr uint16_t kBucketCount = (64 - kOctaveBits + 1) << kOctaveBits;

  struct Cell {
    uint16_t bucket = 0;
    int64_t count = 0;  // never 0
    bool operator==(const Cell&) const = default;
  };

  LatencySketch() = default;
  // REQUIRES cells that ascend by bucket, none of them 0.
  LatencySketch(std::vector<Cell> cells, Int128 sum_ns) : cells_(std::move(cells)), sum_ns_(sum_ns) {}

  // Buckets ascend with what they hold.
  static uint16_t BucketOf(uint64_t duration_ns);
  // The shortest and the longest duration of a bucket, and the one that stands for all of them.
  static uint64_t BucketMinNs(uint16_t bucket);
  static uint64_t BucketMaxNs(uint16_t bucket);
  static uint64_t BucketMiddleNs(uint16_t bucket);

  void Add(uint64_t duration_ns, int64_t times = 1);
  void Add(const LatencySketch& other);
  // Adds cells that ascend by bucket, one for each, and the sum of what they count.
  void AddCells(std::span<const uint16_t> buckets, std::span<const int32_t> counts, Int128 sum_ns);

  bool empty() const { return cells_.empty(); }
  // Exact, as is the sum.
  int64_t count() const;
  Int128 sum_ns() const { return sum_ns_; }

  // The duration at place ceil(q n) of all n in ascending order, within 1 %; q is in thousandths (500 is the median),
  // from 1 to 1000. 0 where nothing was counted.
  uint64_t QuantileNs(int thousandths) const;

  // Ascending by bucket.
  std::span<const Cell> cells() const { return cells_; }

  bool operator==(const LatencySketch&) const = default;

 private:
  // Merges `count` cells, where cell(i) is the i-th of them.
  template <class CellAt>
  void Merge(size_t count, const CellAt& cell);

  std::vector<Cell> cells_;
  Int128 sum_ns_ = 0;
};

}  // namespace spoor
