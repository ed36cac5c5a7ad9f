// Rollups: what was counted of every block, and how all of it adds up to exact numbers.
//
// Parts of a store (blocks, live blocks) stand in the order of their last log records. Of each part is counted what it
// adds to those before it: R(parts up to it) - R(parts before it), where R assembles each trace from all of its spans.
// For traces that stand in one part alone that is simply what they are; for others it is a difference, with negative
// counts where a span stands in both or a parent turns up. So the rollups of all parts add up to R of everything, and
// what was counted of a part is never touched again, whatever comes later: not even when retention removes its spans.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/file_system.h"
#include "base/result.h"
#include "block/page_cache.h"
#include "model/rollup.h"
#include "plan/rollup_query.h"
#include "plan/trace_store.h"
#include "store/damage_log.h"
#include "store/live_count.h"
#include "store/rollup_file.h"
#include "store/straddlers.h"
#include "store/view.h"

namespace spoor {

// What these work on; all of it outlives them.
struct RollupParts {
  FileSystem& files;
  const std::string& folder;  // of the rollups
  PageCache& cache;           // of rollups
  const Straddlers& straddlers;
  DamageLog& damage;
};

// A block's rollup is kept in a file (docs/formats/rollup.md), which outlives the block. One that is missing or damaged
// is counted anew as long as the block is there. Thread-safe.
class Rollups {
 public:
  explicit Rollups(const RollupParts& parts) : parts_(parts) {}

  // Reads the heads of all files; damaged ones are reported and removed once they were counted anew. Before there is a
  // view.
  Status Load();
  // Above all blocks and log records that the files count, also those that are gone: neither may be given anew.
  uint64_t next_block_id() const;
  uint64_t next_sequence() const;
  // Finds out which of the files that were read are of blocks of `view`, and which outlived theirs. A file whose spans
  // have come back from the log, in another block, is removed.
  void Match(const View& view);

  // Takes what was counted of a block by itself while it was written, before the block is on the shelf.
  void Expect(const BlockInfo& block, Rollup alone);
  // Counts the blocks of `view` that are not, and writes their files. Reads blocks; may take long. What cannot be
  // written stays in memory until the next time.
  void CatchUp(const View& view);
  // Ends catching up soon, for good.
  void Stop();

  // What a question is about. Where it is not about operations, what stands in files comes without them: that is
  // several times less.
  struct Need {
    MinuteWindow window;
    bool operations = false;
  };
  // Calls `visit` with rollups that add up to all that starts within the window. Counts first what is not yet counted.
  // Blocks that cannot be counted are told in `warnings`. kCancelled where nobody waits.
  using Visit = std::function<void(const Rollup&)>;
  Status ForEach(const View& view, const Need& need, const QueryContext& context, const Visit& visit,
                 std::vector<std::string>& warnings);

  // How much a block's rollup counts. Nothing where it is not in a file yet.
  std::optional<RollupSize> SizeOf(uint64_t block_id) const;
  // When the youngest span of a block arrived, as its rollup says. Nothing where there is no good file of it.
  std::optional<uint64_t> ArrivalOf(uint64_t block_id) const;
  // Whether nothing more will be written of what is counted of a block: it is in a file, or cannot be counted.
  bool IsSettled(uint64_t block_id) const;
  // Which log records a block holds, as its rollup says. Nothing where there is no good file of it.
  std::optional<CountedBlock> CountedOf(uint64_t block_id) const;
  // Whether a file counts spans of one of these log records, or may.
  bool CountAnyOf(uint64_t first_sequence, uint64_t last_sequence) const;
  // What the rollups of blocks that stand behind one another count together: what a block counts that holds their
  // spans.
  Result<Rollup> Sum(std::span<const uint64_t> block_ids);
  // Writes `rollup` as the rollup of `block`, which is about to replace others. Where the block comes to be, theirs are
  // not counted any more, at the next start either; where it does not, this one is not. On an error nothing has
  // changed.
  Status Prepare(const BlockInfo& block, const Rollup& rollup);
  // Blocks that were replaced, or never came to be, and their files. Nobody holds a view of them.
  void Forget(std::span<const uint64_t> block_ids);

