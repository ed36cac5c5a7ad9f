#include "model/rollup_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "model/value.h"

namespace spoor {
namespace {

constexpr uint64_t kMinute = kNanosPerMinute;

// Everything that a rollup says, as lines: "service/name kind status @minute: sum bucket=count ...".
std::vector<std::string> Lines(const Rollup& rollup) {
  std::vector<std::string> lines;
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    const RollupSeries& series = rollup.series[s];
    for (uint32_t row = rollup.row_begin[s]; row < rollup.row_begin[s + 1]; ++row) {
      std::string line = (series.of == RollupSeries::Of::kCalls ? "call " : "") + rollup.texts[series.service] + "/" +
                         rollup.texts[series.name] + " " + std::to_string(series.kind) + std::to_string(series.status) +
                         " @" + std::to_string(rollup.minute[row]) + ": " +
                         std::to_string(static_cast<int64_t>(rollup.sum_ns[row]));
      for (size_t i = 0; i < rollup.buckets(row).size(); ++i) {
        line += " " + std::to_string(rollup.buckets(row)[i]) + "=" + std::to_string(rollup.counts(row)[i]);
      }
      lines.push_back(std::move(line));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

class RollupBuilderTest : public ::testing::Test {
 protected:
  uint32_t Series(std::string_view service, std::string_view name, uint8_t kind = 2, uint8_t status = 0) {
    return builder_.SpanSeries(builder_.Text(service), builder_.Text(name), kind, status);
  }
  RollupBuilder builder_;
};

TEST_F(RollupBuilderTest, CountsBySeriesAndMinute) {
  builder_.Add(Series("a", "x"), 5 * kMinute, 100);
  builder_.Add(Series("a", "x"), 6 * kMinute - 1, 100);
  builder_.Add(Series("a", "x"), 6 * kMinute, 7);
  builder_.Add(Series("a", "x", 2, 2), 5 * kMinute, 100);
  builder_.Add(Series("b", "x"), 5 * kMinute, 3);
  EXPECT_THAT(Lines(builder_.Build()), testing::ElementsAre("a/x 20 @5: 200 100=2", "a/x 20 @6: 7 7=1",
                                                            "a/x 22 @5: 100 100=1", "b/x 20 @5: 3 3=1"));
}

TEST_F(RollupBuilderTest, CountsCallsBetweenTwoServicesWithNames) {
  const uint32_t a = Series("a", "x"), b = Series("b", "y", 2, 2), none = Series("", "z");
  builder_.AddCall(a, b, kMinute, 9);
  builder_.AddCall(b, a, kMinute, 8);
  builder_.AddCall(a, a, kMinute, 1);
  builder_.AddCall(a, none, kMinute, 1);
  builder_.AddCall(none, a, kMinute, 1);
  EXPECT_THAT(Lines(builder_.Build()), testing::ElementsAre("call a/b 00 @1: 8 8=1", "call b/a 02 @1: 9 9=1"));
}

TEST_F(RollupBuilderTest, TakesBackWhatItCounted) {
  builder_.Add(Series("a", "x"), 0, 100);
  builder_.Add(Series("a", "y"), 0, 1'000);
  builder_.Add(Series("a", "x"), 0, 100, -1);
  EXPECT_THAT(Lines(builder_.Build()), testing::SizeIs(1));
  builder_.Add(Series("a", "y"), 0, 1'001, -1);
  EXPECT_THAT(Lines(builder_.Build()), testing::ElementsAre("a/y 20 @0: -1")) << "the sum is still apart";
}

TEST_F(RollupBuilderTest, ReadsKindsAndStatusesThatNobodyKnowsAsUnspecified) {
  builder_.Add(Series("a", "x", 6, 3), 0, 1);
  builder_.Add(Series("a", "x", 255, 255), 0, 1);
  EXPECT_THAT(Lines(builder_.Build()), testing::ElementsAre("a/x 00 @0: 2 1=2"));
}

TEST_F(RollupBuilderTest, AddsRollupsUpAndDown) {
  RollupBuilder other;
  other.Add(other.SpanSeries(other.Text("b"), other.Text("x"), 2, 0), 0, 5);
  other.Add(other.SpanSeries(other.Text("a"), other.Text("x"), 2, 0), 0, 100, -1);
  builder_.Add(Series("a", "x"), 0, 100, 2);
  builder_.Add(other.Build());
  EXPECT_THAT(Lines(builder_.Build()), testing::ElementsAre("a/x 20 @0: 100 100=1", "b/x 20 @0: 5 5=1"));
}

TEST_F(RollupBuilderTest, AddsUpTheOperationsOfAService) {
  builder_.Add(Series("a", "x"), 0, 100);
  builder_.Add(Series("a", "y"), 0, 100);
  builder_.Add(Series("a", "y", 3), 0, 7);
  builder_.AddCall(Series("a", "y"), Series("b", "x"), 0, 50);
  RollupBuilder coarse;
  coarse.AddWithoutOperations(builder_.Build());
  EXPECT_THAT(Lines(coarse.Build()),
              testing::ElementsAre("a/ 20 @0: 200 100=2", "a/ 30 @0: 7 7=1", "call b/a 00 @0: 50 50=1"));
}

TEST_F(RollupBuilderTest, CountsNamesThatAreTooLongTogether) {
  builder_.Add(Series("a", std::string(2'000, 'x')), 0, 1);
  builder_.Add(Series("a", std::string(3'000, 'y')), 0, 1);
  builder_.Add(Series("a", std::string(RollupBuilder::kNameBytesMax, 'z')), 0, 1);
  const std::vector<std::string> lines = Lines(builder_.Build());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "a/(other) 20 @0: 2 1=2");
}

// Spans of a service and minute, whatever their operations.
std::map<std::string, int64_t> CountsByServiceAndMinute(const Rollup& rollup) {
  std::map<std::string, int64_t> counts;
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    for (uint32_t row = rollup.row_begin[s]; row < rollup.row_begin[s + 1]; ++row) {
      for (const int32_t count : rollup.counts(row)) {
        counts[rollup.texts[rollup.series[s].service] + "@" + std::to_string(rollup.minute[row])] += count;
      }
    }
  }
  return counts;
}

TEST_F(RollupBuilderTest, CountsTheRarestOperationsTogetherWhereThereAreTooMany) {
  for (int i = 0; i < 1'000; ++i) builder_.Add(Series("a", "rare" + std::to_string(i)), kMinute * (i % 2), 50);
  for (int i = 0; i < 20; ++i) builder_.Add(Series("a", "often"), kMinute, 50);
  for (int i = 0; i < 10; ++i) builder_.Add(Series("b", "often"), kMinute, 50);
  const Rollup whole = builder_.Build({.rows_max = 2'000});
  const Rollup folded = builder_.Build({.rows_max = 100});
  EXPECT_LE(folded.row_count(), 100u);
  EXPECT_EQ(CountsByServiceAndMinute(folded), CountsByServiceAndMinute(whole));
  const std::vector<std::string> lines = Lines(folded);
  EXPECT_THAT(lines, testing::Contains("a/often 20 @1: 1000 50=20"));
  EXPECT_THAT(lines, testing::Contains("b/often 20 @1: 500 50=10"));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("a/(other) 20 @0: ")));
}

TEST_F(RollupBuilderTest, KeepsTheMinutesWithMostWhereThereAreTooMany) {
  for (uint64_t minute = 0; minute < 1'000; ++minute) builder_.Add(Series("a", "x"), minute * 1'000 * kMinute, 50);
  builder_.Add(Series("a", "x"), 77 * kMinute, 50, 3);
  const Rollup folded = builder_.Build({.rows_max = 100, .minutes_max = 50});
  EXPECT_EQ(folded.row_count(), 51u);
  EXPECT_THAT(Lines(folded), testing::Contains("a/x 20 @77: 150 50=3"));
  int64_t all = 0;
  for (const int32_t count : folded.count) all += count;
  EXPECT_EQ(all, 1'003);
  EXPECT_EQ(CountsByServiceAndMinute(folded)["a@" + std::to_string(Rollup::kNoMinute)], 1'003 - 3 - 49);
}

TEST_F(RollupBuilderTest, CountsTheRarestServicesTogetherWhereEvenTheseAreTooMany) {
  for (int i = 0; i < 1'000; ++i) {
    const std::string service = "service" + std::to_string(i);
    builder_.Add(Series(service, "x"), 0, 50);
    builder_.AddCall(Series("often", "x"), Series(service, "x"), 0, 50);
  }
  builder_.Add(Series("often", "x"), 0, 50, 5);
  const Rollup folded = builder_.Build({.rows_max = 100});
  EXPECT_LE(folded.row_count(), 100u);
  EXPECT_THAT(Lines(folded), testing::Contains("often/x 20 @0: 250 50=5"));
  int64_t all = 0;
  for (const int32_t count : folded.count) all += count;
  EXPECT_EQ(all, 2'005);
}

TEST_F(RollupBuilderTest, BoundsTheBytesOfNames) {
  for (int i = 0; i < 100; ++i) builder_.Add(Series("a", std::string(900, 'x') + std::to_string(i)), 0, 50);
  const Rollup folded = builder_.Build({.rows_max = 1'000, .text_bytes_max = 10'000});
  size_t bytes = 0;
  for (const std::string& text : folded.texts) bytes += text.size();
  EXPECT_LE(bytes, 10'000u);
  EXPECT_EQ(CountsByServiceAndMinute(folded)["a@0"], 100);
}

}  // namespace
}  // namespace spoor
