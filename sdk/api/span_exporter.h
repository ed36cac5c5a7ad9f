// SpanExporter: sends ended spans somewhere.
#pragma once

#include <chrono>
#include <memory>

#include "attribute.h"
#include "finished_span.h"

namespace spoor::trace {

enum class ExportResult : uint8_t { kSuccess, kFailure };

// Export is never called by two threads at once; the others may be called beside it. Must not throw. Spans that are
// begun within Export do not record, so that an exporter's own requests are not exported in turn.
//
// Stays until the process ends, as spans may hold it for as long as they like: Shutdown, not the destructor, is where
// to let go of files and connections.
class SpanExporter {
 public:
  virtual ~SpanExporter() = default;
  // Returns when the spans are with the receiver, or are given up; soon after `timeout` at the latest.
  virtual ExportResult Export(ListView<FinishedSpan> spans, std::chrono::milliseconds timeout) noexcept = 0;
  // Whether all that Export took is with the receiver in time: for exporters that keep something back.
  virtual bool ForceFlush(std::chrono::milliseconds /*timeout*/) noexcept { return true; }
  // The program is about to end: the last spans follow, and are not worth waiting for a receiver that is not there.
  virtual void BeginShutdown() noexcept {}
  // Nothing is exported after it; what is under way is given up.
  virtual void Shutdown() noexcept {}
  // In the child of a fork, before anything else is called there. The thread that exported is gone, maybe in the midst
  // of Export: what that had in hand must be left alone and made anew, connections and locks above all.
  virtual void AfterFork() noexcept {}
};

using SpanExporterPtr = std::unique_ptr<SpanExporter>;

}  // namespace spoor::trace