  // Blocks that retention is removing: their rollups stay.
  void Outlive(std::span<const uint64_t> block_ids);
  // Removes the files of what arrived before `arrival_min_ns`, and the oldest ones that have outlived their blocks
  // while all take more than `bytes_max` (0: without a limit). Blocks as old as that are not counted again.
  void Retain(uint64_t arrival_min_ns, uint64_t bytes_max);

  // Of all files.
  uint64_t size_bytes() const;

 private:
  struct Entry {
    CountedBlock block;
    uint64_t arrival_max_ns = 0;
    uint32_t minute_min = 1, minute_max = 0;  // once it is counted
    bool outlived = false;                    // its block is gone
    uint64_t file_bytes = 0;                  // 0: there is no good file yet
    RollupSize size;                          // of the file
    uint64_t cache_owner = 0;                 // of what was read from the file
    std::shared_ptr<const Rollup> rollup;     // until it is saved
    std::shared_ptr<const Rollup> alone;      // until it is counted, where that is at hand
    std::string failure;                      // why it cannot be counted, if so
    int tries = 0;                            // to count it that could not read something
    std::string shortfall;                    // what of it could not be read in the end: `rollup` is no more than that

    bool is_counted() const { return rollup != nullptr || file_bytes != 0; }
  };
  struct Part {
    uint64_t order = 0;
    std::shared_ptr<Block> block;
    std::shared_ptr<const Live> live;
  };

  static std::vector<Part> PartsOf(const View& view);
  std::string PathOf(uint64_t block_id) const;
  Entry Get(uint64_t block_id) const;
  std::shared_ptr<LiveCount> CountOf(const std::shared_ptr<const Live>& live);

  Status VisitBlock(const std::shared_ptr<Block>& block, std::span<const CountedPart> before, const Need& need,
                    const QueryContext& context, const Visit& visit, std::vector<std::string>& warnings,
                    ReadTrouble& trouble);
  // What was counted of a live block, and the block as a part of those behind it.
  Result<std::pair<std::shared_ptr<const Rollup>, CountedPart>> CountLive(const std::shared_ptr<const Live>& live,
                                                                          std::span<const CountedPart> before,
                                                                          const QueryContext& context,
                                                                          ReadTrouble& trouble);
  // Rollups whose blocks are gone that may count in `window`.
  std::vector<std::pair<uint64_t, Entry>> Outlived(const MinuteWindow& window) const;

  // The rollup of a counted entry; reads the file where it is not in memory.
  Result<std::shared_ptr<const Rollup>> Read(uint64_t block_id, const Entry& entry, bool operations);
  // Whether to keep so much more in the cache.
  bool HasRoom(size_t bytes);
  // `keep`: in the cache. What is read only to make something smaller of it would drive that out again.
  Result<std::shared_ptr<const Rollup>> ReadWhole(uint64_t block_id, const Entry& entry, bool keep);
  // The rollup of a block. `before`: all parts that stand before it. It is kept, unless something could not be read
  // that can be the next time.
  Result<std::shared_ptr<const Rollup>> Count(const std::shared_ptr<Block>& block, std::span<const CountedPart> before,
                                              const QueryContext& context, ReadTrouble& trouble);
  // Why a block cannot be counted.
  void NoteFailure(uint64_t block_id, const Error& error);
  // Drops what was counted of live blocks that are none any more.
  void ForgetSealed(const View& view);
  // False where the file could not be written.
  bool Save(uint64_t block_id);
  void RemoveFile(uint64_t block_id, uint64_t cache_owner);

  const RollupParts parts_;
  const std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);

  std::atomic<uint32_t> turned_away_{0};

  mutable std::mutex mutex_;  // of what follows; short
  std::map<uint64_t, Entry> entries_;
  uint64_t next_block_id_ = 1;
  uint64_t next_sequence_ = 1;
  std::vector<std::pair<std::weak_ptr<const Live>, std::shared_ptr<LiveCount>>> live_counts_;
};

}  // namespace spoor
