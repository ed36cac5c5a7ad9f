// What spans and whole traces add to a rollup: one span for each that trace assembly keeps, one call for each whose
// parent is of another service.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/rollup_builder.h"
#include "model/span_batch.h"
#include "model/trace_assembly.h"

namespace spoor {

// Finds the series of spans, batch by batch. Not thread-safe; keeps its memory from batch to batch.
class SeriesFinder {
 public:
  // `builder` outlives it.
  explicit SeriesFinder(RollupBuilder& builder) : builder_(builder) {}

  // Appends the series of each span of `batch`, by row.
  void Append(const SpanBatch& batch, std::vector<uint32_t>& series);

 private:
  // What the name was last seen with: mostly the same again.
  struct Last {
    uint64_t rest = UINT64_MAX;  // resource, kind and status
    uint32_t series = 0;
    uint32_t text = UINT32_MAX;  // the name's
  };
  RollupBuilder& builder_;
  std::vector<uint32_t> services_;  // by resource
  std::vector<Last> last_;          // by code of the name
};

// Counts the spans and calls of a trace `times` times. `series` are those of the inputs of `assembly`.
void CountTrace(std::span<const AssemblySpan> inputs, std::span<const uint32_t> series, const Assembly& assembly,
                int32_t times, RollupBuilder& builder);

// The time from start to end; 0 where the end lies before the start.
inline uint64_t DurationNs(uint64_t start_ns, uint64_t end_ns) { return end_ns > start_ns ? end_ns - start_ns : 0; }

}  // namespace spoor
