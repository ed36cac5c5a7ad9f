#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/check.h"

namespace spoor {
namespace {

void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out.push_back(c);
    }
  }
}

// {a="b",c="d"} without the brackets.
std::string LabelText(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text.push_back(',');
    text.append(name).append("=\"");
    AppendEscaped(text, value, true);
    text.push_back('"');
  }
  return text;
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

void AppendSample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out.append(name);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).push_back('\n');
}

void AppendHistogram(std::string& out, std::string_view name, std::string_view labels, const Histogram& histogram) {
  const std::string separator = labels.empty() ? "" : ",";
  uint64_t count = 0;
  for (size_t i = 0; i <= histogram.bounds().size(); ++i) {
    count += histogram.bucket(i);
    const std::string bound = i < histogram.bounds().size() ? NumberText(histogram.bounds()[i]) : "+Inf";
    AppendSample(out, fmt::format("{}_bucket", name), fmt::format("{}{}le=\"{}\"", labels, separator, bound),
                 fmt::to_string(count));
  }
  AppendSample(out, fmt::format("{}_sum", name), labels, NumberText(histogram.sum()));
  AppendSample(out, fmt::format("{}_count", name), labels, fmt::to_string(count));
}

struct Reader {
  std::string labels;
  std::function<double()> read;
};

// All metrics of one name.
struct Family {
  std::string help;
  std::string kind;
  std::map<std::string, std::unique_ptr<Counter>> counters;      // by label text
  std::map<std::string, std::unique_ptr<Histogram>> histograms;  // by label text
  std::map<uint64_t, Reader> readers;                            // by id
};

constexpr std::array kSecondsBuckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                     0.1,    0.25,    0.5,    1.0,   2.5,    5.0,   10.0, 30.0};
constexpr std::array kBytesBuckets{256.0,    1024.0,    4096.0,    16384.0,    65536.0,
                                   262144.0, 1048576.0, 4194304.0, 16777216.0, 67108864.0};

}  // namespace

struct Metrics::State {
  Family& Find(std::string_view name, std::string_view help, std::string_view kind) {
    Family& family = families[std::string(name)];
    if (family.kind.empty()) {
      family.help = help;
      family.kind = kind;
    }
    SPOOR_CHECK(family.kind == kind);
    return family;
  }

  std::mutex mutex;
  std::map<std::string, Family> families;
  uint64_t reader_id_next = 0;
};

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), buckets_(std::make_unique<std::atomic<uint64_t>[]>(bounds.size() + 1)) {
  SPOOR_CHECK(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::Observe(double value) {
  const size_t i = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::span<const double> SecondsBuckets() { return kSecondsBuckets; }
std::span<const double> BytesBuckets() { return kBytesBuckets; }

Metrics::Metrics() : state_(std::make_shared<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::AddCounter(std::string_view name, std::string_view help, MetricLabels labels) {
  std::lock_guard lock(state_->mutex);
  auto& counter = state_->Find(name, help, "counter").counters[LabelText(labels)];
  if (counter == nullptr) counter = std::make_unique<Counter>();
  return *counter;
}

Histogram& Metrics::AddHistogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                                 MetricLabels labels) {
  std::lock_guard lock(state_->mutex);
  auto& histogram = state_->Find(name, help, "histogram").histograms[LabelText(labels)];
  if (histogram == nullptr) histogram = std::make_unique<Histogram>(bounds);
  return *histogram;
}

std::unique_ptr<Metrics::Gauge> Metrics::AddGauge(std::string_view name, std::string_view help,
                                                  std::function<double()> read, MetricLabels labels) {
  return AddReader(name, help, "gauge", std::move(read), std::move(labels));
}

std::unique_ptr<Metrics::Gauge> Metrics::AddCounterReader(std::string_view name, std::string_view help,
                                                          std::function<double()> read, MetricLabels labels) {
  return AddReader(name, help, "counter", std::move(read), std::move(labels));
}

std::unique_ptr<Metrics::Gauge> Metrics::AddReader(std::string_view name, std::string_view help, std::string_view kind,
                                                   std::function<double()> read, MetricLabels labels) {
  std::lock_guard lock(state_->mutex);
  const uint64_t id = state_->reader_id_next++;
  state_->Find(name, help, kind).readers[id] = {LabelText(labels), std::move(read)};
  return std::unique_ptr<Gauge>(new Gauge(state_, std::string(name), id));
}

Metrics::Gauge::~Gauge() {
  std::lock_guard lock(state_->mutex);
  state_->families[family_].readers.erase(id_);
}

std::string Metrics::Text() const {
  std::lock_guard lock(state_->mutex);
  std::string out;
  for (const auto& [name, family] : state_->families) {
    if (family.counters.empty() && family.histograms.empty() && family.readers.empty()) continue;
    out.append("# HELP ").append(name).append(" ");
    AppendEscaped(out, family.help, false);
    out.append("\n# TYPE ").append(name).append(" ").append(family.kind).append("\n");
    for (const auto& [labels, counter] : family.counters) {
      AppendSample(out, name, labels, fmt::to_string(counter->value()));
    }
    for (const auto& [id, reader] : family.readers) AppendSample(out, name, reader.labels, NumberText(reader.read()));
    for (const auto& [labels, histogram] : family.histograms) AppendHistogram(out, name, labels, *histogram);
  }
  return out;
}

Metrics& ProcessMetrics() {
  static Metrics& metrics = *new Metrics;
  return metrics;
}

}  // namespace spoor
