// Jaeger's Thrift over HTTP: POST /api/traces with one batch in the binary protocol, as Jaeger's collector takes it on
// port 14268 from its own clients and from OpenTelemetry's older Jaeger exporters.
#pragma once

#include <memory>
#include <string_view>

#include "base/log.h"
#include "net/http.h"
#include "receive/span_ingest.h"

namespace spoor {

// Answers 202 without a body, or an error in plain text: 400 for another Content-Type, for what is no batch and for one
// of which no span has ids; 404 for other paths, 405 for other methods; 413 over a limit; 429 (busy) and 503 (no room,
// disk) with Retry-After. Parameters of the query do not matter. Thread-safe.
//
// The protocol cannot say that some spans of a batch were rejected: that is counted, and logged.
class JaegerHttp : public std::enable_shared_from_this<JaegerHttp> {
 public:
  explicit JaegerHttp(std::shared_ptr<SpanIngest> ingest) : ingest_(std::move(ingest)) {}

  void Handle(HttpRequest request, HttpResponder responder);
  // What the server refuses by itself, in the same words; counted.
  HttpResponse Refusal(int status, std::string_view message) const;

 private:
  HttpResponse AnswerOf(const Result<DecodeReport>& result);

  const std::shared_ptr<SpanIngest> ingest_;
  LogLimit rejection_log_{std::chrono::seconds(10)};
};

}  // namespace spoor
