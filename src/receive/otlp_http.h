// OTLP over HTTP: POST /v1/traces, protobuf or JSON (opentelemetry-proto, docs/specification.md, "OTLP/HTTP").
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/cors.h"
#include "net/http_server.h"
#include "receive/span_ingest.h"

namespace spoor {

// Answers in the encoding of the request: an ExportTraceServiceResponse, or google.rpc.Status with 400 (cannot be
// read), 413 (passes a limit), 429 (busy) or 503 (no room, disk) and Retry-After where a retry can help. In plain text:
// 404 for other paths, 405 for other methods, 415 for other types. Thread-safe.
class OtlpHttp {
 public:
  // `cors_origins`: the web pages that may send here, as Cors takes them.
  OtlpHttp(std::shared_ptr<SpanIngest> ingest, std::vector<std::string> cors_origins)
      : ingest_(std::move(ingest)), cors_(std::move(cors_origins)) {}

  void Handle(HttpRequest request, HttpResponder responder);
  // What the server refuses by itself, in OTLP's words; counted.
  HttpResponse Refusal(int status, std::string_view message, const HttpRequest& head) const;

 private:
  const std::shared_ptr<SpanIngest> ingest_;
  const Cors cors_;
};

}  // namespace spoor
