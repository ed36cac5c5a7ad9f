#include "store/live_index.h"

#include <algorithm>

namespace spoor {

uint32_t LiveIndex::Ordinal(TraceId id) {
  const auto [it, is_new] = ordinals_.try_emplace(id, trace_count());
  if (is_new) {
    ids_.push_back(id);
    start_ns_.push_back(UINT64_MAX);
    last_row_.push_back(kNone);
  }
  return it->second;
}

void LiveIndex::Extend(std::span<const std::shared_ptr<const SpanBatch>> more) {
  for (const auto& batch : more) {
    for (uint32_t row = 0; row < batch->span_count(); ++row) {
      const uint32_t trace = Ordinal(batch->trace_id(row));
      start_ns_[trace] = std::min(start_ns_[trace], batch->start_ns[row]);
      row_before_.push_back(last_row_[trace]);
      last_row_[trace] = static_cast<uint32_t>(trace_of_row_.size());
      trace_of_row_.push_back(trace);
    }
    batch_begin_.push_back(static_cast<uint32_t>(trace_of_row_.size()));
  }
}

uint32_t LiveIndex::BatchOf(uint32_t row) const {
  const auto after = std::upper_bound(batch_begin_.begin(), batch_begin_.end(), row);
  return static_cast<uint32_t>(after - batch_begin_.begin()) - 1;
}

std::optional<uint32_t> LiveIndex::Find(TraceId id) const {
  const auto it = ordinals_.find(id);
  if (it == ordinals_.end()) return std::nullopt;
  return it->second;
}

void LiveIndex::RowsOf(uint32_t trace, std::vector<RowRef>& rows) const {
  rows.clear();
  for (uint32_t row = last_row_[trace]; row != kNone; row = row_before_[row]) {
    const uint32_t batch = BatchOf(row);
    rows.push_back({batch, row - batch_begin_[batch]});
  }
  std::reverse(rows.begin(), rows.end());
}

std::vector<uint32_t> LiveIndex::BatchesOf(TraceId id) const {
  std::vector<uint32_t> batches;
  const auto it = ordinals_.find(id);
  if (it == ordinals_.end()) return batches;
  for (uint32_t row = last_row_[it->second]; row != kNone; row = row_before_[row]) {
    const uint32_t batch = BatchOf(row);
    if (batches.empty() || batches.back() != batch) batches.push_back(batch);
  }
  std::reverse(batches.begin(), batches.end());
  return batches;
}

LiveIndex::Groups LiveIndex::GroupRows() const {
  Groups groups;
  groups.ids = ids_;
  groups.begin.assign(trace_count() + 1, 0);
  for (const uint32_t trace : trace_of_row_) ++groups.begin[trace + 1];
  for (uint32_t trace = 0; trace < trace_count(); ++trace) groups.begin[trace + 1] += groups.begin[trace];
  groups.rows.resize(trace_of_row_.size());
  std::vector<uint32_t> next(groups.begin.begin(), groups.begin.end() - 1);
  for (uint32_t batch = 0; batch < batch_count(); ++batch) {
    for (uint32_t row = batch_begin_[batch]; row < batch_begin_[batch + 1]; ++row) {
      groups.rows[next[trace_of_row_[row]]++] = {batch, row - batch_begin_[batch]};
    }
  }
  return groups;
}

}  // namespace spoor
