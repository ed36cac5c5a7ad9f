#include "model/latency_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "model/sketch_sum.h"

namespace spoor {
namespace {

uint64_t ExactQuantile(std::vector<uint64_t> values, int thousandths) {
  std::sort(values.begin(), values.end());
  return values[(values.size() * static_cast<size_t>(thousandths) + 999) / 1000 - 1];
}

void ExpectWithinOnePercent(uint64_t found, uint64_t exact, const std::string& of) {
  const uint64_t apart = found > exact ? found - exact : exact - found;
  EXPECT_LE(static_cast<double>(apart), static_cast<double>(exact) * 0.01) << of << ": " << found << " for " << exact;
}

TEST(LatencySketch, CutsAllDurationsIntoBucketsWithoutGaps) {
  EXPECT_EQ(LatencySketch::BucketMinNs(0), 0u);
  for (uint16_t bucket = 0; bucket < LatencySketch::kBucketCount; ++bucket) {
    const uint64_t min = LatencySketch::BucketMinNs(bucket), max = LatencySketch::BucketMaxNs(bucket);
    ASSERT_EQ(LatencySketch::BucketOf(min), bucket);
    ASSERT_EQ(LatencySketch::BucketOf(max), bucket);
    const uint64_t middle = LatencySketch::BucketMiddleNs(bucket);
    ASSERT_TRUE(middle >= min && middle <= max);
    ExpectWithinOnePercent(middle, min, "the shortest");
    ExpectWithinOnePercent(middle, max, "the longest");
    if (bucket + 1 < LatencySketch::kBucketCount) {
      ASSERT_EQ(LatencySketch::BucketMinNs(static_cast<uint16_t>(bucket + 1)), max + 1);
    } else {
      EXPECT_EQ(max, UINT64_MAX);
    }
  }
}

TEST(LatencySketch, TellsShortDurationsExactly) {
  LatencySketch sketch;
  for (uint64_t ns = 0; ns < 128; ++ns) sketch.Add(ns);
  for (int thousandths = 1; thousandths <= 1000; ++thousandths) {
    EXPECT_EQ(sketch.QuantileNs(thousandths), (128 * static_cast<uint64_t>(thousandths) + 999) / 1000 - 1);
  }
}

TEST(LatencySketch, TellsQuantilesWithinOnePercent) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<uint64_t> values(1 + random() % 500);
    LatencySketch sketch;
    Int128 sum = 0;
    for (uint64_t& value : values) {
      value = random() >> (random() % 64);
      sketch.Add(value);
      sum += value;
    }
    EXPECT_EQ(sketch.count(), static_cast<int64_t>(values.size()));
    EXPECT_TRUE(sketch.sum_ns() == sum);
    for (const int thousandths : {1, 10, 250, 500, 900, 950, 990, 999, 1000}) {
      ExpectWithinOnePercent(sketch.QuantileNs(thousandths), ExactQuantile(values, thousandths),
                             std::to_string(thousandths));
    }
  }
}

TEST(LatencySketch, IsTheSameHoweverItWasPutTogether) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 100; ++round) {
    LatencySketch whole, left, right;
    for (int i = 0; i < 200; ++i) {
      const uint64_t value = random() % (uint64_t{1} << (1 + random() % 40));
      whole.Add(value);
      (random() % 2 == 0 ? left : right).Add(value);
    }
    LatencySketch merged = left;
    merged.Add(right);
    EXPECT_EQ(merged, whole);
    std::vector<uint16_t> buckets;
    std::vector<int32_t> counts;
    for (const auto& cell : right.cells()) {
      buckets.push_back(cell.bucket);
      counts.push_back(static_cast<int32_t>(-cell.count));
    }
    merged.AddCells(buckets, counts, -right.sum_ns());
    EXPECT_EQ(merged, left) << "subtracted again";
  }
}

TEST(SketchSum, IsWhatAddingOneAfterTheOtherIs) {
  std::mt19937_64 random(9);
  for (int parts = 0; parts < 40; ++parts) {
    SketchSum sum;
    LatencySketch whole;
    for (int part = 0; part < parts; ++part) {
      LatencySketch more;
      for (uint64_t i = random() % 30; i > 0; --i) more.Add(random() >> (random() % 64), random() % 3 == 0 ? -1 : 1);
      std::vector<uint16_t> buckets;
      std::vector<int32_t> counts;
      for (const auto& cell : more.cells()) {
        buckets.push_back(cell.bucket);
        counts.push_back(static_cast<int32_t>(cell.count));
      }
      sum.AddCells(buckets, counts, more.sum_ns());
      whole.Add(more);
    }
    EXPECT_EQ(std::move(sum).Finish(), whole) << parts;
  }
}

TEST(LatencySketch, TakesFewerThanNoneForNone) {
  LatencySketch sketch;
  EXPECT_EQ(sketch.QuantileNs(500), 0u);
  sketch.Add(1'000, -3);
  EXPECT_EQ(sketch.count(), -3);
  EXPECT_EQ(sketch.QuantileNs(500), 0u);
  sketch.Add(20, 2);
  EXPECT_EQ(sketch.QuantileNs(500), 20u);
  EXPECT_EQ(sketch.QuantileNs(1000), 20u);
  sketch.Add(1'000, 3);
  EXPECT_EQ(sketch.count(), 2);
  EXPECT_EQ(sketch.cells().size(), 1u) << "what cancels out is gone";
}

TEST(LatencySketch, SumsMoreThanSixtyFourBits) {
  LatencySketch sketch;
  sketch.Add(UINT64_MAX, 1'000);
  EXPECT_TRUE(sketch.sum_ns() == Int128{UINT64_MAX} * 1'000);
  ExpectWithinOnePercent(sketch.QuantileNs(500), UINT64_MAX, "the longest there is");
}

}  // namespace
}  // namespace spoor
