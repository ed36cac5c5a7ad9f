#include "store/rollups.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/clock.h"
#include "base/log.h"
#include "model/rollup_builder.h"
#include "store/block_count.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

// A disk that fails as often as this to give what a block needs to be counted will not give it soon. What can be
// counted is kept until it is tried again in the background, and never written.
constexpr int kTriesMax = 5;
// What is cached of a file.
constexpr uint64_t kWhole = 0;
constexpr uint64_t kWithoutOperations = 1;

constexpr std::string_view kSuffix = ".rollup";

std::optional<uint64_t> BlockIdOf(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  uint64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return id;
}

CountedBlock CountedBlockOf(const BlockInfo& info) {
  return {info.id, info.wal_first_sequence, info.wal_last_sequence};
}

bool Overlap(const CountedBlock& block, uint64_t first_sequence, uint64_t last_sequence) {
  return block.wal_first_sequence <= last_sequence && block.wal_last_sequence >= first_sequence;
}

// Whether a part of `view` has log records of a block.
bool HoldsAnyOf(const View& view, const CountedBlock& counted) {
  return std::ranges::any_of(view.blocks,
                             [&](const auto& block) {
                               const BlockInfo& info = block->info();
                               return Overlap(counted, info.wal_first_sequence, info.wal_last_sequence);
                             }) ||
         std::ranges::any_of(view.lives, [&](const auto& live) {
           return live->extent().rows > 0 && Overlap(counted, live->first_sequence(), live->order());
         });
}

}  // namespace

Status Rollups::Load() {
  ASSIGN_OR_RETURN(const std::vector<FolderEntry> files, parts_.files.List(parts_.folder));
  const std::lock_guard lock(mutex_);
  for (const FolderEntry& file : files) {
    const std::string path = parts_.folder + "/" + file.name;
    if (file.name.ends_with(".tmp")) {
      if (Status removed = parts_.files.Remove(path); !removed) {
        LogWarn("not removed", {{"reason", removed.error().message}});
      }
      continue;
    }
    const std::optional<uint64_t> id = BlockIdOf(file.name);
    if (!id) continue;
    next_block_id_ = std::max(next_block_id_, *id + 1);
    Entry& entry = entries_[*id];
    entry.block.id = *id;
    const auto head = ReadRollupHead(parts_.files, path);
    if (!head) {
      parts_.damage.Report(head.error());
      entry.failure = head.error().message;
      continue;
    }
    // One block a file, so far: docs/formats/rollup.md.
    entry.block = head->blocks.front();
    entry.arrival_max_ns = head->arrival_max_ns;
    entry.minute_min = head->minute_min;
    entry.minute_max = head->minute_max;
    entry.file_bytes = head->file_bytes;
    entry.size = head->size;
    entry.cache_owner = parts_.cache.NewOwner();
    next_sequence_ = std::max(next_sequence_, entry.block.wal_last_sequence + 1);
  }
  return {};
}

uint64_t Rollups::next_block_id() const {
  const std::lock_guard lock(mutex_);
  return next_block_id_;
}

uint64_t Rollups::next_sequence() const {
  const std::lock_guard lock(mutex_);
  return next_sequence_;
}

void Rollups::Match(const View& view) {
  boost::unordered_flat_map<uint64_t, CountedBlock> blocks;
  for (const auto& block : view.blocks) blocks.emplace(block->info().id, CountedBlockOf(block->info()));
  std::vector<std::pair<uint64_t, uint64_t>> gone;
  {
    const std::lock_guard lock(mutex_);
    // Of rollups that count the same, the youngest one holds: the others were replaced by it, or were to replace what
    // it replaces and came to nothing.
    std::vector<CountedBlock> outlived;
    const auto is_replaced = [&](const CountedBlock& counted) {
      return std::ranges::any_of(outlived, [&](const CountedBlock& other) {
        return Overlap(counted, other.wal_first_sequence, other.wal_last_sequence);
      });
    };
    for (auto& [id, entry] : std::views::reverse(entries_)) {
      const auto block = blocks.find(id);
      if (block == blocks.end()) {
        entry.outlived = true;
        if (entry.file_bytes == 0) continue;
        if (HoldsAnyOf(view, entry.block) || is_replaced(entry.block)) {
          gone.emplace_back(id, entry.cache_owner);
        } else {
          outlived.push_back(entry.block);
        }
      } else if (entry.file_bytes == 0 || entry.block != block->second) {
        entry = Entry{.block = block->second};  // counted anew
      }
    }
    for (const auto& [id, owner] : gone) entries_.erase(id);
    for (const auto& [id, block] : blocks) entries_.try_emplace(id, Entry{.block = block});
  }
  for (const auto& [id, owner] : gone) {
    LogInfo("rollup removed: its spans stand in another block, or have come back from the log", {{"file", PathOf(id)}});
    RemoveFile(id, owner);
  }
}

