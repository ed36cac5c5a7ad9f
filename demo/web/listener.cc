#include "web/listener.h"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <list>
#include <mutex>
#include <thread>

#include "web/stopping.h"
#include "web/url.h"

namespace web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kConnectionsMax = 256;
constexpr uint32_t kHeadBytesMax = 16 << 10;
constexpr uint64_t kBodyBytesMax = 64 << 10;
constexpr auto kReadTimeout = std::chrono::seconds(30);  // from the last answer to the end of the next request
constexpr auto kWriteTimeout = std::chrono::seconds(10);
constexpr auto kStopPatience = std::chrono::seconds(3);

Request MakeRequest(Message message, const tcp::endpoint& peer) {
  Request request;
  const std::string_view target(message.target().data(), message.target().size());
  const size_t question = std::min(target.find('?'), target.size());
  request.path = PercentDecode(target.substr(0, question));
  request.query_text = target.substr(question);
  request.query = ParseQuery(target.substr(std::min(target.size(), question + 1)));
  request.message = std::move(message);
  request.peer_address = peer.address().to_string();
  request.peer_port = peer.port();
  return request;
}

// What to answer where a request could not be read; nothing where nobody is there to read it, or nothing was asked.
std::optional<Response> RefusalOf(const error_code& error) {
  if (error == http::error::body_limit) return Response(413, ErrorJson("the body of the request is too large"));
  if (error == http::error::header_limit) return Response(431, ErrorJson("the head of the request is too large"));
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (is_gone || error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return Response(400, ErrorJson("this is no HTTP request: " + error.message()));
}

// One client, on a thread of its own. Everything that happens to the socket happens there.
class Connection {
 public:
  Connection(const std::function<Response(Request)>& answer, std::function<void()> on_end)
      : answer_(answer), on_end_(std::move(on_end)), stream_(io_) {}
  ~Connection() {
    if (thread_.joinable()) thread_.join();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  tcp::socket& socket() { return stream_.socket(); }
  bool is_open() const { return is_open_; }

  // Once the socket has a client.
  void Start() {
    is_open_ = true;
    thread_ = std::thread([this] {
      Serve();
      is_open_ = false;
      on_end_();
    });
  }

  // Ends it where it waits for a request, or else after its answer. From any thread.
  void Stop() {
    is_stopping_ = true;
    asio::post(io_, [this] {
      if (is_reading_) stream_.cancel();
    });
  }

 private:
  void Serve() {
    error_code error;
    const tcp::endpoint peer = socket().remote_endpoint(error);
    socket().set_option(tcp::no_delay(true), error);
    beast::flat_buffer buffer;
    while (!is_stopping_) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(kHeadBytesMax);
      parser.body_limit(kBodyBytesMax);
      if (const error_code failed = Read(buffer, parser)) {
        const std::optional<Response> refusal = RefusalOf(failed);
        if (refusal) Write(*refusal, 11, /*keep_alive=*/false, /*head_only=*/false);
        break;
      }
      const Message& asked = parser.get();
      const bool keep_alive = asked.keep_alive();
      const bool head_only = asked.method() == http::verb::head;
      const unsigned version = asked.version();
      const Response response = answer_(MakeRequest(parser.release(), peer));
      if (!Write(response, version, keep_alive && !is_stopping_, head_only) || !keep_alive) break;
    }
    socket().shutdown(tcp::socket::shutdown_both, error);
    stream_.close();
  }

  error_code Read(beast::flat_buffer& buffer, http::request_parser<http::string_body>& parser) {
    error_code failed;
    stream_.expires_after(kReadTimeout);
    is_reading_ = true;
    http::async_read(stream_, buffer, parser, [&](error_code error, size_t) { failed = error; });
    RunToTheEnd();
    is_reading_ = false;
    return failed;
  }

  // False where the client did not take it.
  bool Write(const Response& response, unsigned version, bool keep_alive, bool head_only) {
    http::response<http::string_body> message(static_cast<http::status>(response.status), version);
    message.set(http::field::content_type, "application/json");
    if (response.status == 405) message.set(http::field::allow, "GET, HEAD");
    message.keep_alive(keep_alive);
    message.body() = response.body;
    message.prepare_payload();
    http::response_serializer<http::string_body> serializer(message);
    error_code failed;
    stream_.expires_after(kWriteTimeout);
    const auto done = [&](error_code error, size_t) { failed = error; };
    if (head_only) {
      http::async_write_header(stream_, serializer, done);
    } else {
      http::async_write(stream_, serializer, done);
    }
    RunToTheEnd();
    return !failed;
  }

  void RunToTheEnd() {
    io_.restart();
    io_.run();
  }

  const std::function<Response(Request)>& answer_;
  const std::function<void()> on_end_;
  asio::io_context io_{1};
  beast::tcp_stream stream_;
  bool is_reading_ = false;  // of the thread
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> is_open_{false};
  std::thread thread_;
};

// All that are open.
class Connections {
 public:
  explicit Connections(const std::function<Response(Request)>& answer) : answer_(answer) {}

  // One for the next client, or none where there are too many. It counts once it is started.
  Connection* Make() {
    connections_.remove_if([](const Connection& connection) { return !connection.is_open(); });
    if (connections_.size() >= kConnectionsMax) return nullptr;
    return &connections_.emplace_back(answer_, [this] { OnEnd(); });
  }

  void Stop() {
    for (Connection& connection : connections_) connection.Stop();
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, kStopPatience, [this] {
      return std::none_of(connections_.begin(), connections_.end(), [](const auto& one) { return one.is_open(); });
    });
    lock.unlock();
    EndAllWaits();
    connections_.clear();
  }

 private:
  void OnEnd() {
    const std::lock_guard lock(mutex_);
    ended_.notify_all();
  }

  const std::function<Response(Request)>& answer_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::list<Connection> connections_;
};

