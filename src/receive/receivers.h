// All listeners that take spans, as one thing to start and to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "model/span_sink.h"
#include "net/grpc_server.h"
#include "net/http_server.h"

namespace spoor {

// A port that is not set is not opened; 0 takes a free one.
struct ReceiversOptions {
  std::string host;
  std::optional<uint16_t> otlp_http_port;
  std::optional<uint16_t> otlp_grpc_port;
  std::vector<std::string> cors_origins;  // as net/cors.h takes them
};

// Thread-safe.
class Receivers {
 public:
  // Opens every port, or none. `io`, `budget`, `decode_pool` and `sink` outlive the answers that are still under way
  // when Stop returns. Errors: the server's that could not be opened.
  static Result<std::unique_ptr<Receivers>> Start(IoThreads& io, MemoryBudget& budget, WorkerPool& decode_pool,
                                                  SpanSink& sink, const ReceiversOptions& options);

  // Over servers that are open; null where a port is not.
  Receivers(std::unique_ptr<HttpServer> otlp_http, std::unique_ptr<GrpcServer> otlp_grpc)
      : otlp_http_(std::move(otlp_http)), otlp_grpc_(std::move(otlp_grpc)) {}

  // The addresses that were bound; empty where the port is not open.
  std::string otlp_http_address() const { return otlp_http_ == nullptr ? "" : otlp_http_->address(); }
  std::string otlp_grpc_address() const { return otlp_grpc_ == nullptr ? "" : otlp_grpc_->address(); }

  // Accepts nothing new and answers what is under way, for at most `patience` in all.
  void Stop(std::chrono::milliseconds patience);

 private:
  std::unique_ptr<HttpServer> otlp_http_;
  std::unique_ptr<GrpcServer> otlp_grpc_;
};

}  // namespace spoor
