// The exporters of this library: OTLP over HTTP, the console, and memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "span_exporter.h"

namespace spoor::trace {

struct OtlpHttpOptions {
  std::string url = "http://localhost:4318/v1/traces";  // or https://
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::milliseconds timeout{10000};  // of one export with all its attempts; 0: as long as the processor allows
  bool gzip = false;
  // PEM files. Without the first one the system's authorities count.
  std::string certificate_file;
  std::string client_certificate_file;
  std::string client_key_file;

  // OTEL_EXPORTER_OTLP_* and OTEL_EXPORTER_OTLP_TRACES_*, over the defaults.
  static OtlpHttpOptions FromEnvironment();
};

// Sends protobuf over one connection that it keeps. Answers 429, 502, 503 and 504, and connections that fail, are tried
// again, with growing and scattered pauses or the one that the receiver asks for, as long as the timeout allows. What
// is given up, and what the receiver rejects of a request, is said once.
SpanExporterPtr OtlpHttpExporter(OtlpHttpOptions options = OtlpHttpOptions::FromEnvironment());

// One line of JSON a span on stdout, for looking at: not a format to be read by programs.
SpanExporterPtr ConsoleExporter();

// Spans that tests look at. Thread-safe.
class SpansInMemory {
 public:
  std::vector<FinishedSpan> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(spans_, {});
  }
  void Add(ListView<FinishedSpan> spans) {
    const std::lock_guard lock(mutex_);
    spans_.insert(spans_.end(), spans.begin(), spans.end());
  }

 private:
  std::mutex mutex_;
  std::vector<FinishedSpan> spans_;
};
SpanExporterPtr InMemoryExporter(std::shared_ptr<SpansInMemory> spans);

}  // namespace spoor::trace
