// The one HTTP/1.1 server class, used for every HTTP port. Boost.Beast inside, seen only in http_connection.cc.
//
// What the server does by itself, before and after a handler:
// - HEAD reaches the handler as GET; the body of the answer is not sent.
// - Content-Encoding (gzip, deflate, zstd) is undone while the body arrives; Expect: 100-continue is answered once the
//   head is acceptable. Target forms "/path?query", "http://host/path?query" and "*" (path "*") are understood.
// - Answers of 1 KiB and more are packed (zstd or gzip, as Accept-Encoding says) if their type is text, JSON or
//   octets and they have no Content-Encoding yet; on the thread that calls Send.
// - Refusals, worded by error_format: 400 no HTTP, bad target or unreadable encoded data, 408 too slow, 413 body over
//   the limit, 415 unknown encoding, 417 unknown expectation, 429 over the memory budget, 431 head over its limit,
//   501 unknown Transfer-Encoding, 503 too many connections. After one the connection closes, once the client has had
//   the time to read it.
// - When connections_max are open, the one that has been waiting longest for a request makes room for a new one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/limits.h"
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
  std::string name;              // in logs and metrics: "otlp-http"
  std::string host;              // an IP address or a name that resolves to one
  uint16_t port = 0;             // 0: a free one
  size_t body_bytes_max = 0;     // after Content-Encoding is undone
  HttpErrorFormat error_format;  // plain text where it is empty
  // How many requests of a connection are read and handed on before the first is answered. More than one only where
  // their order does not matter; answers keep it in any case.
  size_t pipelined_max = 1;
  // Whether requests are told when their client goes away (HttpRequest::client_gone): for answers that take long. One
  // that only closes its sending side is taken to have gone, as by most servers.
  bool watch_clients = false;

  // Limits that every port shares; tests choose their own.
  size_t header_bytes_max = limits::kHeaderBytesMax;
  size_t connections_max = limits::kConnectionsMax;
  std::chrono::nanoseconds header_timeout = limits::kHeaderTimeout;
  std::chrono::nanoseconds body_stall_timeout = limits::kBodyStallTimeout;
  std::chrono::nanoseconds body_timeout = limits::kBodyTimeout;
  std::chrono::nanoseconds write_timeout = limits::kWriteTimeout;
  std::chrono::nanoseconds linger_timeout = limits::kLingerTimeout;
};

// The I/O threads that all servers share, and that outlive them. Thread-safe.
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
  // when all are done or `patience` is over; what is left then is cut. No handler runs after it. Not to be called from
  // a handler.
  virtual void Stop(std::chrono::milliseconds patience) = 0;
};

}  // namespace spoor