void Rollups::Expect(const BlockInfo& block, Rollup alone) {
  auto shared = std::make_shared<const Rollup>(std::move(alone));
  const std::lock_guard lock(mutex_);
  entries_[block.id] = {
      .block = CountedBlockOf(block), .arrival_max_ns = block.arrival_max_ns, .alone = std::move(shared)};
}

void Rollups::Stop() { *stopping_ = true; }

std::vector<Rollups::Part> Rollups::PartsOf(const View& view) {
  std::vector<Part> parts;
  for (const auto& block : view.blocks) parts.push_back({block->info().wal_last_sequence, block, nullptr});
  for (const auto& live : view.lives) parts.push_back({live->order(), nullptr, live});
  std::ranges::stable_sort(parts, {}, &Part::order);
  return parts;
}

std::string Rollups::PathOf(uint64_t block_id) const { return parts_.folder + "/" + RollupFileName(block_id); }

Rollups::Entry Rollups::Get(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  return at == entries_.end() ? Entry() : at->second;
}

std::shared_ptr<LiveCount> Rollups::CountOf(const std::shared_ptr<const Live>& live) {
  const std::lock_guard lock(mutex_);
  for (const auto& [known, count] : live_counts_) {
    if (known.lock() == live) return count;
  }
  live_counts_.emplace_back(live, std::make_shared<LiveCount>());
  return live_counts_.back().second;
}

Status Rollups::ForEach(const View& view, const Need& need, const QueryContext& context, const Visit& visit,
                        std::vector<std::string>& warnings) {
  std::vector<CountedPart> before;
  ReadTrouble trouble(parts_.damage);
  for (const Part& part : PartsOf(view)) {
    RETURN_IF_ERROR(context.Check());
    if (part.block == nullptr) {
      ASSIGN_OR_RETURN(const auto counted, CountLive(part.live, before, context, trouble));
      visit(*counted.first);
      before.push_back(counted.second);
      continue;
    }
    RETURN_IF_ERROR(VisitBlock(part.block, before, need, context, visit, warnings, trouble));
    before.push_back({part.block});
  }
  for (const UnreadableBlock& block : view.unreadable) {
    warnings.push_back(block.reason);  // even where its rollup is there: who knows what stands in others, too
  }
  for (const auto& [id, entry] : Outlived(need.window)) {
    RETURN_IF_ERROR(context.Check());
    // It has gone since, or what replaced it has: it was counted as a part of the view.
    if (HoldsAnyOf(view, entry.block)) continue;
    if (!entry.failure.empty()) {
      warnings.push_back(entry.failure);
      continue;
    }
    const auto rollup = Read(id, entry, need.operations);
    if (rollup) visit(**rollup);
    if (!rollup) warnings.push_back(rollup.error().message);
  }
  if (trouble.first()) warnings.push_back(trouble.first()->message);
  return {};
}

Result<std::pair<std::shared_ptr<const Rollup>, CountedPart>> Rollups::CountLive(
    const std::shared_ptr<const Live>& live, std::span<const CountedPart> before, const QueryContext& context,
    ReadTrouble& trouble) {
  std::shared_ptr<LiveCount> count = CountOf(live);
  if (count->IsStale(before)) {
    const auto fresh = std::make_shared<LiveCount>();
    const std::lock_guard lock(mutex_);
    for (auto& [known, kept] : live_counts_) {
      if (kept == count) kept = fresh;
    }
    count = fresh;
  }
  ASSIGN_OR_RETURN(auto rollup, count->Update(*live, before, context, trouble));
  CountedPart part = count->part();
  part.owner = std::move(count);
  return std::pair(std::move(rollup), std::move(part));
}

