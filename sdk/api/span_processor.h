// SpanProcessor: what happens to spans as they begin and end; the two that lead to an exporter.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "context.h"
#include "finished_span.h"
#include "span_exporter.h"

namespace spoor::trace {

// Thread-safe; must not throw, and OnStart and OnEnd must not block: they run in the traced program. Stays until the
// process ends (see SpanExporter).
class SpanProcessor {
 public:
  virtual ~SpanProcessor() = default;
  virtual void OnStart(Span&, const Context& /*parent*/) noexcept {}
  virtual void OnEnd(const FinishedSpan& span) noexcept = 0;
  // Whether everything that had ended is exported in time.
  virtual bool ForceFlush(std::chrono::milliseconds timeout) noexcept = 0;
  // The last flush; nothing is taken after it.
  virtual bool Shutdown(std::chrono::milliseconds timeout) noexcept = 0;
};

using SpanProcessorPtr = std::shared_ptr<SpanProcessor>;

// Exports each span when it ends, on its thread: for tests and small tools.
SpanProcessorPtr SimpleProcessor(SpanExporterPtr exporter);

struct BatchOptions {
  size_t queue_spans_max = 2048;
  size_t batch_spans_max = 512;
  std::chrono::milliseconds schedule_delay{5000};   // how long a span waits at most for its batch to become full
  std::chrono::milliseconds export_timeout{30000};  // of one batch; 0: no limit

  // OTEL_BSP_*, over the defaults.
  static BatchOptions FromEnvironment();
};

// What became of the spans that ended. At rest: ended = exported + dropped + failed.
struct BatchCounts {
  uint64_t ended = 0;
  uint64_t exported = 0;
  uint64_t dropped = 0;  // the queue was full, or it was shut down
  uint64_t failed = 0;   // given up by the exporter, if only in part of a batch
};

// Gathers spans and exports them from a thread of its own, when a batch is full or has waited long enough. Ending a
// span takes no lock; where the queue is full the span is dropped and counted, and the first time it is logged. The
// thread starts with the first span and gets no signals. After a fork the child begins with an empty queue, counts of
// its own and, with its first span, a thread of its own; what the parent's queue held is the parent's to export.
class BatchProcessor : public SpanProcessor {
 public:
  static std::shared_ptr<BatchProcessor> Make(SpanExporterPtr exporter, const BatchOptions& options = {});
  virtual BatchCounts counts() const noexcept = 0;
};

}  // namespace spoor::trace
