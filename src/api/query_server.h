// The query port: QueryApi behind an HTTP server.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "api/query_api.h"
#include "net/http_server.h"

namespace spoor::api {

struct QueryServerOptions {
  std::string host;
  uint16_t port = 0;  // 0: a free one
  int threads = 2;    // that answer questions
};

// Thread-safe. Goes in this order: Start, SetReady once there is a store, SetStopping, Stop.
class QueryServer {
  struct Private {};

 public:
  // Listens. Until SetReady, /healthz, /metrics, /api/spoor/v1/status and the UI answer, all else is refused with 503.
  static Result<std::unique_ptr<QueryServer>> Start(IoThreads& io, MemoryBudget& budget,
                                                    const QueryServerOptions& options);
  QueryServer(Private, const QueryApi::Options& options) : api_(options) {}
  ~QueryServer();  // Stop, without patience

  void SetReady(TraceStore& store, ServerFacts facts) { api_.SetReady(store, std::move(facts)); }
  void SetStopping() { api_.SetStopping(); }

  std::string address() const { return http_->address(); }
  uint16_t port() const { return http_->port(); }

  // Accepts nothing new, lets running questions end for up to `patience`, then cancels them. The store is not used once
  // this has returned.
  void Stop(std::chrono::milliseconds patience);

 private:
  QueryApi api_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace spoor::api
