// WholeTraces: the traces that no single block can tell everything of, put together: those that stand in several
// blocks (straddlers), and those with live spans.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "store/live.h"
#include "store/trace_facts.h"

namespace spoor {

// Immutable once made. Traces are indices of `facts`.
struct WholeTraces {
  // A trace's part in a block.
  struct Part {
    uint32_t ordinal = 0;  // of the trace in the block
    uint32_t trace = 0;
    auto operator<=>(const Part&) const = default;
  };

  TraceFacts facts;
  std::vector<uint64_t> last_start_ns;  // the latest start of a span, by trace
  // By trace, 1: not to be shown, since a part cannot be read, or since it stands here once more with its live spans.
  std::vector<uint8_t> hidden;
  std::vector<std::vector<Part>> parts;  // by index of the block in the view; ascending
  std::vector<uint8_t> blind;            // the same; 1: its traces cannot be told apart from others', and are left out
  Batches live_batches;                  // of all live blocks, oldest first
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> live;  // the traces with spans there

  // What could not be read of them.
  std::vector<Error> problems;

  uint32_t size() const { return facts.size(); }
  size_t size_bytes() const;
};

}  // namespace spoor
