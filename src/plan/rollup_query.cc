#include "plan/rollup_query.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/value.h"

namespace spoor {
namespace {

bool IsError(const RollupSeries& series) { return series.status == static_cast<uint8_t>(StatusCode::kError); }

// Distinct for distinct pairs: texts are UTF-8, in which no character has this byte.
std::string PairKey(std::string_view a, std::string_view b) {
  std::string key(a);
  key += '\xff';
  key += b;
  return key;
}

}  // namespace

void CountsSum::Add(const Rollup& rollup, uint32_t row, bool is_error) {
  durations_.AddCells(rollup.buckets(row), rollup.counts(row), rollup.sum_ns[row]);
  if (!is_error) return;
  for (const int32_t count : rollup.counts(row)) error_count_ += count;
}

SpanCounts CountsSum::Finish() && { return {std::move(durations_).Finish(), error_count_}; }

std::pair<uint32_t, uint32_t> MinuteWindow::Rows(const Rollup& rollup, size_t series) const {
  const auto begin = rollup.minute.begin() + rollup.row_begin[series];
  const auto end = rollup.minute.begin() + rollup.row_begin[series + 1];
  const auto from = std::lower_bound(begin, end, first_);
  const auto to = std::upper_bound(from, end, End());
  return {static_cast<uint32_t>(from - rollup.minute.begin()), static_cast<uint32_t>(to - rollup.minute.begin())};
}

bool RedQuery::IsWanted(const Rollup& rollup, const RollupSeries& series) const {
  return series.of == RollupSeries::Of::kSpans && (!plan_.kind || *plan_.kind == series.kind) &&
         (!plan_.service || *plan_.service == rollup.texts[series.service]) &&
         (!plan_.operation || *plan_.operation == rollup.texts[series.name]);
}

size_t RedQuery::GroupOf(const Rollup& rollup, const RollupSeries& series) {
  const uint32_t name = plan_.by_operation ? series.name : 0;
  static_assert(static_cast<uint64_t>(SpanKind::kConsumer) < 8);
  const uint64_t key = (uint64_t{series.service} << 32 | name) * 8 + series.kind;
  const auto known = numbers_of_rollup_.find(key);
  if (known != numbers_of_rollup_.end()) return known->second;
  std::string common = PairKey(rollup.texts[series.service], rollup.texts[name]);
  common += static_cast<char>(series.kind);
  const auto [at, is_new] = numbers_.try_emplace(std::move(common), groups_.size());
  if (is_new) groups_.push_back({rollup.texts[series.service], rollup.texts[name], series.kind, {}, {}});
  return numbers_of_rollup_[key] = at->second;
}

CountsSum& RedQuery::SumOf(uint32_t minute, Group& group) const {
  // Of a minute that nobody knows there is no step.
  if (plan_.step_minutes == 0 || minute == Rollup::kNoMinute) return group.sum;
  const uint32_t index = (minute - window_.first()) / plan_.step_minutes;
  auto at = std::ranges::lower_bound(group.steps, index, {}, &Step::index);
  if (at == group.steps.end() || at->index != index) at = group.steps.insert(at, Step{index, {}});
  return at->sum;
}

void RedQuery::Add(const Rollup& rollup) {
  numbers_of_rollup_.clear();
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    const RollupSeries& series = rollup.series[s];
    if (!IsWanted(rollup, series)) continue;
    const auto [begin, end] = window_.Rows(rollup, s);
    if (begin == end) continue;
    Group& group = groups_[GroupOf(rollup, series)];
    for (uint32_t row = begin; row < end; ++row) SumOf(rollup.minute[row], group).Add(rollup, row, IsError(series));
  }
}

RedSeries RedQuery::FinishGroup(Group&& group) {
  RedSeries series{std::move(group.service), std::move(group.operation), group.kind, std::move(group.sum).Finish(), {}};
  for (Step& step : group.steps) {
    SpanCounts counts = std::move(step.sum).Finish();
    if (counts.durations.empty()) continue;
    series.total.Add(counts);
    series.steps.push_back({step.index, std::move(counts)});
  }
  return series;
}

std::vector<RedSeries> RedQuery::Finish() && {
  std::vector<RedSeries> all;
  for (Group& group : groups_) {
    RedSeries series = FinishGroup(std::move(group));
    if (!series.total.durations.empty()) all.push_back(std::move(series));
  }
  std::ranges::sort(all, {}, [](const RedSeries& one) { return std::tie(one.service, one.operation, one.kind); });
  return all;
}

void CallsQuery::Add(const Rollup& rollup) {
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    const RollupSeries& series = rollup.series[s];
    if (series.of != RollupSeries::Of::kCalls) continue;
    const auto [begin, end] = window_.Rows(rollup, s);
    if (begin == end) continue;
    const std::string &parent = rollup.texts[series.name], &child = rollup.texts[series.service];
    const auto [at, is_new] = numbers_.try_emplace(PairKey(parent, child), pairs_.size());
    if (is_new) pairs_.push_back({parent, child, {}});
    for (uint32_t row = begin; row < end; ++row) pairs_[at->second].sum.Add(rollup, row, IsError(series));
  }
}

std::vector<ServiceCalls> CallsQuery::Finish() && {
  std::vector<ServiceCalls> calls;
  for (Pair& pair : pairs_) {
    SpanCounts total = std::move(pair.sum).Finish();
    if (total.durations.empty()) continue;
    calls.push_back({std::move(pair.parent), std::move(pair.child), std::move(total)});
  }
  std::ranges::sort(calls, {}, [](const ServiceCalls& one) { return std::tie(one.parent, one.child); });
  return calls;
}

}  // namespace spoor
