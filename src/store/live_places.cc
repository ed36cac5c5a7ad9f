#include "store/live_places.h"

#include <algorithm>

namespace spoor {
namespace {

// Fewer traces than this are found sooner one by one than by a map.
constexpr size_t kFewTraces = 16;

std::optional<uint32_t> OrdinalOf(const TraceFacts& facts, TraceId id) {
  for (auto at = facts.id_low.begin(); (at = std::find(at, facts.id_low.end(), id.low)) != facts.id_low.end(); ++at) {
    const auto ordinal = static_cast<uint32_t>(at - facts.id_low.begin());
    if (facts.id_high[ordinal] == id.high) return ordinal;
  }
  return std::nullopt;
}

}  // namespace

Result<LivePlaces::Found> LivePlaces::Find(SearchState& state, const std::vector<TraceId>& ids,
                                           const std::vector<uint8_t>& blind) {
  const PlacesOf before = std::exchange(places_, {});
  const std::vector<uint64_t> asked_before = std::exchange(asked_blocks_, {});
  const auto& blocks = state.view().blocks;
  Found found{.parts = std::vector<std::vector<WholeTraces::Part>>(blocks.size()),
              .is_uncertain = std::vector<uint8_t>(ids.size())};
  PlacesOf places;
  std::vector<uint8_t> is_new(ids.size());
  for (uint32_t trace = 0; trace < ids.size(); ++trace) {
    const auto known = before.find(ids[trace]);
    is_new[trace] = known == before.end();
    places[ids[trace]] = is_new[trace] ? std::vector<Place>() : known->second;
  }
  std::vector<uint64_t> asked_now;
  for (uint32_t block = 0; block < blocks.size(); ++block) {
    RETURN_IF_ERROR(state.Check());
    const uint64_t block_id = blocks[block]->info().id;
    const bool was_asked = std::ranges::binary_search(asked_before, block_id);
    std::vector<uint32_t> asked;
    for (uint32_t trace = 0; trace < ids.size(); ++trace) {
      const bool is_known = !is_new[trace] && was_asked && !blind[block];
      if (!is_known && blocks[block]->MayHoldTrace(ids[trace])) asked.push_back(trace);
    }
    if (blind[block]) {
      // It is asked again next time, so what it has said before must not stand there twice.
      for (const uint32_t trace : asked) {
        found.is_uncertain[trace] = 1;
        std::erase_if(places[ids[trace]], [&](const Place& place) { return place.block_id == block_id; });
      }
      continue;
    }
    RETURN_IF_ERROR(Look(state, block, ids, asked, places));
    asked_now.push_back(block_id);
  }
  boost::unordered_flat_map<uint64_t, uint32_t> index_of;
  for (uint32_t block = 0; block < blocks.size(); ++block) index_of.emplace(blocks[block]->info().id, block);
  for (uint32_t trace = 0; trace < ids.size(); ++trace) {
    for (const Place& place : places[ids[trace]]) {
      const auto at = index_of.find(place.block_id);
      if (at == index_of.end()) continue;  // it is gone
      found.parts[at->second].push_back({place.ordinal, trace});
    }
  }
  for (auto& parts : found.parts) std::ranges::sort(parts);
  places_ = std::move(places);
  std::ranges::sort(asked_now);
  asked_blocks_ = std::move(asked_now);
  return found;
}

Status LivePlaces::Look(SearchState& state, uint32_t block, const std::vector<TraceId>& ids,
                        const std::vector<uint32_t>& asked, PlacesOf& places) {
  if (asked.empty()) return {};
  const uint64_t block_id = state.view().blocks[block]->info().id;
  ASSIGN_OR_RETURN(const std::shared_ptr<const TraceFacts> facts, state.Facts(block));
  if (asked.size() < kFewTraces) {
    for (const uint32_t trace : asked) {
      if (const auto ordinal = OrdinalOf(*facts, ids[trace])) places[ids[trace]].push_back({block_id, *ordinal});
    }
    return {};
  }
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> wanted;
  for (const uint32_t trace : asked) wanted.emplace(ids[trace], trace);
  for (uint32_t ordinal = 0; ordinal < facts->size(); ++ordinal) {
    if (wanted.contains(facts->id(ordinal))) places[facts->id(ordinal)].push_back({block_id, ordinal});
  }
  return {};
}

}  // namespace spoor
