#include "plan/overview_maker.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace spoor {
namespace {

// The value at the place that `percent` of the values reach.
uint64_t Quantile(std::span<uint64_t> values, size_t percent) {
  const size_t place = (values.size() * percent + 99) / 100 - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(place), values.end());
  return values[place];
}

class Maker {
 public:
  Maker(const OverviewMatches& matches, const OverviewShape& shape, const QueryContext& context,
        const std::function<PointDetails(uint64_t)>& details)
      : matches_(matches), shape_(shape), context_(context), details_(details) {}

  Result<Overview> Make() {
    MeasureExtent();
    CutRows();
    RETURN_IF_ERROR(context_.Check());
    FillCells();
    RETURN_IF_ERROR(context_.Check());
    MeasureQuantiles();
    CountRoots();
    RETURN_IF_ERROR(context_.Check());
    ChoosePoints();
    return std::move(overview_);
  }

 private:
  void MeasureExtent() {
    overview_.trace_count = matches_.size();
    if (matches_.size() > 0) {
      const auto [first, last] = std::ranges::minmax(matches_.start_ns);
      const auto [shortest, longest] = std::ranges::minmax(matches_.duration_ns);
      overview_.start_ns = first;
      overview_.end_ns = last;
      overview_.duration_min_ns = shortest;
      overview_.duration_max_ns = longest;
    }
    overview_.start_ns = shape_.start_ns.value_or(overview_.start_ns);
    overview_.end_ns = std::max(shape_.end_ns.value_or(overview_.end_ns), overview_.start_ns);
  }

  void CutRows() {
    const auto low = static_cast<double>(std::max<uint64_t>(overview_.duration_min_ns, 1));
    const auto high = static_cast<double>(std::max<uint64_t>(overview_.duration_max_ns, 1));
    if (high <= low) return;
    for (uint32_t row = 1; row < shape_.rows; ++row) {
      row_begin_ns_.push_back(low * std::pow(high / low, static_cast<double>(row) / shape_.rows));
    }
  }

  uint32_t ColumnOf(uint64_t start_ns) const {
    if (start_ns <= overview_.start_ns) return 0;
    if (start_ns >= overview_.end_ns) return shape_.columns - 1;
    const uint64_t width_ns = overview_.end_ns - overview_.start_ns;
    const uint64_t behind_ns = start_ns - overview_.start_ns;
    if (width_ns <= UINT64_MAX / shape_.columns) return static_cast<uint32_t>(behind_ns * shape_.columns / width_ns);
    return static_cast<uint32_t>(static_cast<unsigned __int128>(behind_ns) * shape_.columns / width_ns);
  }

  uint32_t RowOf(uint64_t duration_ns) const {
    const auto row = std::ranges::upper_bound(row_begin_ns_, static_cast<double>(duration_ns));
    return static_cast<uint32_t>(row - row_begin_ns_.begin());
  }

  void FillCells() {
    cell_of_.resize(matches_.size());
    cell_counts_.assign(size_t{shape_.columns} * shape_.rows, {});
    for (size_t i = 0; i < matches_.size(); ++i) {
      cell_of_[i] = ColumnOf(matches_.start_ns[i]) * shape_.rows + RowOf(matches_.duration_ns[i]);
      ++cell_counts_[cell_of_[i]].traces;
      cell_counts_[cell_of_[i]].errors += matches_.has_error(i);
    }
    for (uint32_t cell = 0; cell < cell_counts_.size(); ++cell) {
      const auto [traces, errors] = cell_counts_[cell];
      if (traces > 0) overview_.cells.push_back({cell / shape_.rows, cell % shape_.rows, traces, errors});
      overview_.error_count += errors;
    }
  }

  void MeasureQuantiles() {
    std::vector<size_t> column_begin(shape_.columns + 1);
    for (const Overview::Cell& cell : overview_.cells) column_begin[cell.column + 1] += cell.trace_count;
    std::partial_sum(column_begin.begin(), column_begin.end(), column_begin.begin());
    std::vector<uint64_t> durations(matches_.size());
    std::vector<size_t> next(column_begin.begin(), column_begin.end() - 1);
    for (size_t i = 0; i < matches_.size(); ++i) durations[next[cell_of_[i] / shape_.rows]++] = matches_.duration_ns[i];
    overview_.column_p50_ns.resize(shape_.columns);
    overview_.column_p99_ns.resize(shape_.columns);
    for (uint32_t column = 0; column < shape_.columns; ++column) {
      const auto values =
          std::span(durations).subspan(column_begin[column], column_begin[column + 1] - column_begin[column]);
      if (values.empty()) continue;
      overview_.column_p99_ns[column] = Quantile(values, 99);
      overview_.column_p50_ns[column] = Quantile(values, 50);
    }
    if (durations.empty()) return;
    overview_.p99_ns = Quantile(durations, 99);
    overview_.p50_ns = Quantile(durations, 50);
    const uint64_t p99_ns = *overview_.p99_ns;
    overview_.slow_count = static_cast<uint64_t>(
        std::ranges::count_if(matches_.duration_ns, [&](uint64_t duration_ns) { return duration_ns > p99_ns; }));
  }

