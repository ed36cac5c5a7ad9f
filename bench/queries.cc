#include "bench/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <thread>

#include "bench/http_client.h"
#include "bench/large_trace.h"
#include "bench/server.h"
#include "bench/traffic.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSenders = 2;
constexpr int kWarmUps = 2;
constexpr uint64_t kSpansAtOnce = 1'000'000;  // bodies of so many are in memory at a time
constexpr uint64_t kHoursBack = 6;
constexpr uint64_t kLargeTrace = 0x5900000000000001;
constexpr uint32_t kLargeTraceSpans = 10'008;

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

// Fills the server; traces start one after the other, from `start_ns` on, and the last one is large.
uint64_t Fill(const Server& server, const QueryOptions& options, uint64_t start_ns) {
  uint64_t sent = 0;
  for (uint64_t part = 0; sent < options.spans; ++part) {
    const TrafficOptions traffic{
        .seed = options.seed + part, .span_count = std::min(kSpansAtOnce, options.spans - sent), .start_ns = start_ns};
    const std::vector<Body> bodies = Fleet(traffic, start_ns);
    Send(server, bodies);
    for (const Body& body : bodies) sent += body.span_count;
  }
  Send(server, LargeTrace(kLargeTrace, kLargeTraceSpans, start_ns));
  return sent + kLargeTraceSpans;
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

uint64_t Metric(const Server& server, std::string_view name) {
  HttpConnection http(server.query_port());
  return std::strtoull(Behind(Ask(http, "/metrics"), fmt::format("\n{} ", name)).c_str(), nullptr, 10);
}

// How long so many spans take to happen, about.
uint64_t TrafficNs(uint64_t spans) { return spans * 90'000; }

// Before all traces of a store that was filled earlier.
uint64_t EarliestStart(const Server& server, uint64_t spans) {
  HttpConnection http(server.query_port());
  const std::string newest = Ask(http, "/api/spoor/v1/search?start=0&limit=1");
  return std::strtoull(Behind(newest, "\"startTimeUnixNano\":\"").c_str(), nullptr, 10) - TrafficNs(spans);
}

double AskTimed(HttpConnection& http, const std::string& target, size_t* answer_bytes = nullptr) {
  const auto asked = Clock::now();
  const std::string answer = Ask(http, target);
  if (answer_bytes != nullptr) *answer_bytes = answer.size();
  return std::chrono::duration<double, std::milli>(Clock::now() - asked).count();
}

QueryResult Measure(const Server& server, std::string question, const std::string& target, int runs) {
  QueryResult result{.question = std::move(question)};
  HttpConnection http(server.query_port());
  std::vector<double> times;
  double cpu_before = 0;
  for (int i = 0; i < kWarmUps + runs; ++i) {
    if (i == kWarmUps) cpu_before = server.CpuSeconds();
    times.push_back(AskTimed(http, target, &result.answer_bytes));
  }
  result.cpu_ms = (server.CpuSeconds() - cpu_before) * 1000 / runs;
  std::vector<double> warm(times.begin() + kWarmUps, times.end());
  std::sort(warm.begin(), warm.end());
  result.p50_ms = warm[warm.size() / 2];
  result.p99_ms = warm[std::min(warm.size() - 1, warm.size() * 99 / 100)];
  return result;
}

struct Question {
  std::string text;
  std::string target;
};

std::vector<Question> Questions(const Server& server, uint64_t start_ns, uint64_t spans) {
  HttpConnection http(server.query_port());
  const std::string search = fmt::format("/api/spoor/v1/search?start={}", start_ns / 1000);
  const std::string overview = fmt::format("/api/spoor/v1/overview?start={}", start_ns / 1000);
  const std::string window = fmt::format("?start={}", start_ns / 1000);
  const std::string conditions = "&service=payment&tag=http.response.status_code:500&minDuration=2ms";
  // A trace and a user from somewhere in the middle.
  const std::string some = Ask(http, fmt::format("/api/traces?service=frontend&limit=1&start={}&end={}",
                                                 start_ns / 1000, (start_ns + TrafficNs(spans) / 2) / 1000));
  const std::string trace_id = Behind(some, "\"traceID\":\"");
  const std::string user = Behind(some.substr(some.find("\"app.user.id\"")), "\"value\":\"");
  return {
      {"trace by id, columns", "/api/spoor/v1/traces/" + trace_id + "/columns"},
      {fmt::format("trace by id, columns, of {} spans", kLargeTraceSpans),
       fmt::format("/api/spoor/v1/traces/{:032x}/columns", kLargeTrace)},
      {"newest 20", search + "&limit=20"},
      {"newest 20 of service, attribute, minimal duration", search + "&limit=20" + conditions},
      {"longest 20 of a service", search + "&limit=20&order=longest&service=payment"},
      {"longest 20 of a service and operation",
       search + "&limit=20&order=longest&service=payment&operation=SELECT%20ledger_entries"},
      {"longest 20 of service, attribute, minimal duration", search + "&limit=20&order=longest" + conditions},
      {"20 with most errors", search + "&limit=20&order=most-errors"},
      {"newest 20 of traces with an error, counted", search + "&limit=20&count=true&traceErrors=true"},
      {"overview of everything", overview},
      {"overview of everything, with 5,000 points", overview + "&points=5000"},
      {"overview of a service", overview + "&service=payment"},
      {"overview of service, attribute, minimal duration", overview + conditions},
      {"attribute value that occurs once", search + "&limit=20&tag=app.user.id:" + user},
      {"attribute value that occurs once, longest first", search + "&limit=20&order=longest&tag=app.user.id:" + user},
      {"attribute value that occurs nowhere", search + "&limit=20&tag=app.user.id:nobody"},
      {"services", "/api/services"},
      {"operations of a service", "/api/services/payment/operations"},
      {"rate, errors, durations of all services over time", "/api/spoor/v1/red" + window},
      {"the same of a service's operations", "/api/spoor/v1/red" + window + "&groupBy=operation&service=payment"},
      {"map of services", "/api/spoor/v1/map" + window},
      {"map of the last minutes", "/api/spoor/v1/map" + fmt::format("?start={}", (start_ns + 600'000'000'000) / 1000)},
  };
}

}  // namespace

QueryResults MeasureQueries(const QueryOptions& options) {
  const auto started =
      options.data_folder.empty()
          ? std::make_unique<Server>(options.binary, options.data_parent, options.server_flags)
          : std::make_unique<Server>(options.binary, Server::Kept{options.data_folder}, options.server_flags);
  Server& server = *started;
  const uint64_t there = Metric(server, "spoor_store_spans");
  QueryResults results{.spans = there};
  uint64_t start_ns = NowNs() - kHoursBack * 3'600'000'000'000;
  if (there == 0) {
    results.spans = Fill(server, options, start_ns);
    server.Compact();
    server.WaitUntilIdle();
  } else {
    start_ns = EarliestStart(server, there);
  }
  results.blocks = Metric(server, "spoor_store_blocks");
  results.split_traces = Metric(server, "spoor_store_split_traces");
  const std::vector<Question> questions = Questions(server, start_ns, results.spans);
  for (const Question& question : questions) {
    results.questions.push_back(Measure(server, question.text, question.target, options.runs));
  }
  results.rss_bytes = server.RssBytes();
  results.rss_peak_bytes = server.PeakRssBytes();
  for (size_t i = 0; i < questions.size(); ++i) {
    server.DropPageCache();
    server.Reopen();
    results.open_seconds = server.start_seconds();
    server.DropPageCache();
    HttpConnection http(server.query_port());
    results.questions[i].first_ms = AskTimed(http, questions[i].target);
  }
  HttpConnection http(server.query_port());
  const std::string overview = Ask(http, fmt::format("/api/spoor/v1/overview?start={}", start_ns / 1000));
  results.traces = std::strtoull(Behind(overview, "\"traceCount\":").c_str(), nullptr, 10);
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
