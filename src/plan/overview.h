// Overview: all traces that match a question at a glance: a heatmap of start by duration, quantiles, counts, roots.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.h"

namespace spoor {

// How fine an overview is.
struct OverviewShape {
  uint32_t columns = 120;  // at least 1, as are the rows
  uint32_t rows = 36;
  uint32_t points = 0;
  // Where they are given, the columns cut the time between them; else between first and last start of a match. A trace
  // that starts outside stands in the first or last column.
  std::optional<uint64_t> start_ns, end_ns;
};

// Durations below 1 ns count as 1 ns where rows are cut. Quantile q of n values is the one at place ceil(q n) in
// ascending order.
struct Overview {
  struct Cell {
    uint32_t column = 0;
    uint32_t row = 0;  // 0: the shortest
    uint64_t trace_count = 0;
    uint64_t error_count = 0;  // traces with an error
    auto operator<=>(const Cell&) const = default;
  };
  struct Point {
    uint64_t start_ns = 0;
    uint64_t duration_ns = 0;
    uint32_t span_count = 0;
    uint32_t error_count = 0;
    TraceId id;
    std::string root_service;
    auto operator<=>(const Point&) const = default;
  };
  struct RootService {
    std::string name;
    uint64_t trace_count = 0;
    auto operator<=>(const RootService&) const = default;
  };

  uint64_t trace_count = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  uint64_t duration_min_ns = 0;
  uint64_t duration_max_ns = 0;
  std::vector<Cell> cells;                                            // with traces only; by column, then row
  std::vector<std::optional<uint64_t>> column_p50_ns, column_p99_ns;  // one a column
  std::optional<uint64_t> p50_ns, p99_ns;                             // nothing where nothing matches
  // All traces or, where they are more than points: round by round one of every cell, those with an error first, then
  // the longest, newest, by the low half of the id, then the high one. In order of start, newest first, then by id.
  std::vector<Point> points;
  uint64_t error_count = 0;  // traces with an error
  uint64_t slow_count = 0;   // traces that take longer than p99_ns
  uint64_t root_missing_count = 0;
  std::vector<RootService> root_services;  // all of them, most traces first, then by name

  bool complete = true;  // as in SearchAnswer
  std::vector<std::string> warnings;

  bool operator==(const Overview&) const = default;
};

}  // namespace spoor
