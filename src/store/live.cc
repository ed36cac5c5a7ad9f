#include "store/live.h"

#include <algorithm>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/check.h"

namespace spoor {
namespace {

bool HoldsTrace(const SpanBatch& batch, TraceId id) {
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    if (batch.trace_id_low[row] == id.low && batch.trace_id_high[row] == id.high) return true;
  }
  return false;
}

}  // namespace

void Live::Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, uint64_t arrival_ns,
                  uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  extent_.rows += batch->span_count();
  extent_.bytes += batch->bytes().size();
  extent_.shapes += batch->shape_count();
  extent_.arrival_min_ns = std::min(extent_.arrival_min_ns, arrival_ns);
  extent_.arrival_max_ns = std::max(extent_.arrival_max_ns, arrival_ns);
  batches_.push_back(std::move(batch));
  sequences_.push_back(sequence);
  memory_.push_back(std::move(memory));
}

std::vector<uint64_t> Live::Sequences() const {
  const std::lock_guard lock(mutex_);
  return sequences_;
}

void Live::Close(uint64_t end_sequence) {
  const std::lock_guard lock(mutex_);
  end_sequence_ = end_sequence;
}

uint64_t Live::last_sequence() const {
  const std::lock_guard lock(mutex_);
  SPOOR_CHECK(end_sequence_ > first_sequence_);
  return end_sequence_ - 1;
}

uint64_t Live::order() const {
  const std::lock_guard lock(mutex_);
  return end_sequence_ == 0 ? UINT64_MAX : end_sequence_ - 1;
}

Batches Live::Snapshot() const { return SnapshotFrom(0); }

size_t Live::batch_count() const {
  const std::lock_guard lock(mutex_);
  return batches_.size();
}

Batches Live::SnapshotFrom(size_t begin) const {
  const std::lock_guard lock(mutex_);
  return Batches(batches_.begin() + static_cast<ptrdiff_t>(begin), batches_.end());
}

Live::Extent Live::extent() const {
  const std::lock_guard lock(mutex_);
  return extent_;
}

bool Live::IsDue(const LiveLimits& limits, uint64_t now_ns) const {
  const std::lock_guard lock(mutex_);
  if (extent_.rows == 0) return false;
  const bool is_old =
      now_ns > extent_.arrival_min_ns && now_ns - extent_.arrival_min_ns >= static_cast<uint64_t>(limits.age.count());
  return is_old || extent_.rows >= limits.rows || extent_.bytes >= limits.bytes || extent_.shapes >= limits.shapes;
}

// The index answers for the batches it has; those since are looked through, so that a question for one trace never pays
// for indexing what thousands of requests have brought.
Batches Live::BatchesOf(TraceId id) const {
  std::vector<uint32_t> indexed;
  uint32_t indexed_count = 0;
  {
    const std::lock_guard lock(index_mutex_);
    indexed = index_.BatchesOf(id);
    indexed_count = index_.batch_count();
  }
  Batches found;
  Batches rest;
  {
    const std::lock_guard lock(mutex_);
    for (const uint32_t batch : indexed) found.push_back(batches_[batch]);
    rest.assign(batches_.begin() + indexed_count, batches_.end());
  }
  for (auto& batch : rest) {
    if (HoldsTrace(*batch, id)) found.push_back(std::move(batch));
  }
  return found;
}

std::vector<Live::Candidate> Live::TracesOf(std::span<const std::vector<uint32_t>> rows) const {
  const std::lock_guard lock(index_mutex_);
  index_.Extend(SnapshotFrom(index_.batch_count()));
  std::vector<bool> found(index_.trace_count());
  std::vector<Candidate> candidates;
  for (uint32_t batch = 0; batch < rows.size(); ++batch) {
    for (const uint32_t row : rows[batch]) {
      const uint32_t trace = index_.TraceOf({batch, row});
      if (found[trace]) continue;
      found[trace] = true;
      candidates.push_back({index_.id(trace), index_.start_ns(trace)});
    }
  }
  return candidates;
}

Live::Grouped Live::Group() const {
  const std::lock_guard lock(index_mutex_);
  Grouped grouped{Snapshot(), {}};
  index_.Extend(std::span(grouped.batches).subspan(index_.batch_count()));
  grouped.groups = index_.GroupRows();
  return grouped;
}

std::vector<std::string> Live::ResourceServices() const {
  std::vector<std::string> services;
  boost::unordered_flat_set<std::string_view> seen;
  const Batches batches = Snapshot();
  for (const auto& batch : batches) {
    for (const StringCode code : batch->resource_service_name) {
      const std::string_view name = batch->String(code);
      if (!name.empty() && seen.insert(name).second) services.emplace_back(name);
    }
  }
  return services;
}

std::vector<std::string> Live::Services() const {
  const std::lock_guard lock(names_mutex_);
  names_.Extend(SnapshotFrom(names_.batch_count()));
  return names_.services();
}

std::vector<Operation> Live::Operations(std::string_view service) const {
  const std::lock_guard lock(names_mutex_);
  names_.Extend(SnapshotFrom(names_.batch_count()));
  return names_.Operations(service);
}

}  // namespace spoor
