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
#include <memory>
#include <optional>
#include <utility>

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

// A name that the system's resolver looks up.
struct Resolution {
  error_code error = asio::error::would_block;
  asio::ip::tcp::resolver::results_type addresses;
};

}  // namespace

// Everything is asynchronous beneath, as that is how Asio knows deadlines, and waited for on the spot.
struct HttpPoster::Connection {
  asio::io_context io;
  std::optional<ssl::context> tls_context;  // only where it is needed: OpenSSL cleans up while the process exits
  asio::ip::tcp::resolver resolver{io};
  std::optional<beast::tcp_stream> plain;
  std::optional<TlsStream> tls;
  beast::flat_buffer buffer;
  std::atomic<bool> is_cancelled{false};
  std::shared_ptr<const Resolution> last_resolution;

  // Whether a thread of Asio's may still be looking up a name, which destroying this would wait for.
  bool IsResolving() const { return last_resolution != nullptr && last_resolution->error == asio::error::would_block; }
  bool IsOpen() { return plain.has_value() || tls.has_value(); }
  beast::tcp_stream& Tcp() { return tls ? beast::get_lowest_layer(*tls) : *plain; }
  void Close() {
    plain.reset();
    tls.reset();
    buffer.clear();
  }

  // Starts an operation and runs until its handler has been called with an error, or none. None is started any more
  // once it was cancelled, as what cancels may have run before.
  template <class Start>
  error_code Wait(const Start& start) {
    if (is_cancelled) return asio::error::operation_aborted;
    error_code result = asio::error::would_block;
    start([&result](error_code error, auto&&...) { result = error; });
    io.restart();
    while (result == asio::error::would_block && !io.stopped()) io.run_one();
    return result;
  }

  // What is wrong with the files, "" if nothing.
  std::string ConfigureTls(const TlsFiles& files) {
    tls_context.emplace(ssl::context::tls_client);
    error_code error;
    const auto problem = [&error](const std::string& file) { return file + ": " + error.message(); };
    if (files.certificate_authorities.empty()) {
      tls_context->set_default_verify_paths(error);
    } else {
      tls_context->load_verify_file(files.certificate_authorities, error);
    }
    if (error) return problem(files.certificate_authorities);
    if (!files.client_certificate.empty()) tls_context->use_certificate_chain_file(files.client_certificate, error);
    if (error) return problem(files.client_certificate);
    if (!files.client_key.empty()) tls_context->use_private_key_file(files.client_key, ssl::context::pem, error);
    if (error) return problem(files.client_key);
    tls_context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
    if (!error) tls_context->set_verify_mode(ssl::verify_peer, error);
    return error ? error.message() : std::string();
  }

  // The system's resolver may take its time and cannot be stopped, so what it finds is left to itself at the deadline.
  error_code Resolve(const Url& url, std::chrono::steady_clock::time_point deadline,
                     asio::ip::tcp::resolver::results_type& addresses) {
    const auto resolution = std::make_shared<Resolution>();
    last_resolution = resolution;
    resolver.async_resolve(url.host, url.port, [resolution](error_code error, auto found) {
      resolution->error = error;
      resolution->addresses = std::move(found);
    });
    io.restart();
    while (resolution->error == asio::error::would_block) {
      if (is_cancelled) return asio::error::operation_aborted;
      if (std::chrono::steady_clock::now() >= deadline) return beast::error::timeout;
      io.run_one_until(deadline);
    }
    addresses = std::move(resolution->addresses);
    return resolution->error;
  }

  error_code Connect(const Url& url, std::chrono::steady_clock::time_point deadline) {
    asio::ip::tcp::resolver::results_type addresses;
    error_code error = Resolve(url, deadline, addresses);
    if (error) return error;
    if (url.is_tls) {
      tls.emplace(io, *tls_context);
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
    error_code error = Wait([&](auto handler) { http::async_write(stream, request, handler); });
    // What goes before the answer (100 to 199) is none.
    while (!error) {
      parser.emplace();
      parser->body_limit(kAnswerBytesMax);
      error = Wait([&](auto handler) { http::async_read(stream, buffer, *parser, handler); });
      if (parser->is_header_done() && parser->get().result_int() >= 200) break;
    }
    return error;
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
  if (connection_ != nullptr && connection_->IsResolving()) {
    // Left to the thread that looks up, and reachable for as long as that may take.
    static std::atomic<Connection*> left_behind{nullptr};
    left_behind = connection_.release();
  }
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
      if (url_.is_tls) answer.problem = connection.ConfigureTls(tls_);
      if (!answer.problem.empty()) return answer;
      error = connection.Connect(url_, deadline);
    }
    std::optional<http::response_parser<http::string_body>> parser;
    if (!error) {
      connection.Tcp().expires_at(deadline);
      error = connection.tls ? connection.Exchange(*connection.tls, request, parser)
                             : connection.Exchange(*connection.plain, request, parser);
    }
    // An answer whose body breaks off, or is too long, is one: what was taken must not be sent again.
    if (!error || (parser && parser->is_header_done())) {
      const auto& response = parser->get();
      answer.status = response.result_int();
      answer.retry_after = std::string(response[http::field::retry_after]);
      if (!error) answer.body = response.body();
      if (error || !response.keep_alive()) connection.Close();
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
