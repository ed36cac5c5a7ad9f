// Writes spans of a store as lines of OTLP JSON, and reads them back.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>

#include "base/memory_budget.h"
#include "base/result.h"
#include "model/span_sink.h"
#include "store/store.h"

namespace spoor {

struct Exported {
  uint64_t spans = 0;
  uint64_t lines = 0;
  uint64_t unreadable = 0;  // pages and blocks that were left out
};

// Hands `write` one ExportTraceServiceRequest a line, its end included, none much longer than it must be. An error of
// `write` ends it. `on_progress` gets how many spans were looked at.
Result<Exported> ExportLines(Store& store, const ExportQuestion& question,
                             const std::function<Status(std::string_view line)>& write,
                             const std::function<void(uint64_t spans_done)>& on_progress);

struct Imported {
  uint64_t lines = 0;
  uint64_t spans = 0;
  uint64_t rejected_spans = 0;  // with ids that none may have
};

// Reads such lines (empty ones are passed over) and appends their spans; what was there already counts once. Errors
// name the line. `on_progress` gets how many bytes were read. `budget`: of the sink.
Result<Imported> ImportLines(std::istream& in, SpanSink& sink, MemoryBudget& budget,
                             const std::function<void(uint64_t bytes_done)>& on_progress);

// The same, but each line is handed to `send`, which answers how many spans of it were rejected.
Result<Imported> SendLines(std::istream& in, const std::function<Result<uint64_t>(const std::string& line)>& send,
                           const std::function<void(uint64_t bytes_done)>& on_progress);

}  // namespace spoor
