// The way of a request from its bytes to the sink, whatever protocol and transport it came by.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "decode/decode_report.h"
#include "model/span_sink.h"
#include "receive/ingest_metrics.h"

namespace spoor {

// What a body is, once it is unpacked.
enum class BodyFormat : uint8_t { kOtlpProtobuf, kOtlpJson, kJaegerThrift };

// Thread-safe. Owned by std::shared_ptr: requests under way keep it alive. Pool and sink outlive the last answer.
class SpanIngest : public std::enable_shared_from_this<SpanIngest> {
 public:
  // Called once, from any thread. Success: the accepted spans are with the sink for good, `report` tells the rest.
  using Done = std::function<void(Result<DecodeReport>)>;

  // `protocol` is its name in metrics: "otlp_http".
  SpanIngest(WorkerPool& decode_pool, SpanSink& sink, const std::string& protocol)
      : decode_pool_(decode_pool), sink_(sink), metrics_(protocol) {}

  // Decodes `body`, which was reserved under `memory`, on the pool and hands the batch to the sink. Errors: those of
  // decoding and of the sink; kBusy where the pool's queue is full or the budget does not hold what the body unfolds
  // to.
  // Counts the request.
  void Take(std::string body, MemoryReservation memory, BodyFormat format, Done done);

  // Counts a request that was answered with an error before it came to Take: by its HTTP status, or by a code.
  void CountRefused(int http_status);
  void CountRefused(Code code) { metrics_.CountFailure(code, 0); }
  IngestCounts counts() const { return metrics_.counts(); }

 private:
  struct Request {
    std::string body;
    MemoryReservation memory;
    BodyFormat format;
    Done done;
  };

  void Decode(Request& request);
  void Fail(Request& request, Error error, uint64_t spans);

  WorkerPool& decode_pool_;
  SpanSink& sink_;
  IngestMetrics metrics_;
};

}  // namespace spoor
