#include "store/compactor.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/log.h"
#include "block/block_merger.h"
#include "store/seal.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

// A merge that failed for the disk is tried again after this, and after twice as long each time.
constexpr int64_t kRestFirstNs = 5'000'000'000;
constexpr int64_t kRestMaxNs = 300'000'000'000;
// What a merge holds in memory beside pages: docs of BlockMerge.
constexpr uint64_t kBytesOfSpan = 12;
constexpr uint64_t kBytesOfTrace = 200;
constexpr uint64_t kBytesOfMerge = uint64_t{8} << 20;

// That a block holds.
uint64_t LastSequence(const View& view) {
  return view.blocks.empty() ? 0 : view.blocks.back()->info().wal_last_sequence;
}

}  // namespace

Compactor::Compactor(CompactorParts parts)
    : parts_(std::move(parts)),
      partition_ns_(PartitionNs(parts_.limits, parts_.retention)),
      idle_("compact", parts_.has_threads ? 1 : 0, 4, true) {}

Compactor::~Compactor() { Stop(); }

void Compactor::Stop() {
  stopping_ = true;
  idle_.Stop();
  const std::lock_guard one_at_a_time(merge_mutex_);
  ForgetReplaced();
}

void Compactor::Consider() {
  {
    const std::lock_guard lock(mutex_);
    if (asked_ || stopping_) return;
    asked_ = true;
  }
  if (idle_.Submit([this] { Run(); })) return;
  const std::lock_guard lock(mutex_);
  asked_ = false;
}

CompactionStats Compactor::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void Compactor::Run() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = false;
  }
  const std::lock_guard one_at_a_time(merge_mutex_);
  ForgetReplaced();
  while (parts_.limits.enabled && !stopping_) {
    {
      const std::lock_guard lock(mutex_);
      if (parts_.clock.SteadyNanos() < resting_until_ns_) return;
    }
    std::optional<Job> job = NextJob(CompactionReach::kWorthwhile);
    if (!job || !Merge(*job)) return;
  }
}

Status Compactor::CompactAll(CompactionReach reach) {
  const std::lock_guard one_at_a_time(merge_mutex_);
  // What is sealed while this merges could keep it going for ever.
  const uint64_t last_sequence = LastSequence(*parts_.shelf.Get());
  while (!stopping_) {
    std::optional<Job> job = NextJob(reach, last_sequence);
    if (!job) {
      ForgetReplaced();
      return {};
    }
    RETURN_IF_ERROR(Merge(*job));
  }
  return Error(Code::kCancelled, "the store is stopping");
}

std::optional<Compactor::Job> Compactor::NextJob(CompactionReach reach, uint64_t last_sequence) {
  const std::shared_ptr<const View> view = parts_.shelf.Get();
  const std::vector<CompactionCandidate> candidates = Candidates(*view, last_sequence);
  const CompactionRules rules{.limits = parts_.limits,
                              .partition_ns = partition_ns_,
                              .now_ns = static_cast<uint64_t>(parts_.clock.WallNanos()),
                              .reach = reach};
  const std::optional<CompactionRange> range = PlanCompaction(candidates, rules);
  if (!range) return std::nullopt;
  Job job;
  for (size_t i = range->begin; i < range->end; ++i) {
    job.inputs.push_back(view->blocks[i]);
    job.ids.push_back(view->blocks[i]->info().id);
    job.input_bytes += view->blocks[i]->info().file_bytes;
  }
  // Where retention is at one of them, or was since we looked, there will be another time.
  if (!parts_.claims.TryClaim(job.ids)) return std::nullopt;
  const std::shared_ptr<const View> now = parts_.shelf.Get();
  const auto is_there = [&](const auto& block) { return std::ranges::find(now->blocks, block) != now->blocks.end(); };
  if (std::ranges::all_of(job.inputs, is_there)) return job;
  parts_.claims.Release(job.ids);
  return std::nullopt;
}

std::vector<CompactionCandidate> Compactor::Candidates(const View& view, uint64_t last_sequence) {
  std::vector<CompactionCandidate> candidates;
  const BlockInfo* before = nullptr;
  for (const auto& block : view.blocks) {
    const BlockInfo& info = block->info();
    CompactionCandidate candidate{.id = info.id,
                                  .follows = before != nullptr && Follows(info, *before, view),
                                  .arrival_max_ns = info.arrival_max_ns,
                                  .spans = info.span_count,
                                  .traces = info.trace_count,
                                  .file_bytes = info.file_bytes};
    // Only what was counted, and where it is known which of its traces stand elsewhere, can be merged and stay so.
    const std::optional<RollupSize> rollup = parts_.rollups.SizeOf(info.id);
    candidate.may_merge = rollup.has_value() && parts_.straddlers.IsKnown(info.id) && !MayComeBack(info, view) &&
                          info.wal_last_sequence <= last_sequence;
    if (rollup) {
      candidate.rollup_rows = rollup->rows;
      candidate.rollup_cells = rollup->cells;
      candidate.rollup_text_bytes = rollup->text_bytes;
    }
    candidates.push_back(candidate);
    before = &info;
  }
  const std::lock_guard lock(mutex_);
  for (CompactionCandidate& candidate : candidates) candidate.may_merge &= !left_out_.contains(candidate.id);
  return candidates;
}

