#include "learn/check/http_client.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <optional>
#include <vector>

#include "base/version.h"
#include "learn/check/resolve.h"

namespace spoor::learn {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kSlice = std::chrono::milliseconds(50);  // how soon a stop is seen

std::string Seconds(std::chrono::milliseconds time) { return fmt::format("{:g} s", time.count() / 1000.0); }

HttpOutcome Failed(HttpEnd end, std::string message) { return {end, 0, {}, std::move(message)}; }

uint16_t PortOf(const Url& url) {
  uint16_t port = 0;
  std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
  return port;
}

std::vector<tcp::endpoint> Endpoints(const std::vector<std::string>& addresses, uint16_t port) {
  std::vector<tcp::endpoint> endpoints;
  for (const std::string& address : addresses) {
    error_code bad;
    const auto ip = asio::ip::make_address(address, bad);
    if (!bad) endpoints.emplace_back(ip, port);
  }
  return endpoints;
}

// Everything is asynchronous beneath, as that is how Asio knows deadlines, and waited for on the spot.
class Exchange {
 public:
  Exchange(const HttpPatience& patience, const std::stop_token& stop) : patience_(patience), stop_(stop) {}

  HttpOutcome Connect(const std::vector<tcp::endpoint>& endpoints) {
    stream_.expires_after(patience_.connect);
    const error_code error = Await([&](auto handler) { stream_.async_connect(endpoints, handler); });
    if (!error) return {HttpEnd::kAnswered, 0, {}, {}};
    if (stop_.stop_requested()) return Failed(HttpEnd::kStopped, "stopped");
    if (error == beast::error::timeout) {
      return Failed(HttpEnd::kTimeout, fmt::format("no connection within {}", Seconds(patience_.connect)));
    }
    if (error == asio::error::connection_refused) return Failed(HttpEnd::kRefused, "connection refused");
    return Failed(HttpEnd::kUnreachable, error.message());
  }

  HttpOutcome Get(const Url& url, std::string_view target, const HttpHeaders& headers) {
    http::request<http::empty_body> request(http::verb::get, url.base + std::string(target), 11);
    request.set(http::field::host, url.Authority());
    request.set(http::field::user_agent, fmt::format("spoor-check/{}", Version()));
    request.set(http::field::accept, "application/json");
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : headers) request.set(name, value);
    stream_.expires_after(patience_.answer);
    const error_code error = Await([&](auto handler) { http::async_write(stream_, request, handler); });
    return error ? Ended(error) : Read();
  }

 private:
  // Whether what came begins as an answer does. The parser only looks once it has a line.
  static bool MayBeHttp(const beast::flat_buffer& buffer) {
    constexpr std::string_view kStart = "HTTP/1.";
    const std::string_view came(static_cast<const char*>(buffer.data().data()), buffer.size());
    return came.substr(0, kStart.size()) == kStart.substr(0, came.size());
  }

  HttpOutcome Read() {
    beast::flat_buffer buffer;
    for (;;) {
      http::response_parser<http::string_body> parser;
      parser.body_limit(patience_.body_bytes_max);
      parser.get().result(0u);  // until there is a status line
      const error_code error = Await([&](auto handler) { http::async_read(stream_, buffer, parser, handler); });
      if (error && parser.get().result_int() == 0 && !MayBeHttp(buffer)) return Ended(http::error::bad_version);
      if (error) return Ended(error);
      const int status = static_cast<int>(parser.get().result_int());
      if (status >= 200) return {HttpEnd::kAnswered, status, std::move(parser.get().body()), {}};
    }
  }

  HttpOutcome Ended(error_code error) const {
    if (stop_.stop_requested()) return Failed(HttpEnd::kStopped, "stopped");
    if (error == beast::error::timeout) {
      return Failed(HttpEnd::kTimeout, fmt::format("no answer within {}", Seconds(patience_.answer)));
    }
    if (error == http::error::end_of_stream) {
      return Failed(HttpEnd::kClosed, "the connection was closed without an answer");
    }
    if (error == http::error::body_limit || error == http::error::header_limit ||
        error == http::error::buffer_overflow) {
      return Failed(HttpEnd::kTooLarge, "the answer is too large");
    }
    if (error == http::error::partial_message || error.category() != http::make_error_code(http::error{}).category()) {
      return Failed(HttpEnd::kClosed, "the connection was closed in the middle of the answer");
    }
    return Failed(HttpEnd::kNotHttp, "what answers there does not speak HTTP");
  }

  // Starts an operation and runs until it has ended.
  template <class Start>
  error_code Await(const Start& start) {
    std::optional<error_code> result;
    start([&result](error_code error, auto&&...) { result = error; });
    while (!result) {
      io_.restart();
      io_.run_one_for(kSlice);
      if (!result && stop_.stop_requested()) stream_.close();
    }
    return *result;
  }

  const HttpPatience& patience_;
  const std::stop_token& stop_;
  asio::io_context io_{1};
  beast::tcp_stream stream_{io_};
};

}  // namespace

HttpOutcome HttpGet(const Url& url, std::string_view target, const HttpHeaders& headers, const HttpPatience& patience,
                    const std::stop_token& stop) {
  const Resolved resolved = Resolve(url.host, patience.resolve, stop);
  switch (resolved.end) {
    case ResolveEnd::kFound: break;
    case ResolveEnd::kStopped: return Failed(HttpEnd::kStopped, "stopped");
    case ResolveEnd::kTimeout: return Failed(HttpEnd::kTimeout, resolved.message);
    case ResolveEnd::kUnknownHost:
      return Failed(HttpEnd::kUnknownHost, fmt::format("no host has the name {}: {}", url.host, resolved.message));
  }
  const std::vector<tcp::endpoint> endpoints = Endpoints(resolved.addresses, PortOf(url));
  try {  // Asio throws where the process is out of memory or descriptors
    Exchange exchange(patience, stop);
    HttpOutcome connected = exchange.Connect(endpoints);
    return connected.IsAnswered() ? exchange.Get(url, target, headers) : connected;
  } catch (const std::exception& error) {
    return Failed(HttpEnd::kUnreachable, error.what());
  }
}

}  // namespace spoor::learn
