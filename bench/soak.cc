#include "bench/soak.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

#include "bench/http_client.h"
#include "bench/server.h"
#include "bench/traffic.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr uint64_t kPartSpans = 200'000;  // made and sent at a time
constexpr uint64_t kProbeSpans = 2'000'000;
constexpr size_t kQuarters = 4;
constexpr auto kPeriod = std::chrono::seconds(1);  // of looks at the server

uint64_t CountSpans(const std::vector<Body>& bodies) {
  uint64_t spans = 0;
  for (const Body& body : bodies) spans += body.span_count;
  return spans;
}

// Endless traffic of which no body is like another. The next part is made while the last one is sent.
class Traffic {
 public:
  explicit Traffic(uint64_t seed) : seed_(seed) { MakeNext(); }
  std::vector<Body> Next() {
    std::vector<Body> part = next_.get();
    MakeNext();
    return part;
  }

 private:
  void MakeNext() {
    next_ =
        std::async(std::launch::async, [seed = seed_++] { return Fleet({.seed = seed, .span_count = kPartSpans}); });
  }
  uint64_t seed_;
  std::future<std::vector<Body>> next_;
};

// What became of a part.
struct Sent {
  std::vector<double> ack_ms;
  uint64_t refused = 0;
};

// Sends a part over all connections: as fast as it is taken, or from `begin` on at `spans_per_second`.
Sent Send(const SoakOptions& options, const Server& server, const std::vector<Body>& bodies, Clock::time_point begin,
          double spans_per_second) {
  std::vector<Seconds> due;
  double spans = 0;
  for (const Body& body : bodies) {
    due.emplace_back(spans_per_second > 0 ? spans / spans_per_second : 0);
    spans += body.span_count;
  }
  std::atomic<size_t> next{0};
  std::mutex mutex;
  Sent all;
  std::vector<std::thread> senders;
  for (int connection = 0; connection < options.connections; ++connection) {
    senders.emplace_back([&] {
      HttpConnection http(server.otlp_http_port());
      std::string answer;
      Sent sent;
      for (size_t at = next++; at < bodies.size();) {
        std::this_thread::sleep_until(begin + std::chrono::duration_cast<Clock::duration>(due[at]));
        const auto asked = Clock::now();
        const int status = http.Post("/v1/traces", "application/x-protobuf", bodies[at].bytes, answer);
        if (status == 429 || status == 503) {
          ++sent.refused;
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          continue;
        }
        if (status != 200) Die(fmt::format("status {}: {}", status, answer));
        sent.ack_ms.push_back(Seconds(Clock::now() - asked).count() * 1000);
        at = next++;
      }
      const std::lock_guard lock(mutex);
      all.ack_ms.insert(all.ack_ms.end(), sent.ack_ms.begin(), sent.ack_ms.end());
      all.refused += sent.refused;
    });
  }
  for (std::thread& sender : senders) sender.join();
  return all;
}

double MeasureMost(const SoakOptions& options, const Server& server, Traffic& traffic) {
  double spans = 0, seconds = 0;
  while (spans < kProbeSpans) {
    const std::vector<Body> part = traffic.Next();
    const auto begin = Clock::now();
    Send(options, server, part, begin, 0);
    seconds += Seconds(Clock::now() - begin).count();
    spans += static_cast<double>(CountSpans(part));
  }
  return spans / seconds;
}

// Looks at a server until it is destroyed.
class Watcher {
 public:
  struct Means {
    double rss_mb = 0, disk_mb = 0;
    int looks = 0;
  };

  Watcher(const Server& server, const std::function<size_t()>& quarter)
      : looking_([this, &server, quarter](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            Means& means = means_[std::min(quarter(), kQuarters - 1)];
            means.rss_mb += static_cast<double>(server.RssBytes()) / 1e6;
            means.disk_mb += static_cast<double>(server.DataBytes()) / 1e6;
            ++means.looks;
            std::this_thread::sleep_for(kPeriod);
          }
        }) {}

  const std::array<Means, kQuarters>& Stop() {
    looking_.request_stop();
    looking_.join();
    for (Means& means : means_) {
      means.rss_mb /= std::max(means.looks, 1);
      means.disk_mb /= std::max(means.looks, 1);
    }
    return means_;
  }

 private:
  std::array<Means, kQuarters> means_;
  std::jthread looking_;
};

double P99(std::vector<double> times) {
  if (times.empty()) return 0;
  std::sort(times.begin(), times.end());
  return times[times.size() * 99 / 100];
}

}  // namespace

SoakResult MeasureSoak(const SoakOptions& options) {
  const Server server(options.binary, options.data_parent, options.server_flags);
  Traffic traffic(options.seed);
  SoakResult result{.most_per_second = MeasureMost(options, server, traffic)};
  const double rate = result.most_per_second / 2;
  const Seconds length(options.minutes * 60);
  const auto begin = Clock::now();
  const auto quarter = [&] {
    return static_cast<size_t>(Seconds(Clock::now() - begin) / length * static_cast<double>(kQuarters));
  };
  Watcher watcher(server, quarter);
  result.quarters.resize(kQuarters);
  std::array<std::vector<double>, kQuarters> acks;
  const double cpu_before = server.CpuSeconds();
  double spans = 0;
  for (size_t now = quarter(); now < kQuarters; now = quarter()) {
    const std::vector<Body> part = traffic.Next();
    const auto due = begin + std::chrono::duration_cast<Clock::duration>(Seconds(spans / rate));
    const Sent sent = Send(options, server, part, due, rate);
    spans += static_cast<double>(CountSpans(part));
    result.quarters[now].spans += CountSpans(part);
    result.quarters[now].refused += sent.refused;
    acks[now].insert(acks[now].end(), sent.ack_ms.begin(), sent.ack_ms.end());
  }
  result.cpu_us_per_span = (server.CpuSeconds() - cpu_before) * 1e6 / spans;
  const auto& means = watcher.Stop();
  for (size_t i = 0; i < kQuarters; ++i) {
    result.quarters[i].rss_mb = means[i].rss_mb;
    result.quarters[i].disk_mb = means[i].disk_mb;
    result.quarters[i].ack_p99_ms = P99(acks[i]);
  }
  return result;
}

std::string SoakTable(const SoakResult& result) {
  std::string out =
      "| quarter | spans | requests refused | memory MB | disk MB | ack p99 ms |\n|---|---|---|---|---|---|\n";
  for (size_t i = 0; i < result.quarters.size(); ++i) {
    const SoakQuarter& one = result.quarters[i];
    out += fmt::format("| {} | {} | {} | {:.0f} | {:.0f} | {:.1f} |\n", i + 1, one.spans, one.refused, one.rss_mb,
                       one.disk_mb, one.ack_p99_ms);
  }
  const SoakQuarter& second = result.quarters[1];
  const SoakQuarter& last = result.quarters.back();
  return out + fmt::format("| last ÷ second | | | {:.3f} | {:.3f} | |\n", last.rss_mb / second.rss_mb,
                           last.disk_mb / second.disk_mb);
}

}  // namespace spoor::bench