bool Compactor::Follows(const BlockInfo& block, const BlockInfo& before, const View& view) const {
  const uint64_t first = before.wal_last_sequence + 1;
  if (block.wal_first_sequence < first) return false;
  if (block.wal_first_sequence == first) return true;
  const uint64_t last = block.wal_first_sequence - 1;
  const bool is_live = std::ranges::any_of(
      view.lives, [&](const auto& live) { return live->first_sequence() <= last && live->order() >= first; });
  return !is_live && view.unreadable.empty() && !parts_.rollups.CountAnyOf(first, last);
}

// What a crash left beside the block that replaces it, where that cannot be read now and may be the next time. Of which
// blocks it holds the spans is known by its rollup; else it may be any that are older.
bool Compactor::MayComeBack(const BlockInfo& block, const View& view) const {
  return std::ranges::any_of(view.unreadable, [&](const UnreadableBlock& one) {
    const std::optional<CountedBlock> counted = parts_.rollups.CountedOf(one.id);
    if (!counted) return one.may_pass && one.id > block.id;
    return counted->wal_first_sequence <= block.wal_last_sequence &&
           counted->wal_last_sequence >= block.wal_first_sequence;
  });
}

Status Compactor::HasRoom(const Job& job, MemoryReservation& memory) {
  const auto space = parts_.files.Space(parts_.blocks_folder);
  if (space && space->free_bytes < parts_.free_bytes_floor + job.input_bytes) {
    return Error(Code::kFull, fmt::format("{} MiB are free on the disk, and a merge takes {} MiB for a while",
                                          space->free_bytes >> 20, job.input_bytes >> 20));
  }
  uint64_t bytes = kBytesOfMerge + parts_.limits.page_bytes;
  for (const auto& block : job.inputs) {
    bytes += block->info().span_count * kBytesOfSpan + block->info().trace_count * kBytesOfTrace;
  }
  memory = parts_.budget.Reserve();
  if (!memory.Resize(bytes)) return Busy(fmt::format("a merge needs {} MiB of memory", bytes >> 20));
  return {};
}

Status Compactor::Merge(Job& job) {
  const int64_t begin_ns = parts_.clock.SteadyNanos();
  const Status merged = MergeInto(job);
  parts_.claims.Release(job.ids);
  {
    const std::lock_guard lock(mutex_);
    stats_.running = false;
    stats_.temporary_bytes = 0;
    if (merged) {
      ++stats_.merges;
      stats_.blocks_merged += job.inputs.size();
      failures_in_a_row_ = 0;
    }
  }
  if (merged) {
    const double seconds = static_cast<double>(parts_.clock.SteadyNanos() - begin_ns) / 1e9;
    StoreMetrics::Get().compactions.Add();
    StoreMetrics::Get().compaction_blocks.Add(job.inputs.size());
    StoreMetrics::Get().compaction_seconds.Observe(seconds);
    LogInfo("blocks merged", {{"block", job.block_id},
                              {"inputs", job.inputs.size()},
                              {"bytes_before", job.input_bytes},
                              {"seconds", seconds}});
    return {};
  }
  if (stopping_) return merged;
  if (LeaveOut(job, merged.error())) return {};
  Rest(merged.error());
  return merged;
}

Status Compactor::MergeInto(Job& job) {
  MemoryReservation memory;
  RETURN_IF_ERROR(HasRoom(job, memory));
  {
    const std::lock_guard lock(mutex_);
    stats_.running = true;
  }
  job.block_id = parts_.take_block_id();
  std::vector<std::string> paths;
  for (const auto& block : job.inputs) paths.push_back(block->path());
  const BlockMerge merge{.id = job.block_id,
                         .paths = paths,
                         .page_bytes_max = parts_.limits.page_bytes,
                         .on_progress = [this](uint64_t read_bytes, uint64_t written_bytes) {
                           StoreMetrics::Get().compaction_read_bytes.Add(read_bytes);
                           StoreMetrics::Get().compaction_written_bytes.Add(written_bytes);
                           const std::lock_guard lock(mutex_);
                           stats_.read_bytes += read_bytes;
                           stats_.written_bytes += written_bytes;
                           stats_.temporary_bytes += written_bytes;
                           return !stopping_;
                         }};
  ASSIGN_OR_RETURN(const BlockInfo info, MergeBlocks(parts_.files, parts_.blocks_folder, merge));
  const Status published = Publish(job, info);
  if (!published) DiscardMerged(parts_.files, parts_.blocks_folder, job.block_id);
  return published;
}

