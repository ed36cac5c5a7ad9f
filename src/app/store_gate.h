// StoreGate: lets ports be bound before recovery is over, so that a taken port is found at once and senders meet a
// retryable answer instead of a closed door.
#pragma once

#include <atomic>
#include <utility>

#include "model/span_sink.h"

namespace spoor {

// Refuses with kBusy until Open. Thread-safe.
class StoreGate final : public SpanSink {
 public:
  // `sink` outlives the gate.
  void Open(SpanSink& sink) { sink_.store(&sink, std::memory_order_release); }

  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) override {
    SpanSink* const sink = sink_.load(std::memory_order_acquire);
    if (sink == nullptr) return done(Busy("the server is starting: it still reads what it holds"));
    sink->Append(std::move(batch), std::move(memory), std::move(done));
  }

 private:
  std::atomic<SpanSink*> sink_{nullptr};
};

}  // namespace spoor
