// The service that a harness for W3C trace context talks to: POST /test with [{"url": U, "arguments": [...]}, …] posts
// each `arguments` to its `url`, with the headers of a client span, and then answers 200. Prints the port that it
// listens on.
//
//   trace_context_service [PORT]
#include <simdjson.h>
#include <spoor/http_beast.h>
#include <spoor/tracing.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace trace = spoor::trace;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// Of "http://host:port/path".
struct Address {
  explicit Address(std::string_view url) {
    url.remove_prefix(std::string_view("http://").size());
    const size_t slash = url.find('/');
    target = url.substr(slash);
    const std::string_view authority = url.substr(0, slash);
    const size_t colon = authority.rfind(':');
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }
  std::string host, port, target;
};

// The answer's status; 0 where none came.
int Post(const trace::Tracer& tracer, const Address& to, const std::string& body) {
  http::request<http::string_body> request(http::verb::post, to.target, 11, body);
  request.set(http::field::host, to.host + ":" + to.port);
  request.set(http::field::content_type, "application/json");
  request.prepare_payload();
  trace::BeastHeaderWriter headers(request);
  trace::HttpClientSpan span(tracer, trace::FactsOf(request), headers);
  asio::io_context io;
  tcp::socket socket(io);
  error_code error;
  const auto addresses = tcp::resolver(io).resolve(to.host, to.port, error);
  if (!error) asio::connect(socket, addresses, error);
  if (!error) http::write(socket, request, error);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!error) http::read(socket, buffer, response, error);
  if (error) {
    span.SetFailure("connection", error.message());
    return 0;
  }
  span.SetStatus(static_cast<int>(response.result_int()));
  return static_cast<int>(response.result_int());
}

// Does what the body of a request says. False where it is not what it should be.
bool Follow(const trace::Tracer& tracer, const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::array steps;
  if (parser.parse(body).get_array().get(steps) != simdjson::SUCCESS) return false;
  for (const simdjson::dom::element step : steps) {
    std::string_view url;
    simdjson::dom::element arguments;
    if (step["url"].get_string().get(url) != simdjson::SUCCESS) return false;
    if (step["arguments"].get(arguments) != simdjson::SUCCESS || url.rfind("http://", 0) != 0) return false;
    Post(tracer, Address(url), simdjson::minify(arguments));
  }
  return true;
}

void Serve(const trace::Tracer& tracer, tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  boost::beast::flat_buffer buffer;
  while (true) {
    http::request<http::string_body> request;
    http::read(socket, buffer, request, error);
    if (error) return;
    http::response<http::string_body> response(http::status::not_found, 11, "{}");
    {
      trace::HttpServerSpan span = trace::ServerSpanOf(tracer, request, peer.address().to_string(), peer.port());
      if (request.target() == "/test") {
        span.SetRoute("/test");
        response.result(Follow(tracer, request.body()) ? http::status::ok : http::status::bad_request);
      }
      span.SetStatus(static_cast<int>(response.result_int()));
    }
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    http::write(socket, response, error);
    if (error || !request.keep_alive()) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const trace::Tracing tracing = trace::StartTracing("trace-context-service");
  const trace::Tracer tracer = trace::GetTracer("trace-context-service");
  uint16_t port = 0;
  if (argc > 1) std::from_chars(argv[1], argv[1] + std::string_view(argv[1]).size(), port);
  asio::io_context io;
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), port));
  std::printf("%u\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  while (true) {
    tcp::socket socket = acceptor.accept();
    // check-ok(bans): until the process is ended
    std::thread([&tracer, socket = std::move(socket)]() mutable { Serve(tracer, std::move(socket)); }).detach();
  }
}
