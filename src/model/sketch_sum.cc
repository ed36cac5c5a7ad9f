#include "model/sketch_sum.h"

#include <utility>
#include <vector>

namespace spoor {

void SketchSum::AddCells(std::span<const uint16_t> buckets, std::span<const int32_t> counts, Int128 sum_ns) {
  if (table_ == nullptr && ++merges_ <= kMergesMax) return sketch_.AddCells(buckets, counts, sum_ns);
  if (table_ == nullptr) MakeTable();
  for (size_t i = 0; i < buckets.size(); ++i) AddTo(buckets[i], counts[i]);
  table_->sum_ns += sum_ns;
}

void SketchSum::AddTo(uint16_t bucket, int64_t count) {
  std::unique_ptr<Octave>& octave = table_->octaves[bucket / kOctave];
  if (octave == nullptr) octave = std::make_unique<Octave>();
  (*octave)[bucket % kOctave] += count;
}

void SketchSum::MakeTable() {
  table_ = std::make_unique<Table>();
  for (const LatencySketch::Cell& cell : sketch_.cells()) AddTo(cell.bucket, cell.count);
  table_->sum_ns = sketch_.sum_ns();
  sketch_ = LatencySketch();
}

LatencySketch SketchSum::Finish() && {
  if (table_ == nullptr) return std::move(sketch_);
  std::vector<LatencySketch::Cell> cells;
  for (size_t octave = 0; octave < table_->octaves.size(); ++octave) {
    if (table_->octaves[octave] == nullptr) continue;
    for (size_t i = 0; i < kOctave; ++i) {
      const int64_t count = (*table_->octaves[octave])[i];
      if (count != 0) cells.push_back({static_cast<uint16_t>(octave * kOctave + i), count});
    }
  }
  return LatencySketch(std::move(cells), table_->sum_ns);
}

}  // namespace spoor
