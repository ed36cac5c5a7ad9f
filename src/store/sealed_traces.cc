#include "store/sealed_traces.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "store/trace_gatherer.h"

namespace spoor {
namespace {

using Part = WholeTraces::Part;

constexpr uint32_t kNone = UINT32_MAX;

// One of several summands: the order of parts does not matter.
uint64_t PlaceHash(uint64_t block_id, uint32_t ordinal) {
  uint64_t x = (block_id << 32 ^ ordinal) * 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93ull;
  return x ^ (x >> 32);
}

class SealedMaker {
 public:
  SealedMaker(SearchState& state, const SealedTraces* before)
      : state_(state), before_(before), blocks_(state.view().blocks), sealed_(std::make_shared<SealedTraces>()) {}

  Result<std::shared_ptr<SealedTraces>> Make() {
    for (const auto& block : blocks_) sealed_->block_ids.push_back(block->info().id);
    std::vector<uint64_t> ascending = sealed_->block_ids;
    std::ranges::sort(ascending);
    state_.facts_cache().Retain(ascending);
    traces().parts.resize(blocks_.size());
    traces().blind.resize(blocks_.size());
    RETURN_IF_ERROR(FindParts());
    RETURN_IF_ERROR(FindUncertain());
    RETURN_IF_ERROR(AddAll());
    for (auto& parts : traces().parts) {
      for (Part& part : parts) part.trace = final_index_[part.trace];
      std::ranges::sort(parts);
    }
    return std::move(sealed_);
  }

 private:
  WholeTraces& traces() { return sealed_->traces; }

  uint32_t IndexOf(TraceId id) {
    const auto [found, is_new] = sealed_->index_of.try_emplace(id, static_cast<uint32_t>(ids_.size()));
    if (is_new) {
      ids_.push_back(id);
      places_.push_back(0);
      is_uncertain_.push_back(0);
    }
    return found->second;
  }

  // Reads the facts of blocks on all threads; what cannot be read, or does not stay in the cache, shows later.
  void ReadFactsAhead() {
    std::atomic<uint32_t> next{0};
    state_.pool().Run([&] {
      for (uint32_t block = next++; block < blocks_.size() && state_.Check(); block = next++) {
        static_cast<void>(state_.Facts(block).has_value());
      }
    });
  }

  Status FindParts() {
    ReadFactsAhead();
    ASSIGN_OR_RETURN(const Straddlers::PerBlock listed, state_.straddlers().Find(state_.view()));
    for (uint32_t block = 0; block < blocks_.size(); ++block) {
      RETURN_IF_ERROR(state_.Check());
      traces().blind[block] = !state_.straddlers().IsKnown(blocks_[block]->info().id);
      if (traces().blind[block]) {
        TellBlind(*blocks_[block]);
      } else if (Status found = FindPartsIn(block, listed.at(blocks_[block]->info().id)); !found) {
        if (found.error().code == Code::kCancelled) return found;
        traces().problems.push_back(std::move(found).error());
        traces().blind[block] = 1;
      }
    }
    return {};
  }

  void TellBlind(Block& block) {
    const auto columns = block.Traces();
    traces().problems.push_back(
        columns ? Corrupt(fmt::format("block {}: its traces could not be read when they were looked for in other "
                                      "blocks; restart the server to try again",
                                      block.path()))
                : columns.error());
  }

  Status FindPartsIn(uint32_t block, const std::vector<TraceId>& ids) {
    if (ids.empty()) return {};
    const uint64_t block_id = blocks_[block]->info().id;
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceFacts> facts, state_.Facts(block));
    const boost::unordered_flat_set<TraceId, TraceIdHash> wanted(ids.begin(), ids.end());
    for (uint32_t ordinal = 0; ordinal < facts->size(); ++ordinal) {
      if (!wanted.contains(facts->id(ordinal))) continue;
      const uint32_t trace = IndexOf(facts->id(ordinal));
      places_[trace] += PlaceHash(block_id, ordinal);
      traces().parts[block].push_back({ordinal, trace});
    }
    return {};
  }

  // Traces that a block may hold which cannot be looked into: nobody knows whether they are whole without it.
  Status FindUncertain() {
    for (uint32_t blind = 0; blind < blocks_.size(); ++blind) {
      if (!traces().blind[blind]) continue;
      traces().parts[blind].clear();
      for (uint32_t block = 0; block < blocks_.size(); ++block) {
        RETURN_IF_ERROR(state_.Check());
        const auto facts = state_.Facts(block);
        if (!facts || traces().blind[block]) continue;
        for (uint32_t ordinal = 0; ordinal < (*facts)->size(); ++ordinal) {
          const TraceId id = (*facts)->id(ordinal);
          if (!blocks_[blind]->MayHoldTrace(id)) continue;
          const bool is_listed = sealed_->index_of.contains(id);
          const uint32_t trace = IndexOf(id);
          is_uncertain_[trace] = 1;
          if (!is_listed) traces().parts[block].push_back({ordinal, trace});
        }
      }
    }
    return {};
  }

