#include "testing/http_receiver.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

namespace spoor::trace::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds kPatience{20};

}  // namespace

struct HttpReceiver::Listener {
  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::optional<asio::ssl::context> tls;
};

HttpReceiver::HttpReceiver(Answer answer, std::optional<SelfSigned> identity)
    : answer_(std::move(answer)), listener_(std::make_unique<Listener>()) {
  port_ = listener_->acceptor.local_endpoint().port();
  if (identity) {
    auto& tls = listener_->tls.emplace(asio::ssl::context::tls_server);
    tls.use_certificate_chain(asio::buffer(identity->certificate));
    tls.use_private_key(asio::buffer(identity->key), asio::ssl::context::pem);
  }
  accepting_ = std::thread([this] { Accept(); });
}

HttpReceiver::~HttpReceiver() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(listener_->acceptor.native_handle(), SHUT_RDWR);
  accepting_.join();
  for (std::thread& thread : serving_) thread.join();
  for (const int socket : sockets_) ::close(socket);
}

std::string HttpReceiver::Url(const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(port_) + "/v1/traces";
}

std::vector<ReceivedRequest> HttpReceiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool HttpReceiver::WaitForHungUp(int count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return hung_up_ >= count; });
}

void HttpReceiver::Accept() {
  for (int connection = 0;; ++connection) {
    const int socket = ::accept(listener_->acceptor.native_handle(), nullptr, nullptr);
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    if (is_over_) {
      ::close(socket);
      return;
    }
    sockets_.push_back(socket);
    serving_.emplace_back([this, socket, connection] { Serve(socket, connection); });
  }
}

void HttpReceiver::Serve(int socket, int connection) {
  boost::system::error_code error;
  const auto serve = [&](auto& stream) {
    boost::beast::flat_buffer buffer;
    while (true) {
      http::request<http::string_body> request;
      http::read(stream, buffer, request, error);
      if (error) return;
      ReceivedRequest received{std::string(request.target()), {}, request.body(), connection};
      for (const auto& field : request) {
        std::string name(field.name_string());
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        received.headers[name] = std::string(field.value());
      }
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(received);
      }
      const Reply reply = answer_(received);
      if (reply.never_comes) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_over_; });
        return;
      }
      if (!reply.before.empty()) asio::write(stream, asio::buffer(reply.before), error);
      http::response<http::string_body> response(static_cast<http::status>(reply.status), 11, reply.body);
      for (const auto& [name, value] : reply.headers) response.set(name, value);
      response.prepare_payload();
      http::write(stream, response, error);
      if (error) return;
      if (reply.hangs_up_behind) {
        ::shutdown(socket, SHUT_RDWR);
        const std::lock_guard lock(mutex_);
        ++hung_up_;
        changed_.notify_all();
        return;
      }
    }
  };
  asio::io_context io;
  // A duplicate, as the socket itself is closed by the destructor, which may have to wake this thread through it.
  tcp::socket stream(io, tcp::v4(), ::dup(socket));
  if (!listener_->tls) return serve(stream);
  asio::ssl::stream<tcp::socket&> secure(stream, *listener_->tls);
  secure.handshake(asio::ssl::stream_base::server, error);
  if (!error) serve(secure);
}

}  // namespace spoor::trace::testing
