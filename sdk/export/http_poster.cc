#include "export/http_poster.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <atomic>
#include <optional>

#include "trace/clock.h"

#ifndef SPOOR_SDK_VERSION
#define SPOOR_SDK_VERSION "0.1.0"
#endif

namespace spoor::trace {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

HttpAnswer CancelledAnswer() {
  HttpAnswer answer;
  answer.problem = "it was cancelled";
  return answer;
}

constexpr size_t kAnswerBytesMax = size_t{4} << 20;

}  // namespace

// Everything is asynchronous beneath, as that is how Asio knows deadlines, and waited for on the spot.
struct HttpPoster::Connection {
  Connection() : tls_context(ssl::context::tls_client), resolver(io) {}

  asio::io_context io;
  ssl::context tls_context;
  asio::ip::tcp::resolver resolver;
  std::optional<beast::tcp_stream> plain;
  std::optional<TlsStream> tls;
  beast::flat_buffer buffer;
  std::atomic<bool> is_cancelled{false};

  bool IsOpen() { return plain.has_value() || tls.has_value(); }
  beast::tcp_stream& Tcp() { return tls ? beast::get_lowest_layer(*tls) : *plain; }
  void Close() {
    plain.reset();
    tls.reset();
    buffer.clear();
  }

  // Starts an operation and runs until its handler has been called with an error, or none.
  template <class Start>
  error_code Wait(const Start& start) {
    error_code result = asio::error::would_block;
    start([&result](error_code error, auto&&...) { result = error; });
    io.restart();
    while (result == asio::error::would_block && !io.stopped()) io.run_one();
    return result;
  }

  error_code ConfigureTls(const TlsFiles& files) {
    error_code error;
    if (files.certificate_authorities.empty()) {
      tls_context.set_default_verify_paths(error);
    } else {
      tls_context.load_verify_file(files.certificate_authorities, error);
    }
    if (!error && !files.client_certificate.empty()) {
      tls_context.use_certificate_chain_file(files.client_certificate, error);
    }
    if (!error && !files.client_key.empty()) {
      tls_context.use_private_key_file(files.client_key, ssl::context::pem, error);
    }
    if (!error) tls_context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
    if (!error) tls_context.set_verify_mode(ssl::verify_peer, error);
    return error;
  }

  error_code Connect(const Url& url, std::chrono::steady_clock::time_point deadline) {
    asio::ip::tcp::resolver::results_type addresses;
    asio::steady_timer timer(io, deadline);  // the resolver knows no deadline of its own
    timer.async_wait([this](error_code error) {
      if (!error) resolver.cancel();
    });
    error_code error = asio::error::would_block;
    resolver.async_resolve(url.host, url.port, [&](error_code resolved, auto found) {
      error = resolved;
      addresses = std::move(found);
    });
    io.restart();
    while (error == asio::error::would_block && !io.stopped()) io.run_one();
    timer.cancel();
    if (error) return error;
    if (url.is_tls) {
      tls.emplace(io, tls_context);
      tls->set_verify_callback(ssl::host_name_verification(url.host), error);
      if (error) return error;
      error_code is_name;  // server name indication is for names, not for addresses
      asio::ip::make_address(url.host, is_name);
      if (is_name) SSL_set_tlsext_host_name(tls->native_handle(), url.host.c_str());
    } else {
      plain.emplace(io);
    }
    Tcp().expires_at(deadline);
    error = Wait([&](auto handler) { Tcp().async_connect(addresses, handler); });
    if (error) return error;
    error_code ignored;
    Tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    return url.is_tls ? Wait([&](auto handler) { tls->async_handshake(ssl::stream_base::client, handler); }) : error;
  }

  template <class Stream, class Request, class Parser>
  error_code Exchange(Stream& stream, Request& request, Parser& parser) {
    const error_code error = Wait([&](auto handler) { http::async_write(stream, request, handler); });
    return error ? error : Wait([&](auto handler) { http::async_read(stream, buffer, parser, handler); });
  }
};

HttpPoster::HttpPoster(Url url, TlsFiles tls, Headers headers)
    : url_(std::move(url)), tls_(std::move(tls)), headers_(std::move(headers)) {}

HttpPoster::~HttpPoster() = default;

HttpPoster::Connection* HttpPoster::TheConnection() {
  const std::lock_guard lock(mutex_);
  if (is_cancelled_) return nullptr;
  if (connection_ == nullptr) connection_ = std::make_unique<Connection>();
  return connection_.get();
}

void HttpPoster::Close() noexcept {
  const std::lock_guard lock(mutex_);
  connection_.reset();
}

void HttpPoster::Cancel() noexcept {
  const std::lock_guard lock(mutex_);
  is_cancelled_ = true;
  if (connection_ == nullptr) return;
  connection_->is_cancelled = true;
  asio::post(connection_->io, [connection = connection_.get()] {
    connection->resolver.cancel();
    if (connection->IsOpen()) connection->Tcp().cancel();
  });
}

HttpAnswer HttpPoster::Post(std::string_view body, bool is_gzip, std::chrono::milliseconds timeout) {
  Connection* const kept = TheConnection();
  if (kept == nullptr) return CancelledAnswer();
  Connection& connection = *kept;
  const auto deadline = After(timeout);
  http::request<http::span_body<const char>> request(http::verb::post, url_.target, 11);
  request.set(http::field::host, url_.HostHeader());
  request.set(http::field::user_agent, "OTel-OTLP-Exporter-Cpp/" SPOOR_SDK_VERSION " spoor");
  request.set(http::field::content_type, "application/x-protobuf");
  if (is_gzip) request.set(http::field::content_encoding, "gzip");
  for (const auto& [name, value] : headers_) request.set(name, value);
  request.body() = {body.data(), body.size()};
  request.prepare_payload();

  HttpAnswer answer;
  while (!connection.is_cancelled) {
    const bool is_kept = connection.IsOpen();
    error_code error;
    if (!is_kept) {
      if (url_.is_tls) error = connection.ConfigureTls(tls_);
      if (!error) error = connection.Connect(url_, deadline);
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerBytesMax);
    if (!error) {
      connection.Tcp().expires_at(deadline);
      error = connection.tls ? connection.Exchange(*connection.tls, request, parser)
                             : connection.Exchange(*connection.plain, request, parser);
    }
    if (!error) {
      const auto& response = parser.get();
      answer.status = response.result_int();
      answer.body = response.body();
      answer.retry_after = std::string(response[http::field::retry_after]);
      if (!response.keep_alive()) connection.Close();
      return answer;
    }
    connection.Close();
    // A connection that was idle may have been closed by the other side without our knowing.
    if (is_kept && error != beast::error::timeout) continue;
    answer.problem = error.message();
    return answer;
  }
  return CancelledAnswer();
}

}  // namespace spoor::trace