Status Rollups::VisitBlock(const std::shared_ptr<Block>& block, std::span<const CountedPart> before, const Need& need,
                           const QueryContext& context, const Visit& visit, std::vector<std::string>& warnings,
                           ReadTrouble& trouble) {
  const uint64_t id = block->info().id;
  Entry entry = Get(id);
  if (entry.is_counted()) {
    if (!entry.shortfall.empty()) warnings.push_back(entry.shortfall);
    if (!need.window.Overlaps(entry.minute_min, entry.minute_max)) return {};
    if (const auto rollup = Read(id, entry, need.operations)) {
      visit(**rollup);
      return {};
    }
    entry = Get(id);  // the damage was noted: it is counted anew
  }
  if (!entry.failure.empty()) {
    warnings.push_back(entry.failure);
    return {};
  }
  const auto counted = Count(block, before, context, trouble);
  if (counted) {
    visit(**counted);
    return {};
  }
  if (counted.error().code == Code::kCancelled) return counted.error();
  warnings.push_back(counted.error().message);
  return {};
}

std::vector<std::pair<uint64_t, Rollups::Entry>> Rollups::Outlived(const MinuteWindow& window) const {
  std::vector<std::pair<uint64_t, Entry>> outlived;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (!entry.outlived) continue;
    const bool may_count = !entry.failure.empty() || window.Overlaps(entry.minute_min, entry.minute_max);
    if (may_count) outlived.emplace_back(id, entry);
  }
  return outlived;
}

Result<std::shared_ptr<const Rollup>> Rollups::Read(uint64_t block_id, const Entry& entry, bool operations) {
  if (operations || entry.rollup != nullptr) return ReadWhole(block_id, entry, true);
  if (auto cached = std::static_pointer_cast<const Rollup>(parts_.cache.Find(entry.cache_owner, kWithoutOperations))) {
    return cached;
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Rollup> whole, ReadWhole(block_id, entry, false));
  RollupBuilder builder;
  builder.AddWithoutOperations(*whole);
  auto rollup = std::make_shared<const Rollup>(builder.Build(RollupLimits::None()));
  parts_.cache.Insert(entry.cache_owner, kWithoutOperations, rollup, rollup->size_bytes());
  return std::shared_ptr<const Rollup>(std::move(rollup));
}

bool Rollups::HasRoom(size_t bytes) {
  // A question that reads more than the cache holds would find nothing of it the next time, were all of it put there:
  // the first ones would have made way for the last ones. So most of what is too much is turned away.
  constexpr uint32_t kTurnedAway = 8;
  return parts_.cache.used_bytes() + bytes <= parts_.cache.limit_bytes() || ++turned_away_ % kTurnedAway == 0;
}

Result<std::shared_ptr<const Rollup>> Rollups::ReadWhole(uint64_t block_id, const Entry& entry, bool keep) {
  if (entry.rollup != nullptr) return entry.rollup;
  if (auto cached = std::static_pointer_cast<const Rollup>(parts_.cache.Find(entry.cache_owner, kWhole))) return cached;
  auto read = ReadRollup(parts_.files, PathOf(block_id));
  if (read) {
    auto rollup = std::make_shared<const Rollup>(*std::move(read));
    if (keep && HasRoom(rollup->size_bytes())) {
      parts_.cache.Insert(entry.cache_owner, kWhole, rollup, rollup->size_bytes());
    }
    return std::shared_ptr<const Rollup>(std::move(rollup));
  }
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  // Retention may have removed it since.
  if (at == entries_.end() || at->second.cache_owner != entry.cache_owner) {
    return std::make_shared<const Rollup>(RollupBuilder().Build());
  }
  parts_.damage.Report(read.error());
  at->second.file_bytes = 0;
  if (at->second.outlived) at->second.failure = read.error().message;
  return std::move(read).error();
}

