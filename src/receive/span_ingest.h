// The way of an OTLP request from its bytes to the sink, whatever transport it came by.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "decode/otlp_response.h"
#include "model/span_sink.h"
#include "receive/ingest_metrics.h"

namespace spoor {

// Thread-safe. Owned by std::shared_ptr: requests under way keep it alive. Pool and sink outlive the last answer.
class OtlpIngest : public std::enable_shared_from_this<OtlpIngest> {
 public:
  // Called once, from any thread. Success: the accepted spans are with the sink for good, `report` tells the rest.
  using Done = std::function<void(Result<OtlpDecodeReport>)>;

  // `protocol` is its name in metrics: "otlp_http".
  OtlpIngest(WorkerPool& decode_pool, SpanSink& sink, const std::string& protocol)
      : decode_pool_(decode_pool), sink_(sink), metrics_(protocol) {}

  // Decodes `body`, which was reserved under `memory`, on the pool and hands the batch to the sink. Errors: those of
  // decoding and of the sink; kBusy where the pool's queue is full or the budget does not hold what the body unfolds
  // to.
  void Take(std::string body, MemoryReservation memory, OtlpEncoding encoding, Done done);

 private:
  struct Request {
    std::string body;
    MemoryReservation memory;
    OtlpEncoding encoding;
    Done done;
  };

  void Decode(Request& request);
  void Fail(Request& request, Error error, uint64_t spans);

  WorkerPool& decode_pool_;
  SpanSink& sink_;
  IngestMetrics metrics_;
};

}  // namespace spoor
