// Live: a live block: the batches since the last one was sealed, searchable from the moment of their acknowledgement. A
// list of immutable batches, which readers take a snapshot of; what searching needs beyond it is made by the readers.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_budget.h"
#include "model/span_batch.h"
#include "store/live_index.h"
#include "store/live_names.h"
#include "store/store_options.h"

namespace spoor {

using Batches = std::vector<std::shared_ptr<const SpanBatch>>;

// Thread-safe: one writer, any number of readers. No lock is held for longer than it takes to copy pointers, but those
// of index and names, which only readers wait for.
class Live {
 public:
  // What it holds, all told.
  struct Extent {
    uint32_t rows = 0;
    size_t bytes = 0;
    uint64_t shapes = 0;
    uint64_t arrival_min_ns = UINT64_MAX;
    uint64_t arrival_max_ns = 0;
  };
  struct Candidate {
    TraceId id;
    uint64_t start_ns = 0;  // of its rows here: the trace starts then or earlier
  };
  struct Grouped {
    Batches batches;
    LiveIndex::Groups groups;  // over `batches`
  };

  // All records of the log from `first_sequence` on are here or in a younger one.
  explicit Live(uint64_t first_sequence) : first_sequence_(first_sequence) {}

  uint64_t first_sequence() const { return first_sequence_; }
  // Makes a batch visible, whose record in the log has `sequence`: ascending. `memory` is given back when the last
  // reader has let go of this live block.
  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, uint64_t arrival_ns, uint64_t sequence);

  // It takes in nothing more: a younger one has all records of the log from `end_sequence` on. What was refused before
  // that number is nobody's.
  void Close(uint64_t end_sequence);
  // REQUIRES that it is closed.
  uint64_t last_sequence() const;

  // What it goes by among blocks and other live blocks: they stand in the order of their last records. The highest
  // number there is while it is not closed.
  uint64_t order() const;

  Batches Snapshot() const;
  // Of the batches' records.
  std::vector<uint64_t> Sequences() const;
  size_t batch_count() const;
  // The batches from `begin` on.
  Batches SnapshotFrom(size_t begin) const;
  Extent extent() const;
  // Whether it is time to seal it. An empty one never is.
  bool IsDue(const LiveLimits& limits, uint64_t now_ns) const;

  // The batches with a row of `id`, in order of arrival.
  Batches BatchesOf(TraceId id) const;
  // The traces of the rows that are set in `rows[i]`, for the batch i of a snapshot. A trace stands once.
  std::vector<Candidate> TracesOf(std::span<const std::vector<uint32_t>> rows) const;
  Grouped Group() const;

  // The services that resources name, by first sight: without a look at spans, and so cheap.
  std::vector<std::string> ResourceServices() const;
  // The services that have a span, by first sight.
  std::vector<std::string> Services() const;
  std::vector<Operation> Operations(std::string_view service) const;

 private:
  const uint64_t first_sequence_;

  mutable std::mutex mutex_;
  Batches batches_;
  std::vector<uint64_t> sequences_;
  std::vector<MemoryReservation> memory_;
  Extent extent_;
  uint64_t end_sequence_ = 0;  // 0 until it is closed

  mutable std::mutex index_mutex_;
  mutable LiveIndex index_;
  mutable std::mutex names_mutex_;
  mutable LiveNames names_;
};

}  // namespace spoor
