#include "store/live_count.h"

#include <algorithm>

#include "model/trace.h"

namespace spoor {
namespace {

std::vector<uint64_t> BlockIds(std::span<const CountedPart> parts) {
  std::vector<uint64_t> ids;
  for (const CountedPart& part : parts) {
    if (part.block != nullptr) ids.push_back(part.block->info().id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

bool LiveCount::IsStale(std::span<const CountedPart> before) const {
  const std::lock_guard lock(mutex_);
  return given_up_ || !std::ranges::includes(BlockIds(before), blocks_before_);
}

Result<std::shared_ptr<const Rollup>> LiveCount::Update(const Live& live, std::span<const CountedPart> before,
                                                        const QueryContext& context, ReadTrouble& trouble) {
  const std::lock_guard lock(mutex_);
  blocks_before_ = BlockIds(before);
  const Batches more = live.SnapshotFrom(batches_.size());
  if (more.empty() && rollup_ != nullptr) return rollup_;

  const auto first_new_batch = static_cast<uint32_t>(batches_.size());
  const auto first_new_row = static_cast<uint32_t>(series_.size());
  TakeIn(more);
  const std::vector<uint32_t> touched = Touched(first_new_row);
  FindElsewhere(touched, before, trouble);
  std::vector<TraceId> split;
  for (const uint32_t trace : touched) {
    if (stands_[trace] == Stands::kElsewhereToo) {
      split.push_back(index_.id(trace));
    } else {
      CountHere(trace, first_new_batch);
    }
  }
  std::vector<CountedPart> parts(before.begin(), before.end());
  parts.push_back(part());
  const Status counted =
      SplitCounter(parts, context, trouble, builder_).Count(std::move(split), first_new_batch, false);
  given_up_ = !counted || trouble.may_pass();
  if (!counted) return counted.error();
  rollup_ = std::make_shared<const Rollup>(builder_.Build());
  return rollup_;
}

void LiveCount::TakeIn(std::span<const std::shared_ptr<const SpanBatch>> more) {
  SeriesFinder finder(builder_);
  for (const auto& batch : more) {
    finder.Append(*batch, series_);
    row_begin_.push_back(static_cast<uint32_t>(series_.size()));
    batches_.push_back(batch);
  }
  index_.Extend(more);
  stands_.resize(index_.trace_count(), Stands::kUnknown);
}

std::vector<uint32_t> LiveCount::Touched(uint32_t first_new_row) const {
  std::vector<uint32_t> touched;
  std::vector<bool> seen(index_.trace_count());
  const auto first = std::ranges::lower_bound(row_begin_, first_new_row) - row_begin_.begin();
  for (auto b = static_cast<uint32_t>(first); b < batches_.size(); ++b) {
    for (uint32_t row = 0; row < batches_[b]->span_count(); ++row) {
      const uint32_t trace = index_.TraceOf({b, row});
      if (seen[trace]) continue;
      seen[trace] = true;
      touched.push_back(trace);
    }
  }
  return touched;
}

void LiveCount::FindElsewhere(std::span<const uint32_t> touched, std::span<const CountedPart> before,
                              ReadTrouble& trouble) {
  std::vector<TraceId> fresh;
  for (const uint32_t trace : touched) {
    if (stands_[trace] != Stands::kUnknown) continue;
    stands_[trace] = Stands::kHereOnly;
    fresh.push_back(index_.id(trace));
  }
  for (const CountedPart& part : before) {
    const auto found = FindIn(part, fresh);
    if (!found) trouble.Note(found.error());
    if (!found) continue;
    for (const TraceId id : *found) stands_[*index_.Find(id)] = Stands::kElsewhereToo;
  }
}

void LiveCount::CountHere(uint32_t trace, uint32_t first_new_batch) {
  index_.RowsOf(trace, rows_);
  const auto first_new =
      std::ranges::find_if(rows_, [&](const RowRef& ref) { return ref.batch >= first_new_batch; }) - rows_.begin();
  CountRows(std::span(rows_).first(static_cast<size_t>(first_new)), -1);
  CountRows(rows_, 1);
}

void LiveCount::CountRows(std::span<const RowRef> rows, int32_t times) {
  if (rows.empty()) return;
  inputs_.clear();
  input_series_.clear();
  for (const auto [b, row] : rows) {
    const SpanBatch& batch = *batches_[b];
    inputs_.push_back(
        {batch.span_id[row], batch.parent_span_id[row], batch.start_ns[row], batch.end_ns[row], batch.kind[row]});
    input_series_.push_back(series_[row_begin_[b] + row]);
  }
  const auto equal = [&](uint32_t a, uint32_t b) {
    return SameSpan(*batches_[rows[a].batch], rows[a].row, *batches_[rows[b].batch], rows[b].row);
  };
  const auto content_hash = [&](uint32_t i) { return SpanContentHash(*batches_[rows[i].batch], rows[i].row); };
  AssembleTrace(inputs_, equal, assembly_, content_hash);
  CountTrace(inputs_, input_series_, assembly_, times, builder_);
}

}  // namespace spoor
