#include "store/compaction_plan.h"

#include <algorithm>

#include "base/limits.h"

namespace spoor {
namespace {

// So many blocks of one size are worth a merge; of a partition that gets no more, two are.
constexpr size_t kFanIn = 4;
// Blocks of up to so many spans are looked at first, then of up to four times as many, and so on.
constexpr uint64_t kFirstTierSpans = 1024;
constexpr uint64_t kTierFactor = 4;
// A block is not kept longer than its youngest span demands by more than this share of the retention.
constexpr int64_t kPartitionsPerRetention = 8;
constexpr int64_t kPartitionMinNs = 60'000'000'000;

// What a merge would have.
struct Sum {
  size_t blocks = 0;
  uint64_t spans = 0;
  uint64_t traces = 0;
  uint64_t file_bytes = 0;
  uint64_t rollup_rows = 0;
  uint64_t rollup_cells = 0;
  uint64_t rollup_text_bytes = 0;
  uint64_t largest_spans = 0;

  Sum With(const CompactionCandidate& block) const {
    return {blocks + 1,
            spans + block.spans,
            traces + block.traces,
            file_bytes + block.file_bytes,
            rollup_rows + block.rollup_rows,
            rollup_cells + block.rollup_cells,
            rollup_text_bytes + block.rollup_text_bytes,
            std::max(largest_spans, block.spans)};
  }
  // Rollups within their limits are added up without a loss.
  bool FitsInto(const CompactionLimits& limits) const {
    return blocks <= limits.inputs_max && spans <= limits.spans_max && traces <= limits.traces_max &&
           file_bytes <= limits.file_bytes_max && rollup_rows <= limits::kRollupRowsMax &&
           rollup_cells <= limits::kRollupCellsMax && rollup_text_bytes <= limits::kRollupTextBytesMax;
  }
  bool DoublesEach() const { return spans >= 2 * largest_spans; }
};

class Planner {
 public:
  Planner(std::span<const CompactionCandidate> candidates, const CompactionRules& rules)
      : candidates_(candidates), rules_(rules) {}

  std::optional<CompactionRange> Plan() const {
    if (!is_choosy()) return FindUpTo(UINT64_MAX);
    for (uint64_t tier = kFirstTierSpans;; tier *= kTierFactor) {
      if (const auto found = FindUpTo(tier)) return found;
      if (tier >= rules_.limits.spans_max) return std::nullopt;
    }
  }

 private:
  uint64_t PartitionOf(size_t i) const { return candidates_[i].arrival_max_ns / rules_.partition_ns; }
  bool is_choosy() const { return rules_.reach == CompactionReach::kWorthwhile; }
  // Whether no block will be added to its partition any more.
  bool IsOver(size_t i) const { return rules_.now_ns / rules_.partition_ns > PartitionOf(i); }
  bool IsFull(size_t i) const {
    return candidates_[i].spans >= rules_.limits.full_spans || candidates_[i].file_bytes >= rules_.limits.full_bytes;
  }
  bool MayMerge(size_t i) const {
    return candidates_[i].may_merge && (rules_.reach == CompactionReach::kEverything || !IsFull(i) || IsOver(i));
  }
  bool MayFollow(size_t i, size_t before) const {
    return candidates_[i].follows && PartitionOf(i) == PartitionOf(before);
  }

  // The first blocks, of up to so many spans each, that are worth a merge.
  std::optional<CompactionRange> FindUpTo(uint64_t spans_max) const {
    const auto fits = [&](size_t i) { return MayMerge(i) && candidates_[i].spans <= spans_max; };
    for (size_t begin = 0; begin < candidates_.size(); ++begin) {
      if (!fits(begin)) continue;
      Sum sum;
      size_t end = begin;
      while (end < candidates_.size() && fits(end) && (end == begin || MayFollow(end, end - 1))) {
        const Sum more = sum.With(candidates_[end]);
        if (!more.FitsInto(rules_.limits)) break;
        sum = more;
        ++end;
      }
      if (IsWorthIt({begin, end}, sum)) return CompactionRange{begin, end};
    }
    return std::nullopt;
  }

  bool IsWorthIt(CompactionRange range, const Sum& sum) const {
    const size_t blocks = range.end - range.begin;
    if (!is_choosy()) return blocks >= 2;
    return blocks >= (IsOver(range.begin) ? 2 : kFanIn) && sum.DoublesEach();
  }

  std::span<const CompactionCandidate> candidates_;
  const CompactionRules& rules_;
};

}  // namespace

std::optional<CompactionRange> PlanCompaction(std::span<const CompactionCandidate> candidates,
                                              const CompactionRules& rules) {
  return Planner(candidates, rules).Plan();
}

uint64_t PartitionNs(const CompactionLimits& limits, std::chrono::nanoseconds retention) {
  int64_t partition_ns = limits.partition.count();
  if (retention.count() > 0) partition_ns = std::min(partition_ns, retention.count() / kPartitionsPerRetention);
  return static_cast<uint64_t>(std::max(partition_ns, kPartitionMinNs));
}

}  // namespace spoor
