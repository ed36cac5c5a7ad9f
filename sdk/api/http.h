// Spans for HTTP servers and clients, after OpenTelemetry's stable semantic conventions for HTTP, whichever library
// carries the messages. For Boost.Beast there is <spoor/http_beast.h>, which fills these in.
#pragma once

#include <cstdint>
#include <string_view>

#include "propagator.h"
#include "tracer.h"

namespace spoor::trace {

struct HttpRequestFacts {
  // "GET"; an unknown one is told as _OTHER. OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS lists those that are known instead
  // of the usual ones.
  std::string_view method;
  std::string_view target;  // path and query, as it stands in the request
  std::string_view scheme = "http";
  std::string_view host;              // server's name or address, without the port
  uint16_t port = 0;                  // 0: unknown
  std::string_view protocol_version;  // "1.1"
  std::string_view user_agent;
  std::string_view client_address;  // server spans: who asked, before proxies; empty: the peer
  std::string_view peer_address;    // who is at the other end of the socket
  uint16_t peer_port = 0;
};

// A server span for one request: current while this lives, a child of the span that the headers name. Ends with it;
// where nobody told a status by then, it is an error. Call Detach first where a coroutine or a callback goes on with
// it.
class HttpServerSpan {
 public:
  HttpServerSpan(const Tracer& tracer, const HttpRequestFacts& request, const HeaderReader& headers);
  HttpServerSpan(const HttpServerSpan&) = delete;
  HttpServerSpan& operator=(const HttpServerSpan&) = delete;
  ~HttpServerSpan();

  Span& span() noexcept { return span_; }
  // No longer current from here on; open a Scope with what this returns wherever the request is worked on.
  Context Detach() noexcept;
  // "/api/users/{id}": the span is then named "GET /api/users/{id}".
  void SetRoute(std::string_view route);
  // From 500 on it is an error.
  void SetStatus(int status);

 private:
  const std::string_view method_;  // for the name; a constant
  bool has_status_ = false;
  Context context_;  // with the caller's baggage
  Span span_;
  Scope scope_;
};

// A client span for one request that is about to be sent: current while this lives. Detach as above.
class HttpClientSpan {
 public:
  // Sets the headers that carry the trace.
  HttpClientSpan(const Tracer& tracer, const HttpRequestFacts& request, HeaderWriter& headers, int resend_count = 0);
  HttpClientSpan(const HttpClientSpan&) = delete;
  HttpClientSpan& operator=(const HttpClientSpan&) = delete;
  ~HttpClientSpan();

  Span& span() noexcept { return span_; }
  Context Detach() noexcept;
  // From 400 on it is an error.
  void SetStatus(int status);
  // No answer came: "timeout", "connection refused".
  void SetFailure(std::string_view error_type, std::string_view description = {});

 private:
  Span span_;
  Context context_;
  Scope scope_;
};

}  // namespace spoor::trace
