#include <algorithm>
#include <utility>

#include "net/http_connection.h"

namespace spoor {
namespace {

// Deadlines are met to within an eighth, and to within a second.
std::chrono::nanoseconds SweepPeriod(const HttpServerOptions& options) {
  using namespace std::chrono_literals;
  const std::chrono::nanoseconds shortest =
      std::min({options.header_timeout, options.body_stall_timeout, options.body_timeout, options.write_timeout,
                options.linger_timeout});
  return std::clamp<std::chrono::nanoseconds>(shortest / 8, 1ms, 1s);
}

}  // namespace

HttpServerState::HttpServerState(IoThreads::Impl& io_threads, MemoryBudget& memory_budget,
                                 HttpServerOptions server_options, HttpHandler request_handler)
    : io(io_threads),
      budget(memory_budget),
      options(std::move(server_options)),
      handler(std::move(request_handler)),
      body_bytes(ProcessMetrics().AddCounter("spoor_http_body_bytes_total",
                                             "Bytes of request bodies handed on, after decompression.",
                                             {{"server", options.name}})),
      connections_refused(ProcessMetrics().AddCounter("spoor_http_connections_refused_total",
                                                      "Connections closed or refused because there were too many.",
                                                      {{"server", options.name}})),
      connections_gauge(ProcessMetrics().AddGauge(
          "spoor_http_connections", "Open connections.",
          [this] { return static_cast<double>(connections_count.load(std::memory_order_relaxed)); },
          {{"server", options.name}})) {
  for (const auto& lane : io.lanes) {
    lanes.push_back(std::make_unique<HttpConnections>(*lane, SweepPeriod(options)));
  }
}

HttpServerState::~HttpServerState() = default;

HttpResponse HttpServerState::Refusal(int status, std::string_view message, const HttpRequest& head) const {
  HttpResponse response;
  if (options.error_format) {
    response = options.error_format(status, message, head);
  } else {
    response = {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::string(message) + "\n"};
  }
  const bool retryable = response.status == 429 || response.status == 503;
  const bool told = std::any_of(response.headers.begin(), response.headers.end(),
                                [](const auto& header) { return EqualsIgnoringCase(header.first, "Retry-After"); });
  if (retryable && !told) {
    response.headers.emplace_back("Retry-After", std::to_string(limits::kRetryAfter / std::chrono::seconds(1)));
  }
  return response;
}

void HttpServerState::CountAnswer(int status) {
  std::atomic<Counter*>& slot = answers[status >= 100 && status < 600 ? status : 0];
  Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &ProcessMetrics().AddCounter("spoor_http_requests_total", "Requests answered, by status.",
                                           {{"server", options.name}, {"status", std::to_string(status)}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Add();
}

void HttpConnections::Add(HttpConnection& connection, std::shared_ptr<HttpServerState> server) {
  all_.push_back(connection);
  if (std::exchange(sweeping_, true)) return;
  Sweep(std::move(server));
}

void HttpConnections::Sweep(std::shared_ptr<HttpServerState> server) {
  sweep_timer_.expires_after(sweep_period_);
  sweep_timer_.async_wait([this, server = std::move(server)](boost::system::error_code error) mutable {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    // Closing completes later: nothing leaves the list while it is walked.
    for (HttpConnection& connection : all_) connection.CloseIfLate(now);
    sweeping_ = !all_.empty();
    if (sweeping_) Sweep(std::move(server));
  });
}

bool HttpConnections::CloseLongestWaiting() {
  if (waiting_.empty()) return false;
  HttpConnection& connection = waiting_.front();
  waiting_.pop_front();
  connection.Close();
  return true;
}

void HttpConnections::CloseIdle() {
  for (HttpConnection& connection : all_) {
    if (connection.idle()) connection.Close();
  }
}

void HttpConnections::CloseAll() {
  for (HttpConnection& connection : all_) connection.Close();
}

}  // namespace spoor
