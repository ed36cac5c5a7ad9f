#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace spoor {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, TellsCountersGaugesAndHistogramsAsPrometheusText) {
  Metrics metrics;
  metrics.AddCounter("spoor_spans_total", "Spans taken in.", {{"format", "otlp"}}).Add(3);
  const auto gauge = metrics.AddGauge("spoor_connections", "Open connections.", [] { return 2.0; });
  constexpr double kBounds[] = {0.5, 1};
  Histogram& histogram = metrics.AddHistogram("spoor_wait_seconds", "Waits.", kBounds);
  histogram.Observe(0.5);
  histogram.Observe(0.75);
  histogram.Observe(7);
  EXPECT_EQ(metrics.Text(),
            "# HELP spoor_connections Open connections.\n"
            "# TYPE spoor_connections gauge\n"
            "spoor_connections 2\n"
            "# HELP spoor_spans_total Spans taken in.\n"
            "# TYPE spoor_spans_total counter\n"
            "spoor_spans_total{format=\"otlp\"} 3\n"
            "# HELP spoor_wait_seconds Waits.\n"
            "# TYPE spoor_wait_seconds histogram\n"
            "spoor_wait_seconds_bucket{le=\"0.5\"} 1\n"
            "spoor_wait_seconds_bucket{le=\"1\"} 2\n"
            "spoor_wait_seconds_bucket{le=\"+Inf\"} 3\n"
            "spoor_wait_seconds_sum 8.25\n"
            "spoor_wait_seconds_count 3\n");
}

TEST(Metrics, GivesTheSameCounterForTheSameNameAndLabels) {
  Metrics metrics;
  Counter& first = metrics.AddCounter("spoor_a_total", "A.", {{"x", "1"}});
  EXPECT_EQ(&first, &metrics.AddCounter("spoor_a_total", "A.", {{"x", "1"}}));
  EXPECT_NE(&first, &metrics.AddCounter("spoor_a_total", "A.", {{"x", "2"}}));
}

TEST(Metrics, EscapesLabelValues) {
  Metrics metrics;
  metrics.AddCounter("spoor_a_total", "A.", {{"x", "a\"b\\c\nd"}});
  EXPECT_THAT(metrics.Text(), HasSubstr(R"(spoor_a_total{x="a\"b\\c\nd"} 0)"));
}

TEST(Metrics, ForgetsAGaugeWithItsHandle) {
  Metrics metrics;
  auto gauge = metrics.AddGauge("spoor_g", "G.", [] { return 1.5; });
  EXPECT_THAT(metrics.Text(), HasSubstr("spoor_g 1.5\n"));
  gauge.reset();
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("spoor_g")));
}

TEST(Metrics, LetsAHandleOutliveTheSet) {
  auto metrics = std::make_unique<Metrics>();
  const auto gauge = metrics->AddCounterReader("spoor_g_total", "G.", [] { return 1.0; });
  metrics.reset();
}

TEST(Metrics, CountsEveryAddFromManyThreads) {
  Metrics metrics;
  Counter& counter = metrics.AddCounter("spoor_a_total", "A.");
  Histogram& histogram = metrics.AddHistogram("spoor_h_seconds", "H.", SecondsBuckets());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        counter.Add();
        histogram.Observe(0.25);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 4000u);
  EXPECT_EQ(histogram.sum(), 1000.0);
}

}  // namespace
}  // namespace spoor
