#include "receive/receivers.h"

#include <thread>
#include <utility>

#include "base/limits.h"
#include "receive/jaeger_http.h"
#include "receive/otlp_grpc.h"
#include "receive/otlp_http.h"

namespace spoor {

// One of the two servers, and the ingest behind it.
struct Receivers::Listener {
  std::string name;
  std::shared_ptr<SpanIngest> ingest;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<GrpcServer> grpc;

  std::string address() const { return http != nullptr ? http->address() : grpc->address(); }
  void Stop(std::chrono::milliseconds patience) {
    if (http != nullptr) http->Stop(patience);
    if (grpc != nullptr) grpc->Stop(patience);
  }
};

namespace {

HttpServerOptions HttpOptions(std::string name, const std::string& host, uint16_t port) {
  HttpServerOptions options;
  options.pipelined_max = limits::kPipelinedRequestsMax;
  options.name = std::move(name);
  options.host = host;
  options.port = port;
  options.body_bytes_max = limits::kBodyBytesMax;
  return options;
}

Result<std::unique_ptr<HttpServer>> StartOtlpHttp(IoThreads& io, MemoryBudget& budget,
                                                  std::shared_ptr<SpanIngest> ingest, const ReceiversOptions& options) {
  const auto otlp = std::make_shared<OtlpHttp>(std::move(ingest), options.cors_origins);
  HttpServerOptions server = HttpOptions("otlp-http", options.host, *options.otlp_http_port);
  server.error_format = [otlp](int status, std::string_view message, const HttpRequest& head) {
    return otlp->Refusal(status, message, head);
  };
  return HttpServer::Start(io, budget, std::move(server), [otlp](HttpRequest request, HttpResponder responder) {
    otlp->Handle(std::move(request), std::move(responder));
  });
}

Result<std::unique_ptr<HttpServer>> StartJaegerHttp(IoThreads& io, MemoryBudget& budget,
                                                    std::shared_ptr<SpanIngest> ingest,
                                                    const ReceiversOptions& options) {
  const auto jaeger = std::make_shared<JaegerHttp>(std::move(ingest));
  HttpServerOptions server = HttpOptions("jaeger-http", options.host, *options.jaeger_http_port);
  server.error_format = [jaeger](int status, std::string_view message, const HttpRequest&) {
    return jaeger->Refusal(status, message);
  };
  return HttpServer::Start(io, budget, std::move(server), [jaeger](HttpRequest request, HttpResponder responder) {
    jaeger->Handle(std::move(request), std::move(responder));
  });
}

Result<std::unique_ptr<GrpcServer>> StartOtlpGrpc(MemoryBudget& budget, std::shared_ptr<SpanIngest> ingest,
                                                  const ReceiversOptions& options) {
  GrpcServerOptions server;
  server.name = "otlp-grpc";
  server.host = options.host;
  server.port = *options.otlp_grpc_port;
  server.message_bytes_max = limits::kBodyBytesMax;
  server.methods = {std::string(kOtlpGrpcExport)};
  server.on_refusal = [ingest](Code code) { ingest->CountRefused(code); };
  return GrpcServer::Start(budget, std::move(server), OtlpGrpcHandler(ingest));
}

}  // namespace

Receivers::Receivers(Private) {}
Receivers::~Receivers() = default;

Result<std::unique_ptr<Receivers>> Receivers::Start(IoThreads& io, MemoryBudget& budget, WorkerPool& decode_pool,
                                                    SpanSink& sink, const ReceiversOptions& options) {
  const auto ingest_of = [&](const char* protocol) {
    return std::make_shared<SpanIngest>(decode_pool, sink, protocol);
  };
  auto receivers = std::make_unique<Receivers>(Private());
  std::vector<Listener>& listeners = receivers->listeners_;
  if (options.otlp_http_port) {
    Listener& listener = listeners.emplace_back("otlp-http", ingest_of("otlp_http"));
    ASSIGN_OR_RETURN(listener.http, StartOtlpHttp(io, budget, listener.ingest, options));
  }
  if (options.otlp_grpc_port) {
    Listener& listener = listeners.emplace_back("otlp-grpc", ingest_of("otlp_grpc"));
    ASSIGN_OR_RETURN(listener.grpc, StartOtlpGrpc(budget, listener.ingest, options));
  }
  if (options.jaeger_http_port) {
    Listener& listener = listeners.emplace_back("jaeger-http", ingest_of("jaeger_http"));
    ASSIGN_OR_RETURN(listener.http, StartJaegerHttp(io, budget, listener.ingest, options));
  }
  return receivers;
}

std::vector<ReceiverPort> Receivers::Ports() const {
  std::vector<ReceiverPort> ports;
  for (const Listener& listener : listeners_) {
    ports.push_back({listener.name, listener.address(), listener.ingest->counts()});
  }
  return ports;
}

std::string Receivers::AddressOf(std::string_view name) const {
  for (const Listener& listener : listeners_) {
    if (listener.name == name) return listener.address();
  }
  return "";
}

// Side by side: each waits for its own requests.
void Receivers::Stop(std::chrono::milliseconds patience) {
  std::vector<std::thread> stops;
  for (Listener& listener : listeners_) stops.emplace_back([&listener, patience] { listener.Stop(patience); });
  for (std::thread& stop : stops) stop.join();
}

}  // namespace spoor
