// A service that is traced: GET /orders/{id} answers with an order, or with 404.
//
//   checkout [PORT]      then: curl localhost:8080/orders/17
#include <spoor/http_beast.h>
#include <spoor/log.h>
#include <spoor/tracing.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace http = boost::beast::http;
namespace trace = spoor::trace;
using boost::asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

// Work that is worth a span of its own.
std::optional<std::string> FindOrder(const trace::Tracer& tracer, const std::string& id) {
  trace::ActiveSpan span(tracer, "find_order");
  span->SetAttribute("order.id", id);
  if (id != "17") {
    span->AddEvent("order.unknown");
    return std::nullopt;
  }
  return R"({"id":17,"total":"9.90"})";
}

Response Answer(const trace::Tracer& tracer, trace::LogSink& log, const Request& request, const tcp::endpoint& peer) {
  // Current while this function runs: find_order is its child, and the log line has its ids.
  trace::HttpServerSpan span = trace::ServerSpanOf(tracer, request, peer.address().to_string(), peer.port());
  Response response(http::status::not_found, 11, "{}");
  const std::string target(request.target());
  if (target.rfind("/orders/", 0) == 0) {
    span.SetRoute("/orders/{id}");
    if (auto order = FindOrder(tracer, target.substr(8))) {
      response = Response(http::status::ok, 11, *std::move(order));
    }
  }
  span.SetStatus(static_cast<int>(response.result_int()));
  log.Info("answered", {{"target", target}, {"status", static_cast<int>(response.result_int())}});
  return response;
}

void Serve(const trace::Tracer& tracer, trace::LogSink& log, tcp::socket socket) {
  boost::system::error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  boost::beast::flat_buffer buffer;
  while (!error) {
    Request request;
    http::read(socket, buffer, request, error);
    if (error) return;
    Response response = Answer(tracer, log, request, peer);
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    http::write(socket, response, error);
    if (!request.keep_alive()) return;
  }
}

int main(int argc, char** argv) {
  const trace::Tracing tracing = trace::StartTracing("checkout", {{"service.version", "1.0"}});
  const trace::Tracer tracer = trace::GetTracer("checkout");
  trace::LogSink log(std::cerr, "checkout");

  boost::asio::io_context io;
  const auto port = static_cast<unsigned short>(argc > 1 ? std::stoi(argv[1]) : 8080);
  tcp::acceptor acceptor(io, tcp::endpoint(tcp::v4(), port));
  log.Info("listening", {{"port", acceptor.local_endpoint().port()}});
  while (true) {
    tcp::socket socket = acceptor.accept();
    // check-ok(bans): until the program is ended
    std::thread([&, socket = std::move(socket)]() mutable { Serve(tracer, log, std::move(socket)); }).detach();
  }
}