// Empty, or why not.
std::string Open(tcp::acceptor& acceptor, const Settings& settings) {
  error_code error;
  const auto address = asio::ip::make_address(settings.listen_host, error);
  if (error) return "LISTEN_HOST is to be an address of this machine, such as 127.0.0.1 or 0.0.0.0";
  const tcp::endpoint endpoint(address, settings.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) return "another program uses it: choose another with PORT";
  return error ? error.message() : "";
}

// Takes clients until the acceptor is closed.
void Accept(tcp::acceptor& acceptor, Connections& connections) {
  auto refused = std::make_shared<tcp::socket>(acceptor.get_executor());
  Connection* connection = connections.Make();
  tcp::socket& socket = connection == nullptr ? *refused : connection->socket();
  acceptor.async_accept(socket, [&acceptor, &connections, connection, refused](error_code error) {
    if (error == asio::error::operation_aborted) return;
    if (error) WaitFor(std::chrono::milliseconds(50));  // no descriptors are left: some client will go
    if (!error && connection != nullptr) connection->Start();
    Accept(acceptor, connections);
  });
}

}  // namespace

bool Listen(const Settings& settings, const std::function<Response(Request)>& answer) {
  signal(SIGPIPE, SIG_IGN);
  asio::io_context io{1};
  tcp::acceptor acceptor(io);
  if (const std::string problem = Open(acceptor, settings); !problem.empty()) {
    std::cerr << "cannot listen on " << settings.listen_host << " port " << settings.port << ": " << problem << "\n";
    return false;
  }
  error_code error;
  const tcp::endpoint here = acceptor.local_endpoint(error);
  const std::string url = "http://" + Url{here.address().to_string(), here.port(), "/"}.Authority();
  std::cerr << "listening on " + url + "\n" << std::flush;

  Connections connections(answer);
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](error_code, int) { io.stop(); });
  Accept(acceptor, connections);
  io.run();
  acceptor.close(error);
  connections.Stop();
  return true;
}

}  // namespace web
