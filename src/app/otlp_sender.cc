#include "app/otlp_sender.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

namespace spoor {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

// A server that is restarted is back within this.
constexpr int kConnectTries = 20;
constexpr std::chrono::milliseconds kConnectPause{500};
constexpr std::chrono::seconds kRetryPauseMax{30};
constexpr std::chrono::seconds kTimeout{120};

// The number behind `name` in a small JSON answer: {"partialSuccess":{"rejectedSpans":"3"}}.
uint64_t NumberIn(std::string_view json, std::string_view name) {
  const size_t at = json.find(name);
  if (at == std::string_view::npos) return 0;
  const size_t digit = json.find_first_of("0123456789", at + name.size());
  uint64_t number = 0;
  if (digit != std::string_view::npos) std::from_chars(json.data() + digit, json.data() + json.size(), number);
  return number;
}

class BeastSender final : public OtlpSender {
 public:
  BeastSender(std::string host, std::string port, std::string target)
      : host_(std::move(host)), port_(std::move(port)), target_(std::move(target)) {}

  Result<uint64_t> Send(const std::string& body) override {
    int failures = 0;
    while (true) {
      auto answer = Ask(body);
      if (!answer) {
        stream_.reset();
        if (++failures >= kConnectTries) return answer.error();
        Pause(kConnectPause);
        continue;
      }
      failures = 0;
      const int status = answer->result_int();
      if (status == 200) return NumberIn(answer->body(), "\"rejectedSpans\"");
      const bool may_pass = status == 429 || status == 502 || status == 503 || status == 504;
      if (!may_pass) return Invalid(fmt::format("the server answers {}: {}", status, answer->body()));
      Pause(RetryAfter(*answer));
    }
  }

 private:
  using Answer = http::response<http::string_body>;

  static void Pause(std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);  // check-ok(bans): the server said to come again later
  }
  static std::chrono::milliseconds RetryAfter(const Answer& answer) {
    const std::string_view text(answer[http::field::retry_after].data(), answer[http::field::retry_after].size());
    int seconds = 1;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(std::max(seconds, 1)), kRetryPauseMax);
  }

  Status Connect() {
    boost::system::error_code error;
    asio::ip::tcp::resolver resolver(context_);
    const auto found = resolver.resolve(host_, port_, error);
    if (error) return Error(Code::kIo, fmt::format("{} is not known: {}", host_, error.message()));
    stream_.emplace(context_);
    stream_->expires_after(kTimeout);
    stream_->connect(found, error);
    if (error) return Error(Code::kIo, fmt::format("{}:{}: {}", host_, port_, error.message()));
    return {};
  }

  Result<Answer> Ask(const std::string& body) {
    if (!stream_) RETURN_IF_ERROR(Connect());
    http::request<http::span_body<const char>> request(http::verb::post, target_, 11);
    request.set(http::field::host, host_ + ":" + port_);
    request.set(http::field::content_type, "application/json");
    request.body() = beast::span<const char>(body.data(), body.size());
    request.prepare_payload();
    boost::system::error_code error;
    stream_->expires_after(kTimeout);
    http::write(*stream_, request, error);
    beast::flat_buffer buffer;
    Answer answer;
    if (!error) http::read(*stream_, buffer, answer, error);
    if (error) return Error(Code::kIo, fmt::format("{}:{}: {}", host_, port_, error.message()));
    if (!answer.keep_alive()) stream_.reset();
    return answer;
  }

  const std::string host_, port_, target_;
  asio::io_context context_;
  std::optional<beast::tcp_stream> stream_;
};

}  // namespace

Result<std::unique_ptr<OtlpSender>> OtlpSender::Make(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  constexpr std::string_view kPath = "/v1/traces";
  std::string_view rest = url;
  if (!rest.starts_with(kScheme)) return Invalid(fmt::format("'{}' is no URL that begins with http://", url));
  rest.remove_prefix(kScheme.size());
  const size_t slash = rest.find('/');
  std::string target(slash == std::string_view::npos ? "" : rest.substr(slash));
  while (target.ends_with('/')) target.pop_back();
  if (!target.ends_with(kPath)) target += kPath;
  const std::string_view authority = rest.substr(0, slash);
  const size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  std::string host(authority.substr(0, has_port ? colon : authority.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return Invalid(fmt::format("'{}' names no host", url));
  std::string port(has_port ? authority.substr(colon + 1) : "4318");
  return std::unique_ptr<OtlpSender>(
      std::make_unique<BeastSender>(std::move(host), std::move(port), std::move(target)));
}

}  // namespace spoor
