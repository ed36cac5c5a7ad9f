// All listeners that take spans, as one thing to start and to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "model/span_sink.h"
#include "net/grpc_server.h"
#include "net/http_server.h"
#include "receive/span_ingest.h"

namespace spoor {

// A port that is not set is not opened; 0 takes a free one.
struct ReceiversOptions {
  std::string host;
  std::optional<uint16_t> otlp_http_port;
  std::optional<uint16_t> otlp_grpc_port;
  std::optional<uint16_t> jaeger_http_port;
  std::vector<std::string> cors_origins;  // for OTLP over HTTP, as net/cors.h takes them
};

// A port that is open, and what came over it.
struct ReceiverPort {
  std::string name;     // "otlp-http"
  std::string address;  // "127.0.0.1:4318", with the port that was really bound
  IngestCounts counts;
};

// Thread-safe.
class Receivers {
  struct Listener;
  struct Private {};

 public:
  // Opens every port, or none. `io`, `budget`, `decode_pool` and `sink` outlive the answers that are still under way
  // when Stop returns. Errors: the server's that could not be opened.
  static Result<std::unique_ptr<Receivers>> Start(IoThreads& io, MemoryBudget& budget, WorkerPool& decode_pool,
                                                  SpanSink& sink, const ReceiversOptions& options);
  explicit Receivers(Private);
  ~Receivers();

  // Those that are open: otlp-http, otlp-grpc, jaeger-http, in this order.
  std::vector<ReceiverPort> Ports() const;
  // The address of the port of that name; empty where it is not open.
  std::string AddressOf(std::string_view name) const;

  // Accepts nothing new and answers what is under way, for at most `patience` in all.
  void Stop(std::chrono::milliseconds patience);

 private:
  std::vector<Listener> listeners_;
};

}  // namespace spoor
