// In which order result lists stand, and what is asked of whole traces: the part of a search that looks at traces, as
// filter.h is the part that looks at spans.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/ids.h"
#include "model/trace.h"

namespace spoor {

enum class TraceOrder : uint8_t { kNewest, kLongest, kShortest, kMostSpans, kMostErrors };

// What orders and conditions look at.
struct TraceMeasures {
  uint64_t start_ns = 0;
  uint64_t duration_ns = 0;
  uint32_t span_count = 0;
  uint32_t error_count = 0;
  bool root_missing = false;
};
TraceMeasures MeasuresOf(const TraceSummary& summary);

// A place in a list of some order: equal keys stand newest first, then by trace id. No two traces have the same one, so
// that a list can go on behind the last trace of a page whatever arrives meanwhile.
struct TraceRank {
  uint64_t key = 0;  // the higher, the further in front
  uint64_t start_ns = 0;
  TraceId id;

  bool IsBefore(const TraceRank& other) const {
    if (key != other.key) return key > other.key;
    return start_ns != other.start_ns ? start_ns > other.start_ns : id < other.id;
  }
  bool operator==(const TraceRank&) const = default;
};

// What a trace's rank begins with.
uint64_t RankKey(TraceOrder order, const TraceMeasures& trace);
TraceRank RankOf(TraceOrder order, const TraceSummary& summary);

// All must hold. Bounds are inclusive.
struct TraceConditions {
  uint64_t duration_min_ns = 0;
  uint64_t duration_max_ns = UINT64_MAX;
  uint64_t start_min_ns = 0;  // of the first span
  uint64_t start_max_ns = UINT64_MAX;
  bool with_errors = false;
  bool root_missing = false;
  std::optional<std::string> root_service;  // of the root, or of the earliest orphan where the root is missing

  // Whether they hold, the service of the root aside.
  bool HoldFor(const TraceMeasures& trace) const {
    return trace.duration_ns >= duration_min_ns && trace.duration_ns <= duration_max_ns &&
           trace.start_ns >= start_min_ns && trace.start_ns <= start_max_ns &&
           (!with_errors || trace.error_count > 0) && (!root_missing || trace.root_missing);
  }
  bool HoldFor(const TraceSummary& trace) const {
    return HoldFor(MeasuresOf(trace)) && (!root_service || trace.root_service == *root_service);
  }
};

}  // namespace spoor
