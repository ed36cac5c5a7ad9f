#include "store/recovery.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/log.h"
#include "store/replaced_blocks.h"
#include "store/seal.h"
#include "store/straddlers.h"
#include "wal/wal.h"

namespace spoor {
namespace {

// Folders whose names are made durable: DIR/tenants/default, DIR/tenants and DIR have to be ours; DIR's parent holds
// the name of DIR.
constexpr int kOwnFolderLevels = 3;
constexpr int kFolderLevels = kOwnFolderLevels + 1;

// The number in "<number>.<suffix>".
std::optional<uint64_t> NumberOf(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return std::nullopt;
  name.remove_suffix(suffix.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

class Recovery {
 public:
  Recovery(const StoreOptions& options, const StoreFolders& folders, PageCache& cache, DamageLog& damage,
           NextNumbers next)
      : options_(options),
        folders_(folders),
        files_(*options.files),
        cache_(cache),
        damage_(damage),
        found_{.digests = RetryDigests(limits::kRetryMemory, limits::kRetryDigestsMax),
               .next_sequence = next.sequence,
               .next_block_id = next.block_id} {}

  Result<Recovered> Run() {
    RETURN_IF_ERROR(OpenBlocks());
    DropReplaced();
    DropLists();
    RETURN_IF_ERROR(ReplayLog());
    SkipCovered();
    if (lives().empty() || live_ended_) lives().push_back(std::make_shared<Live>(found_.next_sequence));
    return std::move(found_);
  }

 private:
  std::vector<std::shared_ptr<Block>>& blocks() { return found_.view.blocks; }
  std::vector<std::shared_ptr<Live>>& lives() { return found_.view.lives; }

  Status OpenBlocks() {
    // A process that was killed may have left names in the page cache, and the log goes by what is here.
    RETURN_IF_ERROR(files_.SyncFolder(folders_.blocks));
    ASSIGN_OR_RETURN(const std::vector<FolderEntry> entries, files_.List(folders_.blocks));
    for (const FolderEntry& entry : entries) {
      const std::string path = folders_.blocks + "/" + entry.name;
      if (entry.name.ends_with(".tmp")) {
        // Left behind by a crash: its block is written anew from the log.
        if (Status removed = files_.Remove(path); !removed)
          LogWarn("not removed", {{"reason", removed.error().message}});
        continue;
      }
      if (const std::optional<uint64_t> listed = NumberOf(entry.name, ".straddlers")) lists_.push_back(*listed);
      const std::optional<uint64_t> id = NumberOf(entry.name, ".block");
      if (!id) continue;
      found_.next_block_id = std::max(found_.next_block_id, *id + 1);
      auto block = Block::Open(files_, path, cache_);
      if (block) {
        blocks().push_back(*std::move(block));
      } else {
        damage_.Report(block.error());
        const Code code = block.error().code;
        const bool may_pass = code != Code::kCorrupt && code != Code::kUnsupported;
        found_.view.unreadable.push_back({*id, entry.size_bytes, std::move(block).error().message, may_pass});
      }
    }
    return {};
  }

  void DropReplaced() {
    found_.replaced = FindReplaced(blocks());
    std::erase_if(blocks(), [&](const auto& block) {
      return std::ranges::find(found_.replaced, block->info().id) != found_.replaced.end();
    });
  }

  // Lists of straddling traces whose blocks are gone: a crash came before they could be removed.
  void DropLists() {
    for (const uint64_t id : lists_) {
      const auto is_it = [&](const auto& block) { return block->info().id == id; };
      if (std::ranges::any_of(blocks(), is_it) ||
          std::ranges::find(found_.view.unreadable, id, &UnreadableBlock::id) != found_.view.unreadable.end()) {
        continue;
      }
      if (Status removed = files_.Remove(folders_.blocks + "/" + Straddlers::FileName(id)); !removed) {
        LogWarn("not removed", {{"reason", removed.error().message}});
      }
    }
  }

  // The block that holds what the record of the log held; null where none does.
  const Block* Covering(uint64_t sequence) const {
    const auto at = std::ranges::find_if(found_.view.blocks, [&](const auto& block) {
      return sequence >= block->info().wal_first_sequence && sequence <= block->info().wal_last_sequence;
    });
    return at == found_.view.blocks.end() ? nullptr : at->get();
  }

  Status ReplayLog() {
    const int64_t begin_ns = options_.clock->SteadyNanos();
    auto replay = ReplayWal(files_, folders_.wal, 0, [this](WalRecord record) { return Receive(std::move(record)); });
    if (!replay) return std::move(replay).error();
    for (const WalDamage& damage : replay->damage) Tell(damage);
    found_.next_sequence = std::max(found_.next_sequence, replay->next_sequence);
    if (found_.replayed_spans > 0) {
      LogInfo("log replayed", {{"records", replay->records},
                               {"spans", found_.replayed_spans},
                               {"seconds", static_cast<double>(options_.clock->SteadyNanos() - begin_ns) / 1e9}});
    }
    return {};
  }

  void Tell(const WalDamage& damage) {
    if (damage.torn_tail) {
      LogWarn(
          "damage at the end of the log: a torn write, never acknowledged, is set aside",
          {{"file", damage.segment}, {"offset", damage.offset}, {"bytes", damage.bytes}, {"reason", damage.reason}});
      return;
    }
    damage_.Report(Corrupt(fmt::format("{} at {}: {} ({} bytes passed over)", damage.segment, damage.offset,
                                       damage.reason, damage.bytes)));
  }

  Status Receive(WalRecord record) {
    if (const Block* block = Covering(record.sequence)) {
      // Its first records may be missing, as they were refused: their numbers are the block's all the same.
      EndLive(block->info().wal_first_sequence);
      return {};
    }
    const std::span<const std::byte> bytes(record.body.get(), record.body_bytes);
    const BatchDigest digest = DigestOf(bytes);
    // A retry that was logged again, as nobody knew whether the first one is on the disk: one of the two is.
    if (found_.digests.Contains(digest)) return {};
    auto batch = SpanBatch::Parse(std::move(record.body), record.body_bytes);
    if (!batch) {
      damage_.Report(batch.error().Within(fmt::format("{} at {}", record.segment, record.offset)));
      return {};
    }
    const int64_t age_ns = options_.clock->WallNanos() - static_cast<int64_t>(record.arrival_ns);
    if (age_ns < std::chrono::nanoseconds(limits::kRetryMemory).count()) {
      found_.digests.Insert(digest, static_cast<int64_t>(record.arrival_ns));
    }
    // What was acknowledged is taken in even where the budget is smaller now than it was.
    MemoryReservation memory = options_.budget->Reserve();
    (void)memory.Resize(record.body_bytes);
    found_.replayed_spans += (*batch)->span_count();
    LiveFor(record.sequence).Append(*std::move(batch), std::move(memory), record.arrival_ns, record.sequence);
    return {};
  }

  Live& LiveFor(uint64_t sequence) {
    if (!lives().empty() && lives().back()->IsDue(options_.live, 0)) EndLive(sequence);
    if (lives().empty() || live_ended_) lives().push_back(std::make_shared<Live>(sequence));
    live_ended_ = false;
    return *lives().back();
  }

  // The youngest live block takes in nothing of records from `sequence` on. So no block ever holds records on both
  // sides of another one's: ranges are disjoint, but for those of blocks that were replaced.
  void EndLive(uint64_t sequence) {
    if (lives().empty() || live_ended_) return;
    lives().back()->Close(sequence);
    live_ended_ = true;
    found_.digests.Clear();  // a block with a later record must not stand for one that it does not hold
    SealIfTooMany();
  }

  // A log that holds more than may be live at a time is written into blocks while it is read.
  void SealIfTooMany() {
    if (lives().size() <= options_.sealing_max) return;
    auto block = SealLive(files_, folders_.blocks, cache_, *lives().front(), found_.next_block_id);
    if (!block) {
      LogWarn("block not written, the spans stay in memory", {{"reason", block.error().message}});
      return;
    }
    ++found_.next_block_id;
    blocks().push_back(*std::move(block));
    lives().erase(lives().begin());
  }

  // The log's own count does not know of records that are in blocks and were removed from it.
  void SkipCovered() {
    for (const auto& block : blocks()) {
      found_.next_sequence = std::max(found_.next_sequence, block->info().wal_last_sequence + 1);
    }
  }

  const StoreOptions& options_;
  const StoreFolders& folders_;
  FileSystem& files_;
  PageCache& cache_;
  DamageLog& damage_;
  std::vector<uint64_t> lists_;  // blocks of which there is a list of straddling traces
  bool live_ended_ = false;      // the youngest one
  Recovered found_;
};

}  // namespace

StoreFolders FoldersOf(const StoreOptions& options) {
  return {.store = options.folder,
          .wal = options.folder + "/wal",
          .blocks = options.folder + "/blocks",
          .rollups = options.folder + "/rollups"};
}

Status CreateFolders(FileSystem& files, const StoreFolders& folders) {
  RETURN_IF_ERROR(files.CreateFolder(folders.wal));
  RETURN_IF_ERROR(files.CreateFolder(folders.blocks));
  RETURN_IF_ERROR(files.CreateFolder(folders.rollups));
  // All of these may be new. The one above the data folder only as far as that is allowed: it may not be ours to read.
  std::string path = folders.store;
  for (int level = 0; level < kFolderLevels; ++level) {
    Status synced = files.SyncFolder(path);
    if (!synced && level < kOwnFolderLevels) return synced;
    const size_t slash = path.find_last_of('/');
    if (slash == std::string::npos || path == "/") break;
    path.resize(std::max<size_t>(slash, 1));
  }
  return {};
}

Result<Recovered> Recover(const StoreOptions& options, const StoreFolders& folders, PageCache& cache, DamageLog& damage,
                          NextNumbers next) {
  return Recovery(options, folders, cache, damage, next).Run();
}

}  // namespace spoor
