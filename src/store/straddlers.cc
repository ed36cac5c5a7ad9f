#include "store/straddlers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "store/small_file.h"

namespace spoor {
namespace {

constexpr size_t kHeadBytes = 16;
constexpr size_t kPlaceBytes = 24;

}  // namespace

uint64_t Straddlers::TraceCount() const {
  const std::lock_guard lock(mutex_);
  uint64_t count = 0;
  for (const auto& [block, places] : places_) {
    // Each trace counts in the first of its blocks.
    for (size_t i = 0; i < places.size(); ++i) {
      const bool is_first_place = i == 0 || places[i - 1].id != places[i].id;
      if (is_first_place && block < places[i].other_block) ++count;
    }
  }
  return count;
}

std::string Straddlers::FileName(uint64_t block_id) { return fmt::format("{:020}.straddlers", block_id); }

Result<Straddlers::Saved> Straddlers::Read(uint64_t block_id) {
  const std::string path = folder_ + "/" + FileName(block_id);
  ASSIGN_OR_RETURN(const std::string bytes, ReadSmallFile(files_, path, kMark));
  if (bytes.size() < kHeadBytes || (bytes.size() - kHeadBytes) % kPlaceBytes != 0) {
    return Corrupt(path + " at 16: the body is no whole number of entries");
  }
  Saved saved{Number64At(bytes, 0), Number64At(bytes, 8), {}};
  for (size_t at = kHeadBytes; at < bytes.size(); at += kPlaceBytes) {
    saved.places.push_back({{Number64At(bytes, at), Number64At(bytes, at + 8)}, Number64At(bytes, at + 16)});
  }
  return saved;
}

void Straddlers::Save(const BlockInfo& block, const Places& places) {
  std::string bytes;
  bytes.reserve(kHeadBytes + places.size() * kPlaceBytes);
  AppendNumber64(bytes, block.wal_first_sequence);
  AppendNumber64(bytes, block.wal_last_sequence);
  for (const Place& place : places) {
    AppendNumber64(bytes, place.id.high);
    AppendNumber64(bytes, place.id.low);
    AppendNumber64(bytes, place.other_block);
  }
  if (Status saved = ReplaceSmallFile(files_, folder_ + "/" + FileName(block.id), kMark, bytes); !saved) {
    LogWarn("list of straddling traces not saved, it is made anew at the next start",
            {{"block", block.id}, {"reason", saved.error().message}});
  }
}

void Straddlers::Load(const std::shared_ptr<Block>& block) {
  const BlockInfo& info = block->info();
  auto saved = Read(info.id);
  if (!saved) return damage_.Report(saved.error());
  if (saved->wal_first_sequence != info.wal_first_sequence || saved->wal_last_sequence != info.wal_last_sequence)
    return;
  const std::lock_guard lock(mutex_);
  Learn(info.id, block, std::move(saved->places));
}

void Straddlers::LoadUnreadable(uint64_t block_id) {
  auto saved = Read(block_id);
  if (!saved) return damage_.Report(saved.error());
  const std::lock_guard lock(mutex_);
  unreadable_.insert(block_id);
  Learn(block_id, nullptr, std::move(saved->places));
}

bool Straddlers::IsKnown(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  return known_.contains(block_id);
}

void Straddlers::Learn(uint64_t block_id, const std::shared_ptr<Block>& block, Places places) {
  boost::unordered_flat_map<uint64_t, Places> back;
  for (const Place& place : places) back[place.other_block].push_back({place.id, block_id});
  known_.insert_or_assign(block_id, block);
  AddSorted(block_id, std::move(places));
  for (auto& [other_block, others] : back) AddSorted(other_block, std::move(others));
}

void Straddlers::AddSorted(uint64_t block_id, Places places) {
  std::sort(places.begin(), places.end());
  Places& all = places_[block_id];
  const auto middle = static_cast<ptrdiff_t>(all.size());
  all.insert(all.end(), places.begin(), places.end());
  std::inplace_merge(all.begin(), all.begin() + middle, all.end());
}

std::span<const Straddlers::Place> Straddlers::ListedFor(uint64_t block_id, TraceId id) const {
  const auto listed = places_.find(block_id);
  if (listed == places_.end()) return {};
  const Places& all = listed->second;
  const auto begin = std::lower_bound(all.begin(), all.end(), Place{id, 0});
  auto end = begin;
  while (end != all.end() && end->id == id) ++end;
  return {begin, end};
}

void Straddlers::Unlearn(const std::shared_ptr<Block>& block) {
  const std::lock_guard lock(mutex_);
  known_.erase(block->info().id);
  blind_.insert_or_assign(block->info().id, block);
}

void Straddlers::Sweep() {
  const std::lock_guard lock(mutex_);
  boost::unordered_flat_set<uint64_t> gone;
  const auto is_gone = [&](const auto& one) {
    if (unreadable_.contains(one.first) || !one.second.expired()) return false;
    gone.insert(one.first);
    return true;
  };
  boost::unordered::erase_if(known_, is_gone);
  boost::unordered::erase_if(blind_, is_gone);
  if (gone.empty()) return;
  for (const uint64_t id : gone) places_.erase(id);
  for (auto& [block, places] : places_) {
    std::erase_if(places, [&](const Place& place) { return gone.contains(place.other_block); });
  }
}

bool Straddlers::Probe(const std::shared_ptr<Block>& block, std::span<const std::shared_ptr<Block>> others,
                       Places& places) {
  const auto traces = block->Traces();
  if (!traces) {
    damage_.Report(traces.error());
    Unlearn(block);
    return false;
  }
  for (const auto& other : others) {
    const uint64_t other_id = other->info().id;
    if (stopping_) return false;
    for (size_t i = 0; i < traces->id_low.size(); ++i) {
      const TraceId id{traces->id_high[i], traces->id_low[i]};
      if (!other->MayHoldTrace(id)) continue;
      const auto found = other->FindTrace(id);
      if (!found) {
        damage_.Report(found.error());
        Unlearn(other);
        break;
      }
      if (*found) places.push_back({id, other_id});
    }
  }
  return true;
}

void Straddlers::CatchUp(const View& view) {
  Sweep();
  for (const auto& block : view.blocks) {
    if (stopping_) return;
    MakeKnown(block, view);
  }
}

std::vector<std::shared_ptr<Block>> Straddlers::Unseen(uint64_t block_id,
                                                       boost::unordered_flat_set<uint64_t>& seen) const {
  std::vector<std::shared_ptr<Block>> unseen;
  for (const auto& [id, weak] : known_) {
    if (id == block_id || !seen.insert(id).second) continue;
    if (std::shared_ptr<Block> block = weak.lock()) unseen.push_back(std::move(block));
  }
  return unseen;
}

// Others may become known while blocks are read: these are looked into as well, until there are none. What is unknown
// meanwhile will find this one.
void Straddlers::MakeKnown(const std::shared_ptr<Block>& block, const View& view) {
  const uint64_t id = block->info().id;
  boost::unordered_flat_set<uint64_t> seen;
  Places places, to_save;
  while (true) {
    std::vector<std::shared_ptr<Block>> others;
    {
      const std::lock_guard lock(mutex_);
      if (known_.contains(id) || blind_.contains(id)) return;
      others = Unseen(id, seen);
      if (others.empty()) {
        std::sort(places.begin(), places.end());
        const bool may_save = SeesAll(view);  // else the next start has to look again
        if (may_save) to_save = places;
        Learn(id, block, std::move(places));
        if (!may_save) return;
        break;
      }
    }
    if (!Probe(block, others, places)) return;
  }
  Save(block->info(), to_save);
}

void Straddlers::Replace(const std::shared_ptr<Block>& block, std::span<const uint64_t> replaced, const View& view) {
  const auto is_replaced = [&](uint64_t id) { return std::ranges::find(replaced, id) != replaced.end(); };
  Places places, to_save;
  {
    const std::lock_guard lock(mutex_);
    const bool is_known = std::ranges::all_of(replaced, [&](uint64_t id) { return known_.contains(id); });
    if (!is_known) return;  // it is looked into as any other
    for (const uint64_t id : replaced) {
      const auto listed = places_.find(id);
      if (listed == places_.end()) continue;
      std::ranges::copy_if(listed->second, std::back_inserter(places),
                           [&](const Place& place) { return !is_replaced(place.other_block); });
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    const bool may_save = SeesAll(view);
    if (may_save) to_save = places;
    Learn(block->info().id, block, std::move(places));
    if (!may_save) return;
  }
  Save(block->info(), to_save);
}

std::vector<std::shared_ptr<Block>> Straddlers::MayHold(const View& view, TraceId id, const Block* known) const {
  std::vector<std::shared_ptr<Block>> blocks;
  const std::lock_guard lock(mutex_);
  const bool is_listed = known != nullptr && known_.contains(known->info().id);
  std::span<const Place> listed;
  if (is_listed) listed = ListedFor(known->info().id, id);
  const auto stands_in = [&](uint64_t block_id) {
    return std::any_of(listed.begin(), listed.end(), [&](const Place& place) { return place.other_block == block_id; });
  };
  for (const auto& block : view.blocks) {
    if (block.get() == known) continue;
    const uint64_t block_id = block->info().id;
    const bool may = is_listed && known_.contains(block_id) ? stands_in(block_id) : block->MayHoldTrace(id);
    if (may) blocks.push_back(block);
  }
  return blocks;
}

Result<Straddlers::PerBlock> Straddlers::Find(const View& view) {
  CatchUp(view);
  if (stopping_) return Error(Code::kCancelled, "the server is stopping");
  PerBlock found;
  const std::lock_guard lock(mutex_);
  for (const auto& block : view.blocks) {
    std::vector<TraceId>& ids = found[block->info().id];
    const auto listed = places_.find(block->info().id);
    if (listed == places_.end()) continue;
    for (const Place& place : listed->second) {
      if (ids.empty() || ids.back() != place.id) ids.push_back(place.id);
    }
  }
  return found;
}

std::optional<std::vector<TraceId>> Straddlers::TracesInCommon(uint64_t block_id,
                                                               std::span<const uint64_t> others) const {
  const std::lock_guard lock(mutex_);
  const auto is_known = [&](uint64_t id) { return known_.contains(id); };
  if (!is_known(block_id) || !std::ranges::all_of(others, is_known)) return std::nullopt;
  const boost::unordered_flat_set<uint64_t> wanted(others.begin(), others.end());
  std::vector<TraceId> ids;
  const auto listed = places_.find(block_id);
  if (listed == places_.end()) return ids;
  for (const Place& place : listed->second) {
    if (wanted.contains(place.other_block) && (ids.empty() || ids.back() != place.id)) ids.push_back(place.id);
  }
  return ids;
}

bool Straddlers::StandsInAny(TraceId id, std::span<const UnreadableBlock> blocks) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const UnreadableBlock& block) { return !ListedFor(block.id, id).empty(); });
}

void Straddlers::Forget(std::span<const uint64_t> block_ids) {
  {
    const std::lock_guard lock(mutex_);
    for (const uint64_t id : block_ids) unreadable_.erase(id);
  }
  Sweep();
  for (const uint64_t id : block_ids) {
    const Status removed = files_.Remove(folder_ + "/" + FileName(id));
    if (!removed && removed.error().code != Code::kNotFound) {
      LogWarn("file not removed", {{"reason", removed.error().message}});
    }
  }
}

}  // namespace spoor
