#include "store/block_pruner.h"

#include <algorithm>
#include <atomic>

namespace spoor {

const TextPlaces& BlockPruner::PlacesOf(std::string_view text) {
  const auto known = std::ranges::find(texts_, text, [](const auto& one) { return std::string_view(one.first); });
  if (known != texts_.end()) return known->second;
  Result<TextPlaces> places = block_.FindText(text);
  texts_.emplace_back(text, places ? *std::move(places) : TextPlaces{.in_dictionary = true});
  return texts_.back().second;
}

bool BlockPruner::MayHoldOtherTypes(std::string_view key) {
  const auto known = std::ranges::find(keys_, key, [](const auto& one) { return std::string_view(one.first); });
  if (known != keys_.end()) return known->second;
  const Result<uint32_t> types = block_.TypesOfKey(key);
  const uint32_t others = ~(1u << static_cast<uint8_t>(ValueType::kString));
  keys_.emplace_back(key, !types || (*types & others) != 0);
  return keys_.back().second;
}

template <class MayHoldText>
bool BlockPruner::May(MayHoldText may_hold_text) {
  return MayMatch(filter_, {.may_hold_text = may_hold_text,
                            .may_hold_other_types = [this](std::string_view key) { return MayHoldOtherTypes(key); }});
}

bool BlockPruner::MayMatchBlock() {
  return May([this](std::string_view text) { return PlacesOf(text).any(); });
}

bool BlockPruner::PagesDiffer() const {
  return std::ranges::any_of(texts_, [](const auto& one) { return !one.second.in_dictionary && one.second.any(); });
}

bool BlockPruner::MayMatchPage(uint32_t page) {
  if (!PagesDiffer()) return true;
  return May([this, page](std::string_view text) { return PlacesOf(text).MayBeOn(page); });
}

void LookForTexts(std::span<BlockPruner* const> pruners, ScanPool& pool) {
  std::atomic<size_t> next{0};
  const auto look = [&] {
    for (size_t at = next++; at < pruners.size(); at = next++) static_cast<void>(pruners[at]->MayMatchBlock());
  };
  if (pruners.size() < 2) return look();
  pool.Run(look);
}

}  // namespace spoor