// The order matters where the power goes in between. A rollup without its block is removed at the next start, as the
// blocks are there whose spans it counts; from the moment on that the block has its name, it is theirs that are.
Status Compactor::Publish(const Job& job, const BlockInfo& info) {
  const std::shared_ptr<const View> view = parts_.shelf.Get();
  ASSIGN_OR_RETURN(const Rollup rollup, parts_.rollups.Sum(job.ids));
  RETURN_IF_ERROR(parts_.rollups.Prepare(info, rollup));
  std::shared_ptr<Block> block;
  if (Status opened = OpenPublished(info, block); !opened) {
    parts_.rollups.Forget(std::span(&info.id, 1));
    if (!RemoveForGood(info.id)) {
      // It is complete, and the next start may take it instead of its inputs: none of these may become part of another
      // one.
      const std::lock_guard lock(mutex_);
      left_out_.insert(job.ids.begin(), job.ids.end());
    }
    return opened;
  }
  parts_.straddlers.Replace(block, job.ids, *view);
  parts_.replaced.Add(job.ids);
  SPOOR_CHECK(parts_.shelf.Replace(job.ids, std::move(block)));
  RemoveInputs(job);
  return {};
}

bool Compactor::RemoveForGood(uint64_t block_id) {
  const Status removed = parts_.files.Remove(parts_.blocks_folder + "/" + BlockFileName(block_id));
  if (!removed && removed.error().code != Code::kNotFound) return false;
  return parts_.files.SyncFolder(parts_.blocks_folder).has_value();
}

Status Compactor::OpenPublished(const BlockInfo& info, std::shared_ptr<Block>& block) {
  RETURN_IF_ERROR(PublishMerged(parts_.files, parts_.blocks_folder, info.id));
  ASSIGN_OR_RETURN(block, OpenWritten(parts_.files, parts_.blocks_folder, parts_.cache, info.id));
  return {};
}

void Compactor::RemoveInputs(const Job& job) {
  (void)parts_.replaced.RemoveAll();  // retention tries again
  Replaced replaced{.ids = job.ids, .blocks = {}};
  for (const auto& block : job.inputs) replaced.blocks.push_back(block);
  const std::lock_guard lock(mutex_);
  replaced_.push_back(std::move(replaced));
}

bool Compactor::LeaveOut(const Job& job, const Error& error) {
  if (error.code != Code::kCorrupt && error.code != Code::kUnsupported && error.code != Code::kTooLarge) return false;
  if (error.code != Code::kTooLarge) parts_.damage.Report(error);
  // Damage names its file. Where it is not known which block it is, none of them is tried again.
  std::vector<uint64_t> which;
  for (const auto& block : job.inputs) {
    if (error.message.find(block->path()) != std::string::npos) which.push_back(block->info().id);
  }
  if (which.empty()) which = job.ids;
  {
    const std::lock_guard lock(mutex_);
    ++stats_.failures;
    left_out_.insert(which.begin(), which.end());
  }
  StoreMetrics::Get().compaction_failures.Add();
  LogWarn("blocks stay as they are, for merging them failed",
          {{"block", which.front()}, {"blocks", which.size()}, {"reason", error.message}});
  return true;
}

void Compactor::Rest(const Error& error) {
  int64_t rest_ns = 0;
  bool tell = false;
  {
    const std::lock_guard lock(mutex_);
    ++stats_.failures;
    rest_ns = std::min(kRestMaxNs, kRestFirstNs << std::min(failures_in_a_row_, 8));
    tell = failures_in_a_row_++ == 0;
    resting_until_ns_ = parts_.clock.SteadyNanos() + rest_ns;
  }
  StoreMetrics::Get().compaction_failures.Add();
  // Once, until it goes well again: all the spans are where they were.
  if (tell) LogWarn("blocks not merged, trying again later", {{"reason", error.message}});
}

void Compactor::ForgetReplaced() {
  std::vector<uint64_t> gone;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(replaced_, [&](const Replaced& replaced) {
      const bool is_held = std::ranges::any_of(replaced.blocks, [](const auto& block) { return !block.expired(); });
      if (is_held) return false;
      gone.insert(gone.end(), replaced.ids.begin(), replaced.ids.end());
      return true;
    });
    for (const uint64_t id : gone) left_out_.erase(id);
  }
  if (gone.empty()) return;
  parts_.straddlers.Forget(gone);
  parts_.rollups.Forget(gone);
}

}  // namespace spoor
