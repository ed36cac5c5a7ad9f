// Compactor: makes large blocks out of small ones in the background, and with that whole traces out of those that
// sealing cut, so that questions look at few blocks and space is not taken twice.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/memory_budget.h"
#include "base/worker_pool.h"
#include "block/page_cache.h"
#include "store/block_claims.h"
#include "store/compaction_plan.h"
#include "store/damage_log.h"
#include "store/replaced_files.h"
#include "store/rollups.h"
#include "store/straddlers.h"
#include "store/view.h"

namespace spoor {

// What a compactor works on. All of it outlives it.
struct CompactorParts {
  FileSystem& files;
  const Clock& clock;
  MemoryBudget& budget;
  const std::string& blocks_folder;
  PageCache& cache;
  Shelf& shelf;
  Straddlers& straddlers;
  Rollups& rollups;
  DamageLog& damage;
  BlockClaims& claims;
  ReplacedFiles& replaced;
  std::function<uint64_t()> take_block_id;
  CompactionLimits limits;
  std::chrono::nanoseconds retention{0};
  uint64_t free_bytes_floor = 0;
  bool has_threads = true;
};

struct CompactionStats {
  bool running = false;
  uint64_t merges = 0;
  uint64_t blocks_merged = 0;  // inputs
  uint64_t failures = 0;
  uint64_t read_bytes = 0;
  uint64_t written_bytes = 0;
  uint64_t temporary_bytes = 0;  // of the block that is being written
};

// A merge reads blocks past the page cache, within a set amount of memory, and writes a new one beside them. Once that
// is complete, under its name and in a folder that is synced, it takes their place on the shelf, and they are removed.
// At any moment before, they are all there is; at any moment after, the new one says that it replaces them, and so the
// next start removes what is left of them. Views that show them stay as they are for as long as they are held.
// Thread-safe.
class Compactor {
 public:
  explicit Compactor(CompactorParts parts);
  ~Compactor();  // Stop()

  // Lets it look, soon and in the background, whether there is something to do.
  void Consider();

  // Merges what of `reach` is sealed by now, in this thread. An error where a block cannot be written; blocks that
  // cannot be read stay as they are, which is none.
  Status CompactAll(CompactionReach reach);

  // As Store::Step.
  bool Step() { return idle_.RunOne(); }

  // Gives up what is under way.
  void Stop();

  CompactionStats stats() const;

 private:
  // What is being merged, and what is known of it.
  struct Job {
    std::vector<std::shared_ptr<Block>> inputs;
    std::vector<uint64_t> ids;
    uint64_t input_bytes = 0;
    uint64_t block_id = 0;
  };
  // Blocks that were replaced, which somebody may still hold.
  struct Replaced {
    std::vector<uint64_t> ids;
    std::vector<std::weak_ptr<Block>> blocks;
  };

  void Run();
  // What to merge next, claimed until it is done.
  std::optional<Job> NextJob(CompactionReach reach, uint64_t last_sequence = UINT64_MAX);
  // Of these, blocks with log records behind `last_sequence` stay as they are.
  std::vector<CompactionCandidate> Candidates(const View& view, uint64_t last_sequence);
  // Whether no span can be in log records between two blocks: not in a live block, nor in one that cannot be read or is
  // gone. Numbers without a record are left by restarts and by writes that failed.
  bool Follows(const BlockInfo& block, const BlockInfo& before, const View& view) const;
  // Whether a block that cannot be read holds the spans of `block`, too.
  bool MayComeBack(const BlockInfo& block, const View& view) const;
  // Whether there are memory and disk for it; takes the memory.
  Status HasRoom(const Job& job, MemoryReservation& memory);
  Status Merge(Job& job);
  Status MergeInto(Job& job);
  Status Publish(const Job& job, const BlockInfo& info);
  Status OpenPublished(const BlockInfo& info, std::shared_ptr<Block>& block);
  // False where the next start may find it.
  bool RemoveForGood(uint64_t block_id);
  void RemoveInputs(const Job& job);
  // Leaves out of later merges what cannot be merged. False where it may go better the next time.
  bool LeaveOut(const Job& job, const Error& error);
  void ForgetReplaced();
  void Rest(const Error& error);

  const CompactorParts parts_;
  const uint64_t partition_ns_;
  std::atomic<bool> stopping_{false};
  std::mutex merge_mutex_;  // one merge at a time

  mutable std::mutex mutex_;  // of what follows; short
  bool asked_ = false;        // a look is queued
  boost::unordered_flat_set<uint64_t> left_out_;
  std::vector<Replaced> replaced_;
  CompactionStats stats_;
  int failures_in_a_row_ = 0;
  int64_t resting_until_ns_ = 0;  // steady

  WorkerPool idle_;
};

}  // namespace spoor
