#include "store/whole_trace_cache.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "store/sealed_traces.h"

namespace spoor {
namespace {

// Between looks at whether anybody still waits for the answer.
constexpr auto kPatience = std::chrono::milliseconds(20);

std::vector<uint64_t> LiveSizesOf(const View& view) {
  std::vector<uint64_t> sizes;
  for (const auto& live : view.lives) {
    sizes.push_back(live->first_sequence());
    sizes.push_back(live->batch_count());
  }
  return sizes;
}

}  // namespace

size_t SealedTraces::size_bytes() const {
  return traces.size_bytes() + index_of.size() * 2 * (sizeof(TraceId) + sizeof(uint32_t)) +
         (block_ids.size() + places.size()) * sizeof(uint64_t);
}

Result<std::shared_ptr<const WholeTraces>> WholeTraceCache::Get(SearchState& state) {
  std::shared_ptr<const WholeTraces> traces;
  {
    std::unique_lock lock(mutex_, std::defer_lock);
    while (!lock.try_lock_for(kPatience)) RETURN_IF_ERROR(state.Check());
    ASSIGN_OR_RETURN(traces, GetCurrent(state));
  }
  for (const Error& problem : traces->problems) RETURN_IF_ERROR(state.Miss(problem));
  return traces;
}

Result<std::shared_ptr<const SealedTraces>> WholeTraceCache::GetSealed(SearchState& state) {
  const auto& blocks = state.view().blocks;
  const auto is_of_block = [](const auto& block, uint64_t id) { return block->info().id == id; };
  if (sealed_ && std::ranges::equal(blocks, sealed_->block_ids, is_of_block)) return sealed_;
  ASSIGN_OR_RETURN(std::shared_ptr<SealedTraces> made, MakeSealedTraces(state, sealed_.get()));
  current_ = {};
  sealed_ = nullptr;
  made->memory = budget_.Reserve();
  if (made->traces.problems.empty() && made->memory.Resize(made->size_bytes())) sealed_ = made;
  return std::shared_ptr<const SealedTraces>(std::move(made));
}

Result<std::shared_ptr<const WholeTraces>> WholeTraceCache::GetCurrent(SearchState& state) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const SealedTraces> sealed, GetSealed(state));
  if (current_.sealed == sealed && current_.live_sizes == LiveSizesOf(state.view())) return current_.traces;
  current_ = {};
  const LiveMoment live(state.view());
  if (live.empty) return std::shared_ptr<const WholeTraces>(sealed, &sealed->traces);
  ASSIGN_OR_RETURN(WholeTraces made, AddLiveTraces(state, *sealed, live, live_places_));
  auto traces = std::make_shared<const WholeTraces>(std::move(made));
  Current current{.sealed = sealed, .live_sizes = live.sizes, .traces = traces, .memory = budget_.Reserve()};
  if (traces->problems.empty() && current.memory.Resize(traces->size_bytes())) current_ = std::move(current);
  return traces;
}

}  // namespace spoor