Result<std::shared_ptr<const Rollup>> Rollups::Count(const std::shared_ptr<Block>& block,
                                                     std::span<const CountedPart> before, const QueryContext& context,
                                                     ReadTrouble& trouble) {
  const uint64_t id = block->info().id;
  const int64_t begin_ns = SystemClock().SteadyNanos();
  const auto counted = CountBlockAfter(block, Get(id).alone, before, parts_.straddlers, context, trouble);
  if (!counted) {
    NoteFailure(id, counted.error());
    return counted.error();
  }
  const std::shared_ptr<const Rollup>& rollup = *counted;
  StoreMetrics::Get().rollup_seconds.Observe(static_cast<double>(SystemClock().SteadyNanos() - begin_ns) / 1e9);
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(id);
  if (at == entries_.end() || (at->second.is_counted() && at->second.shortfall.empty())) return rollup;
  Entry& entry = at->second;
  if (trouble.may_pass() && ++entry.tries < kTriesMax) return rollup;
  entry.shortfall = trouble.may_pass() ? trouble.first()->message : "";
  entry.block = CountedBlockOf(block->info());
  entry.arrival_max_ns = block->info().arrival_max_ns;
  const auto [min, max] = std::ranges::minmax_element(rollup->minute);
  entry.minute_min = rollup->empty() ? 1 : *min;
  entry.minute_max = rollup->empty() ? 0 : *max;
  entry.rollup = rollup;
  if (entry.shortfall.empty()) entry.alone.reset();
  return rollup;
}

void Rollups::NoteFailure(uint64_t block_id, const Error& error) {
  if (error.code == Code::kCancelled) return;
  parts_.damage.Report(error);
  if (error.code != Code::kCorrupt) return;  // it may go well the next time
  const std::lock_guard lock(mutex_);
  if (const auto at = entries_.find(block_id); at != entries_.end()) at->second.failure = error.message;
}

void Rollups::CatchUp(const View& view) {
  const QueryContext context{.cancelled = stopping_};
  ForgetSealed(view);
  bool may_save = true;
  for (const auto& [id, entry] : Outlived(MinuteWindow(0, UINT64_MAX))) {
    may_save = may_save && (entry.rollup == nullptr || Save(id));
  }
  // What was counted without a block that is there again at the next start must not last.
  may_save = may_save && std::ranges::none_of(view.unreadable, &UnreadableBlock::may_pass);
  std::vector<CountedPart> before;
  for (const Part& part : PartsOf(view)) {
    // What stands before a block must be in blocks, or a restart might put it elsewhere.
    if (part.block == nullptr || *stopping_) return;
    const uint64_t id = part.block->info().id;
    const Entry entry = Get(id);
    if (entry.failure.empty()) {
      // What cannot be counted was told, and is left out.
      ReadTrouble trouble(parts_.damage);
      const bool is_whole = entry.is_counted() && entry.shortfall.empty();
      if (!is_whole) static_cast<void>(Count(part.block, before, context, trouble).has_value());
      // All are counted in any case: retention may take what stands before them.
      may_save = may_save && (entry.file_bytes != 0 || Save(id));
    }
    before.push_back({part.block});
  }
}

void Rollups::ForgetSealed(const View& view) {
  std::vector<std::shared_ptr<LiveCount>> gone;  // whose memory is given back after the lock
  const std::lock_guard lock(mutex_);
  std::erase_if(live_counts_, [&](auto& one) {
    const std::shared_ptr<const Live> live = one.first.lock();
    if (live != nullptr && std::ranges::find(view.lives, live) != view.lives.end()) return false;
    gone.push_back(std::move(one.second));
    return true;
  });
}

bool Rollups::Save(uint64_t block_id) {
  const Entry entry = Get(block_id);
  if (entry.rollup == nullptr || (!entry.shortfall.empty() && !entry.outlived)) return true;
  const RollupHead head{.blocks = {entry.block}, .arrival_max_ns = entry.arrival_max_ns};
  const auto written = WriteRollup(parts_.files, parts_.folder, head, *entry.rollup);
  if (!written) {
    LogWarn("rollup not written, its counts stay in memory, trying again later",
            {{"block", block_id}, {"reason", written.error().message}});
    return false;
  }
  const uint64_t owner = parts_.cache.NewOwner();
  parts_.cache.Insert(owner, kWhole, entry.rollup, entry.rollup->size_bytes());
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  if (at == entries_.end()) return true;
  Entry& saved = at->second;
  saved.file_bytes = written->file_bytes;
  saved.size = written->size;
  saved.cache_owner = owner;
  saved.rollup.reset();
  return true;
}

std::optional<RollupSize> Rollups::SizeOf(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  if (at == entries_.end() || at->second.file_bytes == 0 || !at->second.failure.empty()) return std::nullopt;
  return at->second.size;
}

std::optional<uint64_t> Rollups::ArrivalOf(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  if (at == entries_.end() || at->second.file_bytes == 0) return std::nullopt;
  return at->second.arrival_max_ns;
}

