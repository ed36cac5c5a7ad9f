// The one HTTP/1.1 server class, used for every HTTP port. Boost.Beast inside, seen only in http_server.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/memory_budget.h"
#include "base/result.h"
#include "net/http.h"

namespace spoor {

// Answers one request. Called on an I/O thread, so it must not block: long work goes to a WorkerPool and answers from
// there.
using HttpHandler = std::function<void(HttpRequest, HttpResponder)>;

// How a limit is told in the words of the port's protocol: turns (HTTP status, sentence) into an answer. Used for what
// the server itself refuses before a handler sees it: too large, over budget, unreadable encoding, bad header.
using HttpErrorFormat = std::function<HttpResponse(int status, std::string_view message, const HttpRequest& head)>;

struct HttpServerOptions {
  std::string name;           // in logs and metrics: "otlp-http"
  std::string host;           // an IP address or a name that resolves to one
  uint16_t port = 0;          // 0: a free one
  size_t body_bytes_max = 0;  // after Content-Encoding is undone
  HttpErrorFormat error_format;
};

// The I/O threads that all servers share. Thread-safe.
class IoThreads {
 public:
  explicit IoThreads(int threads);
  ~IoThreads();  // stops and joins
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Thread-safe.
class HttpServer {
 public:
  // Binds and accepts. A taken port or bad host is kIo with one sentence that names both and says what to do.
  static Result<std::unique_ptr<HttpServer>> Start(IoThreads& io, MemoryBudget& budget, HttpServerOptions options,
                                                   HttpHandler handler);
  virtual ~HttpServer() = default;

  virtual std::string address() const = 0;  // "127.0.0.1:4318", with the port that was really bound
  virtual uint16_t port() const = 0;

  // Accepts nothing new, closes idle connections, lets running requests answer (with Connection: close), and returns
  // when all are done or `patience` is over; what is left then is cut.
  virtual void Stop(std::chrono::milliseconds patience) = 0;
};

}  // namespace spoor
