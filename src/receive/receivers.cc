#include "receive/receivers.h"

#include <algorithm>
#include <thread>

#include "base/limits.h"
#include "receive/otlp_grpc.h"
#include "receive/otlp_http.h"

namespace spoor {
namespace {

Result<std::unique_ptr<HttpServer>> StartOtlpHttp(IoThreads& io, MemoryBudget& budget, WorkerPool& decode_pool,
                                                  SpanSink& sink, const ReceiversOptions& options) {
  const auto otlp =
      std::make_shared<OtlpHttp>(std::make_shared<OtlpIngest>(decode_pool, sink, "otlp_http"), options.cors_origins);
  HttpServerOptions server;
  server.name = "otlp-http";
  server.host = options.host;
  server.port = *options.otlp_http_port;
  server.body_bytes_max = limits::kBodyBytesMax;
  server.error_format = [otlp](int status, std::string_view message, const HttpRequest& head) {
    return otlp->Refusal(status, message, head);
  };
  return HttpServer::Start(io, budget, std::move(server), [otlp](HttpRequest request, HttpResponder responder) {
    otlp->Handle(std::move(request), std::move(responder));
  });
}

Result<std::unique_ptr<GrpcServer>> StartOtlpGrpc(MemoryBudget& budget, WorkerPool& decode_pool, SpanSink& sink,
                                                  const ReceiversOptions& options) {
  GrpcServerOptions server;
  server.name = "otlp-grpc";
  server.host = options.host;
  server.port = *options.otlp_grpc_port;
  server.message_bytes_max = limits::kBodyBytesMax;
  server.methods = {std::string(kOtlpGrpcExport)};
  return GrpcServer::Start(budget, std::move(server),
                           OtlpGrpcHandler(std::make_shared<OtlpIngest>(decode_pool, sink, "otlp_grpc")));
}

}  // namespace

Result<std::unique_ptr<Receivers>> Receivers::Start(IoThreads& io, MemoryBudget& budget, WorkerPool& decode_pool,
                                                    SpanSink& sink, const ReceiversOptions& options) {
  std::unique_ptr<HttpServer> otlp_http;
  std::unique_ptr<GrpcServer> otlp_grpc;
  if (options.otlp_http_port) {
    ASSIGN_OR_RETURN(otlp_http, StartOtlpHttp(io, budget, decode_pool, sink, options));
  }
  if (options.otlp_grpc_port) {
    ASSIGN_OR_RETURN(otlp_grpc, StartOtlpGrpc(budget, decode_pool, sink, options));
  }
  return std::make_unique<Receivers>(std::move(otlp_http), std::move(otlp_grpc));
}

void Receivers::Stop(std::chrono::milliseconds patience) {
  // Side by side: each waits for its own requests.
  std::thread grpc([this, patience] {
    if (otlp_grpc_ != nullptr) otlp_grpc_->Stop(patience);
  });
  if (otlp_http_ != nullptr) otlp_http_->Stop(patience);
  grpc.join();
}

}  // namespace spoor
