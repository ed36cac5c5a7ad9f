// SketchSum: adds up many sketches into one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "model/latency_sketch.h"

namespace spoor {

// A sketch at first, whose cells are merged with those that come. Where many come, that would cost each time what is
// there already, so it goes over to a table by octave and bucket. Not thread-safe.
class SketchSum {
 public:
  // As LatencySketch::AddCells.
  void AddCells(std::span<const uint16_t> buckets, std::span<const int32_t> counts, Int128 sum_ns);

  // The sum, whose memory is given away.
  LatencySketch Finish() &&;

 private:
  static constexpr int kMergesMax = 8;
  static constexpr size_t kOctave = size_t{1} << LatencySketch::kOctaveBits;
  using Octave = std::array<int64_t, kOctave>;
  struct Table {
    std::array<std::unique_ptr<Octave>, LatencySketch::kBucketCount / kOctave> octaves;
    Int128 sum_ns = 0;
  };

  void AddTo(uint16_t bucket, int64_t count);
  void MakeTable();

  LatencySketch sketch_;
  std::unique_ptr<Table> table_;
  int merges_ = 0;
};

}  // namespace spoor
