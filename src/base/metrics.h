// Self-metrics: counters, gauges and histograms of this process, told as Prometheus text.
//
//   static Counter& refused = ProcessMetrics().AddCounter("spoor_http_refused_total", "Requests refused.",
//                                                         {{"reason", "too_large"}});
//   refused.Add();
//
// Names are spoor_..., in base units (seconds, bytes), counters end in _total. Labels have few values.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spoor {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Only grows. Thread-safe, wait-free.
class alignas(64) Counter {
 public:
  void Add(uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// Counts what was observed in fixed buckets. Thread-safe, wait-free; a reader may see an observation in a bucket and
// not yet in the sum.
class Histogram {
 public:
  // `bounds`: ascending upper bounds, inclusive; what is above the last one is counted without a bound.
  explicit Histogram(std::span<const double> bounds);

  void Observe(double value);

  const std::vector<double>& bounds() const { return bounds_; }
  uint64_t bucket(size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }  // i <= bounds().size()
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::vector<double> bounds_;
  std::unique_ptr<std::atomic<uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
};

// For durations in seconds: 100 us to 30 s.
std::span<const double> SecondsBuckets();
// For sizes in bytes: 256 B to 64 MiB.
std::span<const double> BytesBuckets();

// A set of metrics. Thread-safe. What it returns lives as long as it does.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // The same name and labels give the same counter or histogram again. A name belongs to one kind of metric.
  Counter& AddCounter(std::string_view name, std::string_view help, MetricLabels labels = {});
  Histogram& AddHistogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                          MetricLabels labels = {});

  // A gauge is asked for its value when somebody reads the metrics, from that thread. It ends with the handle, which
  // waits for a reading under way; so `read` must not destroy handles or read metrics.
  class Gauge;
  [[nodiscard]] std::unique_ptr<Gauge> AddGauge(std::string_view name, std::string_view help,
                                                std::function<double()> read, MetricLabels labels = {});
  // The same for a number that only grows and is counted elsewhere.
  [[nodiscard]] std::unique_ptr<Gauge> AddCounterReader(std::string_view name, std::string_view help,
                                                        std::function<double()> read, MetricLabels labels = {});

  // Prometheus text format 0.0.4 (text/plain; version=0.0.4), families sorted by name.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<Gauge> AddReader(std::string_view name, std::string_view help, std::string_view kind,
                                   std::function<double()> read, MetricLabels labels);
  std::shared_ptr<State> state_;
};

class Metrics::Gauge {
 public:
  ~Gauge();

 private:
  friend class Metrics;
  Gauge(std::shared_ptr<State> state, std::string family, uint64_t id)
      : state_(std::move(state)), family_(std::move(family)), id_(id) {}

  const std::shared_ptr<State> state_;
  const std::string family_;
  const uint64_t id_;
};

// The process's own. Never destroyed.
Metrics& ProcessMetrics();

}  // namespace spoor
