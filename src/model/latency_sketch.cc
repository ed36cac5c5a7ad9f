#include "model/latency_sketch.h"

#include <algorithm>
#include <bit>

namespace spoor {
namespace {

constexpr uint16_t kOctave = 1 << LatencySketch::kOctaveBits;

// How many times a bucket's width is doubled.
int ShiftOf(uint16_t bucket) { return bucket < 2 * kOctave ? 0 : bucket / kOctave - 1; }

}  // namespace

uint16_t LatencySketch::BucketOf(uint64_t duration_ns) {
  if (duration_ns < 2 * kOctave) return static_cast<uint16_t>(duration_ns);
  const int shift = std::bit_width(duration_ns) - 1 - kOctaveBits;
  return static_cast<uint16_t>(shift * kOctave + static_cast<int>(duration_ns >> shift));
}

uint64_t LatencySketch::BucketMinNs(uint16_t bucket) {
  const int shift = ShiftOf(bucket);
  return static_cast<uint64_t>(bucket - shift * kOctave) << shift;
}

uint64_t LatencySketch::BucketMaxNs(uint16_t bucket) {
  return BucketMinNs(bucket) + ((uint64_t{1} << ShiftOf(bucket)) - 1);
}

uint64_t LatencySketch::BucketMiddleNs(uint16_t bucket) {
  return BucketMinNs(bucket) + (uint64_t{1} << ShiftOf(bucket)) / 2;
}

void LatencySketch::Add(uint64_t duration_ns, int64_t times) {
  if (times == 0) return;
  sum_ns_ += Int128{duration_ns} * times;
  const uint16_t bucket = BucketOf(duration_ns);
  const auto at = std::ranges::lower_bound(cells_, bucket, {}, &Cell::bucket);
  if (at == cells_.end() || at->bucket != bucket) {
    cells_.insert(at, {bucket, times});
  } else if (at->count + times == 0) {
    cells_.erase(at);
  } else {
    at->count += times;
  }
}

template <class CellAt>
void LatencySketch::Merge(size_t count, const CellAt& cell) {
  // In place where every bucket is there already, which is so once a sketch has seen enough.
  size_t at = 0;
  size_t next = 0;
  bool vanished = false;
  for (; next < count; ++next) {
    const Cell more = cell(next);
    while (at < cells_.size() && cells_[at].bucket < more.bucket) ++at;
    if (at == cells_.size() || cells_[at].bucket != more.bucket) break;
    cells_[at].count += more.count;
    vanished = vanished || cells_[at].count == 0;
  }
  if (next < count) {
    std::vector<Cell> merged;
    merged.reserve(cells_.size() + count - next);
    merged.assign(cells_.begin(), cells_.begin() + static_cast<ptrdiff_t>(at));
    for (; next < count; ++next) {
      Cell more = cell(next);
      while (at < cells_.size() && cells_[at].bucket < more.bucket) merged.push_back(cells_[at++]);
      if (at < cells_.size() && cells_[at].bucket == more.bucket) more.count += cells_[at++].count;
      vanished = vanished || more.count == 0;
      merged.push_back(more);
    }
    merged.insert(merged.end(), cells_.begin() + static_cast<ptrdiff_t>(at), cells_.end());
    cells_ = std::move(merged);
  }
  if (vanished) std::erase_if(cells_, [](const Cell& one) { return one.count == 0; });
}

void LatencySketch::Add(const LatencySketch& other) {
  sum_ns_ += other.sum_ns_;
  Merge(other.cells_.size(), [&](size_t i) { return other.cells_[i]; });
}

void LatencySketch::AddCells(std::span<const uint16_t> buckets, std::span<const int32_t> counts, Int128 sum_ns) {
  sum_ns_ += sum_ns;
  Merge(buckets.size(), [&](size_t i) { return Cell{buckets[i], counts[i]}; });
}

int64_t LatencySketch::count() const {
  int64_t count = 0;
  for (const Cell& cell : cells_) count += cell.count;
  return count;
}

uint64_t LatencySketch::QuantileNs(int thousandths) const {
  // Fewer than none of something are none.
  int64_t count = 0;
  for (const Cell& cell : cells_) count += std::max<int64_t>(cell.count, 0);
  const auto place = static_cast<int64_t>((Int128{count} * thousandths + 999) / 1000);
  int64_t before = 0;
  for (const Cell& cell : cells_) {
    before += std::max<int64_t>(cell.count, 0);
    if (before >= place && before > 0) return BucketMiddleNs(cell.bucket);
  }
  return 0;
}

}  // namespace spoor
