// SpanSink: where receivers hand spans over. The contract of the write side, without an implementation.
#pragma once

#include <functional>
#include <memory>

#include "base/memory_budget.h"
#include "base/result.h"
#include "model/span_batch.h"

namespace spoor {

class SpanSink {
 public:
  virtual ~SpanSink() = default;

  // Takes `batch` in and calls `done` exactly once, possibly before returning, from any thread; `done` must not block.
  // Success means: durable by the fsync policy, and in the answer of every question asked from now on. Errors: kBusy
  // (queue or memory budget), kFull (disk), kIo, kCancelled (stopping): nothing of the batch was taken, a retry may
  // succeed. kTooLarge: no retry can. `memory` is what the batch's bytes were reserved under; the sink keeps it for as
  // long as it keeps them. Thread-safe.
  using Done = std::function<void(Status)>;
  virtual void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) = 0;
};

}  // namespace spoor
