// SplitCounter: counts traces that stand in several parts of a store: what one part adds to those before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/rollup_builder.h"
#include "model/trace_assembly.h"
#include "plan/trace_store.h"
#include "store/damage_log.h"
#include "store/live.h"
#include "store/live_index.h"
#include "store/view.h"

namespace spoor {

// A block, or batches of a live block with an index of them.
struct CountedPart {
  std::shared_ptr<Block> block;
  const Batches* batches = nullptr;
  const LiveIndex* index = nullptr;
  std::shared_ptr<const void> owner = nullptr;  // of batches and index
};

// Which of `ids` stand in a part, in their order.
Result<std::vector<TraceId>> FindIn(const CountedPart& part, std::span<const TraceId> ids);

// What could not be read while something was counted, of all of it the first. Bytes that are damaged stay so; where
// reading failed it may go well the next time.
class ReadTrouble {
 public:
  explicit ReadTrouble(DamageLog& damage) : damage_(damage) {}

  // Tells it and notes it.
  void Note(const Error& error);
  const std::optional<Error>& first() const { return first_; }
  bool may_pass() const { return may_pass_; }

 private:
  DamageLog& damage_;
  std::optional<Error> first_;
  bool may_pass_ = false;
};

// Not thread-safe. Reads a few columns of many traces at a time, in passes: late spans can make most traces split, and
// reading them one by one would take minutes.
class SplitCounter {
 public:
  // `parts` stand in their order; the last one is what is counted.
  SplitCounter(std::span<const CountedPart> parts, const QueryContext& context, ReadTrouble& trouble,
               RollupBuilder& builder)
      : parts_(parts), context_(context), trouble_(trouble), builder_(builder) {}

  // Counts what the last part's rows from batch `first_new_batch` on (a block is one batch) add to all that stands
  // before them. `counted_alone`: what those rows are by themselves was counted already, and is taken back. Only
  // kCancelled is an error, and then only some traces were counted; parts that cannot be read are reported and left
  // out.
  Status Count(std::vector<TraceId> ids, uint32_t first_new_batch, bool counted_alone);

 private:
  struct Gathered {
    TraceId trace;
    AssemblySpan span;
    uint32_t series = 0;
    uint32_t part = 0;
    uint32_t batch = 0;  // of a live part
    uint32_t row = 0;    // of the batch, or of the block
    bool is_new = false;
  };
  // Rows of a block that were read whole, to compare them.
  struct ReadRows {
    uint32_t part = UINT32_MAX;
    uint32_t begin = 0;
    std::shared_ptr<const SpanBatch> batch;
  };

  size_t RowCount(std::span<const TraceId> ids);
  Status Gather(std::span<const TraceId> ids, uint32_t first_new_batch);
  Status GatherBlock(uint32_t part, std::span<const TraceId> ids);
  Status GatherPage(uint32_t part, SpanColumns& columns, uint32_t page_begin, const std::vector<bool>& wanted);
  void GatherLive(uint32_t part, std::span<const TraceId> ids, uint32_t first_new_batch);
  Status CountGathered(bool counted_alone);
  // Counts the trace of these spans, as if there were no others.
  Status CountSpans(std::span<const Gathered> spans, int32_t times);
  Result<bool> HaveSameContent(const Gathered& a, const Gathered& b);
  // A batch with the span, and its row in it. `slot`: which of the two to keep at hand.
  Result<std::pair<std::shared_ptr<const SpanBatch>, uint32_t>> BatchOf(const Gathered& span, ReadRows& slot);

  const std::span<const CountedPart> parts_;
  const QueryContext& context_;
  ReadTrouble& trouble_;
  RollupBuilder& builder_;
  std::vector<Gathered> gathered_;
  std::vector<Gathered> chosen_;
  std::vector<AssemblySpan> inputs_;
  std::vector<uint32_t> series_;
  Assembly assembly_;
  ReadRows read_a_, read_b_;
};

}  // namespace spoor
