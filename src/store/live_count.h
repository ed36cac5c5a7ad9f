// LiveCount: what a live block adds to the counts of all that stands before it. Made by those who ask, never by those
// who write, and kept up to date as batches arrive: only the traces that they touch are counted anew.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/result.h"
#include "model/rollup_builder.h"
#include "model/trace_counter.h"
#include "store/live.h"
#include "store/live_index.h"
#include "store/split_counter.h"

namespace spoor {

// Thread-safe; those who ask at the same time wait for one of them to count. Holds the batches that it has counted.
class LiveCount {
 public:
  LiveCount() = default;
  LiveCount(const LiveCount&) = delete;

  // Whether it must be made anew: a block on which its counts rest is not among `before`, the parts that stand before
  // it, any more, or an Update was given up or could not read something that can be read the next time.
  bool IsStale(std::span<const CountedPart> before) const;

  // Counts what has come since the last time. Gives up with kCancelled where nobody waits. REQUIRES that it is not
  // stale.
  // What cannot be read is noted and left out.
  Result<std::shared_ptr<const Rollup>> Update(const Live& live, std::span<const CountedPart> before,
                                               const QueryContext& context, ReadTrouble& trouble);

  // This live block as a part of those behind it, valid as long as this. REQUIRES that it is closed and was updated
  // since, so that it stays as it is.
  CountedPart part() const { return {nullptr, &batches_, &index_}; }

 private:
  enum class Stands : uint8_t { kUnknown, kHereOnly, kElsewhereToo };

  void TakeIn(std::span<const std::shared_ptr<const SpanBatch>> more);
  // The traces with rows from `first_new_row` on.
  std::vector<uint32_t> Touched(uint32_t first_new_row) const;
  void FindElsewhere(std::span<const uint32_t> touched, std::span<const CountedPart> before, ReadTrouble& trouble);
  // Counts a trace that stands here only: takes back what it was before the batch, counts what it is now.
  void CountHere(uint32_t trace, uint32_t first_new_batch);
  void CountRows(std::span<const RowRef> rows, int32_t times);

  mutable std::mutex mutex_;
  bool given_up_ = false;
  Batches batches_;
  std::vector<uint32_t> row_begin_{0};  // of batch b in series_
  LiveIndex index_;
  RollupBuilder builder_;
  std::vector<uint32_t> series_;         // by row, over all batches
  std::vector<Stands> stands_;           // by trace
  std::vector<uint64_t> blocks_before_;  // ascending
  std::shared_ptr<const Rollup> rollup_;

  // Kept for their capacity.
  std::vector<RowRef> rows_;
  std::vector<AssemblySpan> inputs_;
  std::vector<uint32_t> input_series_;
  Assembly assembly_;
};

}  // namespace spoor