bool Rollups::IsSettled(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  return at == entries_.end() || at->second.file_bytes != 0 || !at->second.failure.empty();
}

std::optional<CountedBlock> Rollups::CountedOf(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(block_id);
  if (at == entries_.end() || at->second.file_bytes == 0) return std::nullopt;
  return at->second.block;
}

bool Rollups::CountAnyOf(uint64_t first_sequence, uint64_t last_sequence) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(entries_, [&](const auto& one) {
    const CountedBlock& block = one.second.block;
    const bool is_unknown = block.wal_last_sequence == 0;
    return is_unknown || Overlap(block, first_sequence, last_sequence);
  });
}

Result<Rollup> Rollups::Sum(std::span<const uint64_t> block_ids) {
  RollupBuilder builder;
  for (const uint64_t id : block_ids) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const Rollup> rollup, ReadWhole(id, Get(id), false));
    builder.Add(*rollup);
  }
  return builder.Build();
}

Status Rollups::Prepare(const BlockInfo& block, const Rollup& rollup) {
  Entry entry{.block = CountedBlockOf(block), .arrival_max_ns = block.arrival_max_ns};
  const RollupHead head{.blocks = {entry.block}, .arrival_max_ns = entry.arrival_max_ns};
  ASSIGN_OR_RETURN(const RollupHead written, WriteRollup(parts_.files, parts_.folder, head, rollup));
  entry.minute_min = written.minute_min;
  entry.minute_max = written.minute_max;
  entry.file_bytes = written.file_bytes;
  entry.size = written.size;
  entry.cache_owner = parts_.cache.NewOwner();
  const std::lock_guard lock(mutex_);
  entries_[block.id] = std::move(entry);
  return {};
}

void Rollups::Forget(std::span<const uint64_t> block_ids) {
  std::vector<std::pair<uint64_t, uint64_t>> gone;
  {
    const std::lock_guard lock(mutex_);
    for (const uint64_t id : block_ids) {
      const auto at = entries_.find(id);
      if (at == entries_.end()) continue;
      if (at->second.file_bytes != 0) gone.emplace_back(id, at->second.cache_owner);
      entries_.erase(at);
    }
  }
  for (const auto& [id, owner] : gone) RemoveFile(id, owner);
}

void Rollups::Outlive(std::span<const uint64_t> block_ids) {
  const std::lock_guard lock(mutex_);
  for (const uint64_t id : block_ids) {
    const auto at = entries_.find(id);
    if (at != entries_.end()) at->second.outlived = true;
  }
}

void Rollups::Retain(uint64_t arrival_min_ns, uint64_t bytes_max) {
  std::vector<std::pair<uint64_t, uint64_t>> gone;
  {
    const std::lock_guard lock(mutex_);
    uint64_t bytes = 0;
    for (const auto& [id, entry] : entries_) bytes += entry.file_bytes;
    uint64_t last_gone = 0;
    for (const auto& [id, entry] : entries_) {
      const bool is_too_much = bytes_max != 0 && bytes > bytes_max;
      if (!entry.outlived || entry.file_bytes == 0 || (entry.arrival_max_ns >= arrival_min_ns && !is_too_much))
        continue;
      bytes -= entry.file_bytes;
      gone.emplace_back(id, entry.cache_owner);
      last_gone = id;
    }
    // Those that cannot be read are as old as their numbers.
    for (const auto& [id, entry] : entries_) {
      if (entry.outlived && entry.file_bytes == 0 && id < last_gone) gone.emplace_back(id, entry.cache_owner);
    }
    for (const auto& [id, owner] : gone) entries_.erase(id);
  }
  for (const auto& [id, owner] : gone) {
    RemoveFile(id, owner);
    StoreMetrics::Get().retention_rollups.Add();
    LogInfo("rollup removed by retention", {{"block", id}});
  }
}

void Rollups::RemoveFile(uint64_t block_id, uint64_t cache_owner) {
  parts_.cache.Erase(cache_owner);
  if (Status removed = parts_.files.Remove(PathOf(block_id)); !removed) {
    LogWarn("rollup not removed", {{"reason", removed.error().message}});
  }
}

uint64_t Rollups::size_bytes() const {
  const std::lock_guard lock(mutex_);
  uint64_t bytes = 0;
  for (const auto& [id, entry] : entries_) bytes += entry.file_bytes;
  return bytes;
}

}  // namespace spoor