  // Those that are known first, then those that are not to be shown, then the others.
  Status AddAll() {
    TraceFactsBuilder builder;
    final_index_.resize(ids_.size());
    GatherPlan plan{.parts = std::vector<std::vector<Part>>(blocks_.size())};
    std::vector<uint32_t> gathered(ids_.size(), kNone);  // index in the plan
    for (uint32_t trace = 0; trace < ids_.size(); ++trace) {
      const uint32_t known = KnownBefore(trace);
      if (!is_uncertain_[trace] && known == kNone) {
        gathered[trace] = static_cast<uint32_t>(plan.ids.size());
        plan.ids.push_back(ids_[trace]);
        continue;
      }
      final_index_[trace] = builder.facts().size();
      if (is_uncertain_[trace]) {
        builder.Add(TraceSummary{.id = ids_[trace]});
      } else {
        builder.AddFrom(before_->traces.facts, known);
      }
      traces().hidden.push_back(is_uncertain_[trace]);
      traces().last_start_ns.push_back(is_uncertain_[trace] ? 0 : before_->traces.last_start_ns[known]);
    }
    const uint32_t first_gathered = builder.facts().size();
    for (uint32_t block = 0; block < blocks_.size(); ++block) {
      for (const auto [ordinal, trace] : traces().parts[block]) {
        if (gathered[trace] != kNone) plan.parts[block].push_back({ordinal, gathered[trace]});
      }
      std::ranges::sort(plan.parts[block]);
    }
    RETURN_IF_ERROR(TraceGatherer(plan, state_, builder, traces()).Run());
    for (uint32_t trace = 0; trace < ids_.size(); ++trace) {
      if (gathered[trace] != kNone) final_index_[trace] = first_gathered + gathered[trace];
    }
    sealed_->places.resize(ids_.size());
    for (uint32_t trace = 0; trace < ids_.size(); ++trace) sealed_->places[final_index_[trace]] = places_[trace];
    for (auto& [id, index] : sealed_->index_of) index = final_index_[index];
    traces().facts = std::move(builder.facts());
    return {};
  }

  uint32_t KnownBefore(uint32_t trace) const {
    if (before_ == nullptr) return kNone;
    const auto found = before_->index_of.find(ids_[trace]);
    if (found == before_->index_of.end() || before_->traces.hidden[found->second]) return kNone;
    return before_->places[found->second] == places_[trace] ? found->second : kNone;
  }

  SearchState& state_;
  const SealedTraces* before_;
  const std::vector<std::shared_ptr<Block>>& blocks_;
  std::shared_ptr<SealedTraces> sealed_;
  // By order of discovery, in which parts count traces until all are added.
  std::vector<TraceId> ids_;
  std::vector<uint64_t> places_;
  std::vector<uint8_t> is_uncertain_;
  std::vector<uint32_t> final_index_;
};

// The plan for the live traces, but for their parts in blocks.
GatherPlan PlanOf(const LiveMoment& live) {
  GatherPlan plan;
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> index_of;
  for (const Live::Grouped& one : live.lives) {
    const auto batch_begin = static_cast<uint32_t>(plan.batches.size());
    plan.batches.insert(plan.batches.end(), one.batches.begin(), one.batches.end());
    for (size_t i = 0; i < one.groups.ids.size(); ++i) {
      const TraceId id = one.groups.ids[i];
      const auto [found, is_new] = index_of.try_emplace(id, static_cast<uint32_t>(plan.ids.size()));
      if (is_new) plan.ids.push_back(id);
      for (uint32_t at = one.groups.begin[i]; at < one.groups.begin[i + 1]; ++at) {
        const RowRef row = one.groups.rows[at];
        plan.live_rows.push_back({{batch_begin + row.batch, row.row}, found->second});
      }
    }
  }
  return plan;
}

}  // namespace

Result<std::shared_ptr<SealedTraces>> MakeSealedTraces(SearchState& state, const SealedTraces* before) {
  return SealedMaker(state, before).Make();
}

LiveMoment::LiveMoment(const View& view) {
  for (const auto& live : view.lives) {
    lives.push_back(live->Group());
    sizes.push_back(live->first_sequence());
    sizes.push_back(lives.back().batches.size());
    empty = empty && lives.back().batches.empty();
  }
}

Result<WholeTraces> AddLiveTraces(SearchState& state, const SealedTraces& sealed, const LiveMoment& live,
                                  LivePlaces& places) {
  GatherPlan plan = PlanOf(live);
  ASSIGN_OR_RETURN(LivePlaces::Found found, places.Find(state, plan.ids, sealed.traces.blind));
  plan.parts = std::move(found.parts);

  WholeTraces traces = sealed.traces;
  const uint32_t first_live = traces.size();
  for (uint32_t i = 0; i < plan.ids.size(); ++i) {
    const auto without_live = sealed.index_of.find(plan.ids[i]);
    if (without_live != sealed.index_of.end()) traces.hidden[without_live->second] = 2;
    traces.live.emplace(plan.ids[i], first_live + i);
  }
  for (uint32_t block = 0; block < traces.parts.size(); ++block) {
    std::erase_if(traces.parts[block], [&](const Part& part) { return traces.hidden[part.trace] == 2; });
    for (const auto [ordinal, trace] : plan.parts[block]) traces.parts[block].push_back({ordinal, first_live + trace});
    std::ranges::sort(traces.parts[block]);
  }
  TraceFactsBuilder builder(std::move(traces.facts));
  RETURN_IF_ERROR(TraceGatherer(plan, state, builder, traces).Run());
  for (uint32_t i = 0; i < plan.ids.size(); ++i) traces.hidden[first_live + i] |= found.is_uncertain[i];
  traces.facts = std::move(builder.facts());
  traces.live_batches = std::move(plan.batches);
  return traces;
}

}  // namespace spoor