  void CountRoots() {
    std::vector<uint64_t> counts(matches_.root_services.size());
    for (size_t i = 0; i < matches_.size(); ++i) {
      ++counts[matches_.root(i)];
      overview_.root_missing_count += matches_.root_missing(i);
    }
    for (size_t root = 0; root < counts.size(); ++root) {
      if (counts[root] > 0) overview_.root_services.push_back({matches_.root_services[root], counts[root]});
    }
    std::ranges::sort(overview_.root_services, [](const auto& a, const auto& b) {
      return a.trace_count != b.trace_count ? a.trace_count > b.trace_count : a.name < b.name;
    });
  }

  // How many points every cell gets at most, and how many of the first cells that have more get one more.
  std::pair<size_t, size_t> Rounds() const {
    size_t rounds = 0;
    size_t left = shape_.points;
    for (;; ++rounds) {
      const auto have_more = static_cast<size_t>(std::ranges::count_if(
          overview_.cells, [&](const Overview::Cell& cell) { return cell.trace_count > rounds; }));
      if (have_more > left) return {rounds, left};
      if (have_more == 0) return {rounds, 0};
      left -= have_more;
    }
  }

  bool ShowsMore(uint32_t a, uint32_t b) const {
    if (matches_.has_error(a) != matches_.has_error(b)) return matches_.has_error(a);
    if (matches_.duration_ns[a] != matches_.duration_ns[b]) return matches_.duration_ns[a] > matches_.duration_ns[b];
    if (matches_.start_ns[a] != matches_.start_ns[b]) return matches_.start_ns[a] > matches_.start_ns[b];
    if (matches_.id_low[a] != matches_.id_low[b]) return matches_.id_low[a] < matches_.id_low[b];
    return details_(matches_.reference[a]).id.high < details_(matches_.reference[b]).id.high;
  }

  void ChoosePoints() {
    if (shape_.points == 0) return;
    auto [rounds, extra] = Rounds();
    std::vector<uint32_t> in_cells = MatchesByCell();
    std::vector<uint32_t> chosen;
    auto begin = in_cells.begin();
    for (const Overview::Cell& cell : overview_.cells) {
      const auto end = begin + static_cast<ptrdiff_t>(cell.trace_count);
      size_t wanted = std::min<size_t>(rounds, cell.trace_count);
      if (extra > 0 && cell.trace_count > rounds) {
        ++wanted;
        --extra;
      }
      const auto middle = begin + static_cast<ptrdiff_t>(wanted);
      if (middle != end) {
        std::partial_sort(begin, middle, end, [&](uint32_t a, uint32_t b) { return ShowsMore(a, b); });
      }
      chosen.insert(chosen.end(), begin, middle);
      begin = end;
    }
    std::ranges::sort(chosen);
    for (const uint32_t match : chosen) AddPoint(match);
    std::ranges::sort(overview_.points, [](const auto& a, const auto& b) {
      return a.start_ns != b.start_ns ? a.start_ns > b.start_ns : a.id < b.id;
    });
  }

  std::vector<uint32_t> MatchesByCell() const {
    std::vector<uint32_t> next(cell_counts_.size());
    uint32_t sum = 0;
    for (size_t cell = 0; cell < next.size(); ++cell) sum += (next[cell] = sum, cell_counts_[cell].traces);
    std::vector<uint32_t> order(matches_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[next[cell_of_[i]]++] = i;
    return order;
  }

  void AddPoint(uint32_t match) {
    const PointDetails details = details_(matches_.reference[match]);
    overview_.points.push_back({matches_.start_ns[match], matches_.duration_ns[match], details.span_count,
                                details.error_count, details.id, matches_.root_services[matches_.root(match)]});
  }

  struct CellCount {
    uint32_t traces = 0;
    uint32_t errors = 0;
  };

  const OverviewMatches& matches_;
  const OverviewShape& shape_;
  const QueryContext& context_;
  const std::function<PointDetails(uint64_t)>& details_;
  std::vector<double> row_begin_ns_;  // of all rows but the first
  std::vector<uint32_t> cell_of_;     // by match: column * rows + row
  std::vector<CellCount> cell_counts_;
  Overview overview_;
};

}  // namespace

Result<Overview> MakeOverview(const OverviewMatches& matches, const OverviewShape& shape, const QueryContext& context,
                              const std::function<PointDetails(uint64_t reference)>& details) {
  return Maker(matches, shape, context, details).Make();
}

}  // namespace spoor
