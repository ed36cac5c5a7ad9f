#include "store/straddlers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "store/small_file.h"

namespace spoor {
namespace {

constexpr std::string_view kMark = "SPRSTRD0";
constexpr size_t kPlaceBytes = 24;

}  // namespace

std::string Straddlers::FileName(uint64_t block_id) { return fmt::format("{:020}.straddlers", block_id); }

std::string Straddlers::Encode(const std::vector<Place>& places) {
  std::string bytes;
  bytes.reserve(places.size() * kPlaceBytes);
  for (const Place& place : places) {
    AppendNumber64(bytes, place.id.high);
    AppendNumber64(bytes, place.id.low);
    AppendNumber64(bytes, place.other_block);
  }
  return bytes;
}

Result<std::vector<Straddlers::Place>> Straddlers::Decode(std::string_view bytes) {
  if (bytes.size() % kPlaceBytes != 0) return Corrupt("the body is no whole number of entries");
  std::vector<Place> places;
  for (size_t at = 0; at < bytes.size(); at += kPlaceBytes) {
    places.push_back({{Number64At(bytes, at), Number64At(bytes, at + 8)}, Number64At(bytes, at + 16)});
  }
  return places;
}

bool Straddlers::Load(uint64_t block_id) {
  const std::string path = folder_ + "/" + FileName(block_id);
  const auto bytes = ReadSmallFile(files_, path, kMark);
  if (!bytes) {
    damage_.Report(bytes.error());
    return false;
  }
  auto places = Decode(*bytes);
  if (!places) {
    damage_.Report(places.error().Within(path));
    return false;
  }
  const std::lock_guard lock(mutex_);
  places_[block_id] = *std::move(places);
  return true;
}

void Straddlers::Save(uint64_t block_id, const std::vector<Place>& places) {
  const Status saved = ReplaceSmallFile(files_, folder_ + "/" + FileName(block_id), kMark, Encode(places));
  if (!saved) {
    LogWarn("list of straddling traces not saved, it is made anew at the next start",
            {{"block", block_id}, {"reason", saved.error().message}});
  }
}

std::vector<Straddlers::Place> Straddlers::Probe(Block& block, const View& view) {
  std::vector<Place> places;
  const auto traces = block.Traces();
  if (!traces) {
    damage_.Report(traces.error());
    return places;
  }
  for (const auto& other : view.blocks) {
    if (other->info().id == block.info().id) continue;
    {
      const std::lock_guard lock(mutex_);
      if (!places_.contains(other->info().id)) continue;  // it will find this one
    }
    for (size_t i = 0; i < traces->id_low.size(); ++i) {
      const TraceId id{traces->id_high[i], traces->id_low[i]};
      if (!other->MayHoldTrace(id)) continue;
      const auto found = other->FindTrace(id);
      if (!found) {
        damage_.Report(found.error());
        break;
      }
      if (*found) places.push_back({id, other->info().id});
    }
  }
  return places;
}

void Straddlers::CatchUp(const View& view) {
  const std::lock_guard one_at_a_time(probe_mutex_);
  for (const auto& block : view.blocks) {
    const uint64_t id = block->info().id;
    {
      const std::lock_guard lock(mutex_);
      if (places_.contains(id)) continue;
    }
    std::vector<Place> places = Probe(*block, view);
    Save(id, places);
    const std::lock_guard lock(mutex_);
    places_[id] = std::move(places);
  }
}

Straddlers::PerBlock Straddlers::Find(const View& view) {
  CatchUp(view);
  PerBlock found;
  for (const auto& block : view.blocks) found[block->info().id];
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [block, places] : places_) {
      for (const Place& place : places) {
        if (const auto here = found.find(block); here != found.end()) here->second.push_back(place.id);
        if (const auto there = found.find(place.other_block); there != found.end()) there->second.push_back(place.id);
      }
    }
  }
  for (auto& [block, ids] : found) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  return found;
}

bool Straddlers::StandsInAny(TraceId id, const std::vector<UnreadableBlock>& blocks) const {
  const auto is_unreadable = [&](uint64_t block_id) {
    return std::any_of(blocks.begin(), blocks.end(), [&](const auto& block) { return block.id == block_id; });
  };
  const std::lock_guard lock(mutex_);
  for (const auto& [block, places] : places_) {
    const bool here = is_unreadable(block);
    for (const Place& place : places) {
      if (place.id == id && (here || is_unreadable(place.other_block))) return true;
    }
  }
  return false;
}

void Straddlers::Forget(std::span<const uint64_t> block_ids) {
  {
    const std::lock_guard lock(mutex_);
    for (const uint64_t id : block_ids) places_.erase(id);
  }
  for (const uint64_t id : block_ids) {
    const Status removed = files_.Remove(folder_ + "/" + FileName(id));
    if (!removed && removed.error().code != Code::kNotFound) {
      LogWarn("file not removed", {{"reason", removed.error().message}});
    }
  }
}

}  // namespace spoor
