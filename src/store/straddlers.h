// Straddlers: which traces stand in more than one block, because sealing cut them or because spans came late. What is
// counted block by block leaves them out and counts them whole.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/file_system.h"
#include "model/ids.h"
#include "store/damage_log.h"
#include "store/view.h"

namespace spoor {

// Found by probing the trace ids of each new block against the filters of the others, and verified there. What was
// found for a block is kept beside it in a file (docs/formats/small_files.md), so that opening a store need not look
// again; a file that is missing or damaged only costs that time. Thread-safe.
class Straddlers {
 public:
  // `folder` holds the blocks.
  Straddlers(FileSystem& files, std::string folder, DamageLog& damage)
      : files_(files), folder_(std::move(folder)), damage_(damage) {}

  // Reads the file of a block, readable or not; false where there is no good one.
  bool Load(uint64_t block_id);

  // Looks at the blocks of `view` that it does not know yet. Reads blocks; may take long.
  void CatchUp(const View& view);

  // For each block of `view`, the ids of its traces that stand in another known block too (perhaps one that is gone).
  // Catches up first.
  using PerBlock = boost::unordered_flat_map<uint64_t, std::vector<TraceId>>;
  PerBlock Find(const View& view);

  // Whether a part of the trace is known to stand in one of `blocks`, which cannot be read.
  bool StandsInAny(TraceId id, const std::vector<UnreadableBlock>& blocks) const;

  // Blocks that are gone, and their files.
  void Forget(std::span<const uint64_t> block_ids);

  static std::string FileName(uint64_t block_id);

 private:
  // A trace of a block that stands in `other_block`, too.
  struct Place {
    TraceId id;
    uint64_t other_block = 0;
  };
  std::vector<Place> Probe(Block& block, const View& view);
  void Save(uint64_t block_id, const std::vector<Place>& places);
  static std::string Encode(const std::vector<Place>& places);
  static Result<std::vector<Place>> Decode(std::string_view bytes);

  FileSystem& files_;
  const std::string folder_;
  DamageLog& damage_;
  mutable std::mutex mutex_;  // of places_; short
  std::mutex probe_mutex_;    // one catching up at a time
  boost::unordered_flat_map<uint64_t, std::vector<Place>> places_;
};

}  // namespace spoor
