// RED: rate, errors and duration of services and their calls, as stores count them by the minute.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/latency_sketch.h"

namespace spoor {

// Which spans to count, and what apart. All conditions hold together.
struct RedPlan {
  // Spans that start in one of the whole minutes into which the window is widened, both ends inclusive.
  uint64_t start_min_ns = 0;
  uint64_t start_max_ns = UINT64_MAX;
  std::optional<std::string> service;
  std::optional<std::string> operation;
  std::optional<uint8_t> kind;  // OTLP's number
  bool by_operation = false;    // else operations count together
  uint32_t step_minutes = 0;    // also by steps of so many minutes from the first one on; 0: not
};

// Counts of a difference may be negative; answers of stores only are where something on the disk was lost.
struct SpanCounts {
  LatencySketch durations;
  int64_t error_count = 0;

  int64_t count() const { return durations.count(); }
  void Add(const SpanCounts& other) {
    durations.Add(other.durations);
    error_count += other.error_count;
  }
};

struct RedStep {
  uint32_t index = 0;
  SpanCounts counts;
};

// The spans of one service and kind, and of one operation where these were asked for.
struct RedSeries {
  std::string service;
  std::string operation;
  uint8_t kind = 0;  // OTLP's number; numbers that OTLP does not have are 0
  SpanCounts total;
  std::vector<RedStep> steps;  // ascending; those with nothing are left out
};

struct RedAnswer {
  std::vector<RedSeries> series;  // by service, operation, kind
  bool complete = true;           // false: something could not be read; warnings say what
  std::vector<std::string> warnings;
};

// Spans of `child` whose parent is of another service, `parent`; both have a name. Duration and error are the child's.
struct ServiceCalls {
  std::string parent;
  std::string child;
  SpanCounts total;
};

struct CallsAnswer {
  std::vector<ServiceCalls> calls;  // by parent, child
  bool complete = true;
  std::vector<std::string> warnings;
};

}  // namespace spoor
