#include "bench/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <thread>

#include "bench/http_client.h"
#include "bench/server.h"
#include "bench/traffic.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSenders = 2;
constexpr int kWarmUps = 2;
constexpr uint64_t kSpansAtOnce = 1'000'000;  // bodies of so many are in memory at a time
constexpr uint64_t kHoursBack = 6;

void Send(const Server& server, const std::vector<Body>& bodies) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back([&] {
      HttpConnection http(server.otlp_http_port());
      std::string answer;
      for (size_t at = next++; at < bodies.size();) {
        const int status = http.Post("/v1/traces", "application/x-protobuf", bodies[at].bytes, answer);
        if (status == 429 || status == 503) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          continue;
        }
        if (status != 200) Die(fmt::format("status {}: {}", status, answer));
        at = next++;
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
}

// Fills the server; traces start one after the other, from `start_ns` on.
uint64_t Fill(const Server& server, const QueryOptions& options, uint64_t start_ns) {
  uint64_t sent = 0;
  for (uint64_t part = 0; sent < options.spans; ++part) {
    const TrafficOptions traffic{
        .seed = options.seed + part, .span_count = std::min(kSpansAtOnce, options.spans - sent), .start_ns = start_ns};
    const std::vector<Body> bodies = Fleet(traffic, start_ns);
    Send(server, bodies);
    for (const Body& body : bodies) sent += body.span_count;
  }
  return sent;
}

std::string Ask(HttpConnection& http, const std::string& target) {
  std::string answer;
  const int status = http.Get(target, answer);
  if (status != 200) Die(fmt::format("{} answered {}: {}", target, status, answer.substr(0, 300)));
  return answer;
}

// What stands behind the first `key` of an answer, up to the next quote or comma.
std::string Behind(const std::string& answer, std::string_view key) {
  const size_t at = answer.find(key);
  if (at == std::string::npos) Die(fmt::format("no {} in {}", key, answer.substr(0, 300)));
  const size_t begin = at + key.size();
  return answer.substr(begin, answer.find_first_of("\",}", begin) - begin);
}

QueryResult Measure(const Server& server, HttpConnection& http, std::string question, const std::string& target,
                    int runs) {
  QueryResult result{.question = std::move(question)};
  std::vector<double> times;
  double cpu_before = 0;
  for (int i = 0; i < kWarmUps + runs; ++i) {
    if (i == kWarmUps) cpu_before = server.CpuSeconds();
    const auto asked = Clock::now();
    result.answer_bytes = Ask(http, target).size();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
  }
  result.cpu_ms = (server.CpuSeconds() - cpu_before) * 1000 / runs;
  result.first_ms = times.front();
  std::vector<double> warm(times.begin() + kWarmUps, times.end());
  std::sort(warm.begin(), warm.end());
  result.p50_ms = warm[warm.size() / 2];
  result.p99_ms = warm[std::min(warm.size() - 1, warm.size() * 99 / 100)];
  return result;
}

}  // namespace

QueryResults MeasureQueries(const QueryOptions& options) {
  const Server server(options.binary, options.data_parent, options.server_flags);
  const uint64_t start_ns = NowNs() - kHoursBack * 3'600'000'000'000;
  QueryResults results{.spans = Fill(server, options, start_ns)};
  server.Compact();
  server.WaitUntilIdle();
  HttpConnection http(server.query_port());
  results.blocks = std::strtoull(Behind(Ask(http, "/metrics"), "\nspoor_store_blocks ").c_str(), nullptr, 10);

  const std::string search = fmt::format("/api/spoor/v1/search?start={}", start_ns / 1000);
  const std::string overview = fmt::format("/api/spoor/v1/overview?start={}", start_ns / 1000);
  const std::string newest = Ask(http, search + "&limit=20");
  const std::string trace_id = Behind(newest, "\"traceID\":\"");
  const auto measure = [&](std::string question, const std::string& target) {
    results.questions.push_back(Measure(server, http, std::move(question), target, options.runs));
  };
  const std::string conditions = "&service=payment&tag=http.response.status_code:500&minDuration=2ms";
  measure("trace by id, columns", "/api/spoor/v1/traces/" + trace_id + "/columns");
  measure("newest 20", search + "&limit=20");
  measure("newest 20 of service, attribute, minimal duration", search + "&limit=20" + conditions);
  measure("longest 20 of a service", search + "&limit=20&order=longest&service=payment");
  measure("longest 20 of a service and operation",
          search + "&limit=20&order=longest&service=payment&operation=SELECT%20ledger_entries");
  measure("longest 20 of service, attribute, minimal duration", search + "&limit=20&order=longest" + conditions);
  measure("20 with most errors", search + "&limit=20&order=most-errors");
  measure("newest 20 of traces with an error, counted", search + "&limit=20&count=true&traceErrors=true");
  measure("overview of everything", overview);
  measure("overview of everything, with 5,000 points", overview + "&points=5000");
  measure("overview of a service", overview + "&service=payment");
  measure("overview of service, attribute, minimal duration", overview + conditions);
  measure("attribute value that occurs nowhere", search + "&limit=20&tag=app.user.id:nobody");
  const std::string window = fmt::format("?start={}", start_ns / 1000);
  measure("rate, errors, durations of all services over time", "/api/spoor/v1/red" + window);
  measure("the same of a service's operations", "/api/spoor/v1/red" + window + "&groupBy=operation&service=payment");
  measure("map of services", "/api/spoor/v1/map" + window);
  measure("map of the last minutes",
          "/api/spoor/v1/map" + fmt::format("?start={}", (start_ns + 600'000'000'000) / 1000));
  results.traces = std::strtoull(Behind(Ask(http, overview), "\"traceCount\":").c_str(), nullptr, 10);
  return results;
}

std::string QueryTable(const QueryResults& results) {
  std::string out = "| question | first ms | p50 ms | p99 ms | CPU ms | answer KB |\n|---|---|---|---|---|---|\n";
  for (const QueryResult& one : results.questions) {
    out += fmt::format("| {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} |\n", one.question, one.first_ms, one.p50_ms,
                       one.p99_ms, one.cpu_ms, static_cast<double>(one.answer_bytes) / 1000);
  }
  return out;
}

}  // namespace spoor::bench
