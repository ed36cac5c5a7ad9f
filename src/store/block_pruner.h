// BlockPruner: which pages of a block a search can leave out, by the texts that its filter needs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "block/block.h"
#include "plan/may_match.h"
#include "store/scan_pool.h"

namespace spoor {

// Of one search and one block, which outlive it; one thread's at a time. Looks for each text of the filter once. What
// cannot be read prunes nothing: it shows when the spans are read.
class BlockPruner {
 public:
  BlockPruner(Block& block, const Filter& filter) : block_(block), filter_(filter) {}

  bool MayMatchBlock();
  // Of a block that may match.
  bool MayMatchPage(uint32_t page);

 private:
  const TextPlaces& PlacesOf(std::string_view text);
  // Whether pages differ in the texts that were looked for.
  bool PagesDiffer() const;
  bool MayHoldOtherTypes(std::string_view key);
  template <class MayHoldText>
  bool May(MayHoldText may_hold_text);

  Block& block_;
  const Filter& filter_;
  std::vector<std::pair<std::string, TextPlaces>> texts_;
  std::vector<std::pair<std::string, bool>> keys_;
};

// Looks for the texts that the filters need, of all blocks at the same time: MayMatchBlock then knows.
void LookForTexts(std::span<BlockPruner* const> pruners, ScanPool& pool);

}  // namespace spoor
