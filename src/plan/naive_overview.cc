#include "plan/naive_overview.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace spoor {
namespace {

std::optional<uint64_t> Quantile(std::vector<uint64_t> values, size_t percent) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  size_t place = 1;
  while (place * 100 < percent * values.size()) ++place;
  return values[place - 1];
}

uint32_t ColumnOf(uint64_t start_ns, const Overview& overview, uint32_t columns) {
  if (start_ns <= overview.start_ns) return 0;
  if (start_ns >= overview.end_ns) return columns - 1;
  const auto behind = static_cast<unsigned __int128>(start_ns - overview.start_ns);
  return static_cast<uint32_t>(behind * columns / (overview.end_ns - overview.start_ns));
}

uint32_t RowOf(uint64_t duration_ns, const Overview& overview, uint32_t rows) {
  const auto low = static_cast<double>(std::max<uint64_t>(overview.duration_min_ns, 1));
  const auto high = static_cast<double>(std::max<uint64_t>(overview.duration_max_ns, 1));
  uint32_t row = 0;
  while (row + 1 < rows && static_cast<double>(duration_ns) >= low * std::pow(high / low, (row + 1.0) / rows)) ++row;
  return high > low ? row : 0;
}

// What shows the most stands in front.
bool ShowsMore(const TraceSummary* a, const TraceSummary* b) {
  const auto key = [](const TraceSummary& one) {
    return std::tuple(one.error_count == 0, ~one.duration_ns(), ~one.start_ns, one.id.low, one.id.high);
  };
  return key(*a) < key(*b);
}

using TracesByCell = std::map<std::pair<uint32_t, uint32_t>, std::vector<const TraceSummary*>>;

std::vector<const TraceSummary*> ChoosePoints(TracesByCell cells, size_t count) {
  std::vector<const TraceSummary*> chosen;
  size_t longest = 0;
  for (auto& [cell, traces] : cells) {
    std::sort(traces.begin(), traces.end(), ShowsMore);
    longest = std::max(longest, traces.size());
  }
  for (size_t round = 0; round < longest; ++round) {
    for (const auto& [cell, traces] : cells) {
      if (round < traces.size() && chosen.size() < count) chosen.push_back(traces[round]);
    }
  }
  return chosen;
}

}  // namespace

Overview NaiveOverview(const std::vector<TraceSummary>& traces, const OverviewShape& shape) {
  Overview overview;
  overview.trace_count = traces.size();
  overview.start_ns = overview.duration_min_ns = UINT64_MAX;
  std::vector<uint64_t> durations;
  std::map<std::string, uint64_t> roots;
  for (const TraceSummary& trace : traces) {
    overview.start_ns = std::min(overview.start_ns, trace.start_ns);
    overview.end_ns = std::max(overview.end_ns, trace.start_ns);
    overview.duration_min_ns = std::min(overview.duration_min_ns, trace.duration_ns());
    overview.duration_max_ns = std::max(overview.duration_max_ns, trace.duration_ns());
    durations.push_back(trace.duration_ns());
    if (trace.error_count > 0) ++overview.error_count;
    if (trace.root_missing) ++overview.root_missing_count;
    ++roots[trace.root_service];
  }
  if (traces.empty()) overview.start_ns = overview.duration_min_ns = 0;
  if (shape.start_ns) overview.start_ns = *shape.start_ns;
  overview.end_ns = std::max(shape.end_ns.value_or(overview.end_ns), overview.start_ns);
  overview.p50_ns = Quantile(durations, 50);
  overview.p99_ns = Quantile(durations, 99);
  for (const uint64_t duration : durations) overview.slow_count += duration > *overview.p99_ns ? 1 : 0;
  for (const auto& [name, count] : roots) overview.root_services.push_back({name, count});
  std::stable_sort(overview.root_services.begin(), overview.root_services.end(),
                   [](const auto& a, const auto& b) { return a.trace_count > b.trace_count; });

  std::vector<std::vector<uint64_t>> durations_of_column(shape.columns);
  TracesByCell cells;
  for (const TraceSummary& trace : traces) {
    const uint32_t column = ColumnOf(trace.start_ns, overview, shape.columns);
    durations_of_column[column].push_back(trace.duration_ns());
    cells[{column, RowOf(trace.duration_ns(), overview, shape.rows)}].push_back(&trace);
  }
  for (const auto& column : durations_of_column) {
    overview.column_p50_ns.push_back(Quantile(column, 50));
    overview.column_p99_ns.push_back(Quantile(column, 99));
  }
  for (const auto& [cell, in_cell] : cells) {
    const auto errors =
        std::count_if(in_cell.begin(), in_cell.end(), [](const TraceSummary* one) { return one->error_count > 0; });
    overview.cells.push_back({cell.first, cell.second, in_cell.size(), static_cast<uint64_t>(errors)});
  }
  for (const TraceSummary* one : ChoosePoints(std::move(cells), shape.points)) {
    overview.points.push_back(
        {one->start_ns, one->duration_ns(), one->span_count, one->error_count, one->id, one->root_service});
  }
  std::sort(overview.points.begin(), overview.points.end(), [](const auto& a, const auto& b) {
    return a.start_ns != b.start_ns ? a.start_ns > b.start_ns : a.id < b.id;
  });
  return overview;
}

}  // namespace spoor
