// Straddlers: which traces stand in more than one block, because sealing cut them or because spans came late. Whoever
// has found a part of a trace in one block knows by them where else to look, and where not.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "base/file_system.h"
#include "base/result.h"
#include "model/ids.h"
#include "store/damage_log.h"
#include "store/view.h"

namespace spoor {

// Found by probing the trace ids of each new block against the filters of the others, and verified there. A block is
// known once that was done: of any two known blocks that somebody holds, all traces that stand in both are listed. What
// was found for a block is kept beside it in a file (docs/formats/small_files.md), so that opening a store need not
// look again; a file that is missing or damaged only costs that time. Thread-safe: no lock is held while a block is
// read or a file written. Two who look into the same block at once do it twice, and one of them is believed.
class Straddlers {
 public:
  // `folder` holds the blocks.
  Straddlers(FileSystem& files, std::string folder, DamageLog& damage)
      : files_(files), folder_(std::move(folder)), damage_(damage) {}

  // Reads the file of a block. Nothing where there is no good one, or one of another block that had the id.
  void Load(const std::shared_ptr<Block>& block);
  // The same for a block that cannot be read, whoever it is.
  void LoadUnreadable(uint64_t block_id);

  // Makes the blocks of `view` known that are not. Reads blocks; may take long. One whose traces cannot be read stays
  // unknown.
  void CatchUp(const View& view);

  // Ends catching up soon, for good.
  void Stop() { stopping_ = true; }

  // The blocks of `view` that may hold the trace, `known` aside, which does: by the lists where both are known, else by
  // the filters. Null: nothing is known of the trace. No I/O.
  std::vector<std::shared_ptr<Block>> MayHold(const View& view, TraceId id, const Block* known) const;

  // For each block of `view`, the ids of its traces that stand in another known block too (perhaps one that is gone).
  // Catches up first; kCancelled where that was stopped.
  using PerBlock = boost::unordered_flat_map<uint64_t, std::vector<TraceId>>;
  Result<PerBlock> Find(const View& view);

  // Whether that was done for a block of a view that was caught up with: if not, its traces cannot be read.
  bool IsKnown(uint64_t block_id) const;

  // The traces of a block that stand in one of `others`, too. Nothing where that is not known of all of them.
  std::optional<std::vector<TraceId>> TracesInCommon(uint64_t block_id, std::span<const uint64_t> others) const;

  // How many traces stand in more than one of the known blocks.
  uint64_t TraceCount() const;

  // Whether a part of the trace is known to stand in one of `blocks`, which cannot be read.
  bool StandsInAny(TraceId id, std::span<const UnreadableBlock> blocks) const;

  // Block `block`, which no view shows yet, holds what `replaced` do. It is known where all of these are: then of it is
  // known what of them is. They stay known, for those who hold views of them, until they are forgotten.
  void Replace(const std::shared_ptr<Block>& block, std::span<const uint64_t> replaced, const View& view);

  // Removes the files of blocks that are gone. What is known of them goes once nobody holds them any more.
  void Forget(std::span<const uint64_t> block_ids);

  static std::string FileName(uint64_t block_id);
  static constexpr std::string_view kMark = "SPRSTRD0";  // of the files

 private:
  // A trace of a block that stands in `other_block`, too.
  struct Place {
    TraceId id;
    uint64_t other_block = 0;
    auto operator<=>(const Place&) const = default;
  };
  using Places = std::vector<Place>;

  struct Saved {
    uint64_t wal_first_sequence = 0;
    uint64_t wal_last_sequence = 0;
    Places places;
  };
  Result<Saved> Read(uint64_t block_id);
  void Save(const BlockInfo& block, const Places& places);

  // Looks into a block until it is known, or cannot be read.
  void MakeKnown(const std::shared_ptr<Block>& block, const View& view);
  // The known blocks but `block_id` that are not among `seen`, and which go there. Under mutex_.
  std::vector<std::shared_ptr<Block>> Unseen(uint64_t block_id, boost::unordered_flat_set<uint64_t>& seen) const;
  // Adds where the traces of `block` stand among `others`. Of these, blocks that cannot be read are unknown from then
  // on. False where the block itself is, or it was stopped.
  bool Probe(const std::shared_ptr<Block>& block, std::span<const std::shared_ptr<Block>> others, Places& places);
  // The other places of a trace of `block_id`. Under mutex_.
  std::span<const Place> ListedFor(uint64_t block_id, TraceId id) const;
  void AddSorted(uint64_t block_id, Places places);
  // Under mutex_. `block` is null where it cannot be read.
  void Learn(uint64_t block_id, const std::shared_ptr<Block>& block, Places places);
  // Whether what is found out now may be kept: there is no block that could not be looked into. Under mutex_.
  bool SeesAll(const View& view) const { return blind_.empty() && view.unreadable.empty(); }
  void Unlearn(const std::shared_ptr<Block>& block);
  // Forgets blocks that nobody holds any more.
  void Sweep();

  FileSystem& files_;
  const std::string folder_;
  DamageLog& damage_;
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;  // of what follows; short
  // Also those that are replaced or gone, until they are forgotten: somebody may hold a view of them.
  boost::unordered_flat_map<uint64_t, std::weak_ptr<Block>> known_;
  boost::unordered_flat_map<uint64_t, std::weak_ptr<Block>> blind_;  // cannot be probed
  boost::unordered_flat_set<uint64_t> unreadable_;                   // known by their files alone, until they are gone
  // Sorted, by block; each pair of places stands in the lists of both blocks.
  boost::unordered_flat_map<uint64_t, Places> places_;
};

}  // namespace spoor
