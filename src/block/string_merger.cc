#include "block/string_merger.h"

#include <xxhash.h>

#include <utility>

namespace spoor {
namespace {

constexpr size_t kFirstSlots = 4096;

}  // namespace

StringMerger::StringMerger() : slots_(kFirstSlots), mask_(kFirstSlots - 1) { Add({}, HashString({}), true); }

uint32_t StringMerger::Add(const SpanBatch& batch, StringCode code) {
  const std::string_view string = batch.String(code);
  const uint32_t hash = batch.string_hash[code];
  if (hash != SpanBatch::kNotText) return Add(string, hash, true);
  return Add(string, static_cast<uint32_t>(XXH3_64bits(string.data(), string.size())), false);
}

uint32_t StringMerger::Add(std::string_view string, uint32_t hash, bool is_text) {
  uint64_t at = hash & mask_;
  for (; slots_[at].id_plus_1 != 0; at = (at + 1) & mask_) {
    if (slots_[at].hash != hash) continue;
    const uint32_t id = slots_[at].id_plus_1 - 1;
    if (is_text_[id] == static_cast<uint8_t>(is_text) && strings_[id] == string) return id;
  }
  const auto id = static_cast<uint32_t>(strings_.size());
  slots_[at] = {id + 1, hash};
  strings_.push_back(string);
  is_text_.push_back(static_cast<uint8_t>(is_text));
  if (strings_.size() * 2 > slots_.size()) Grow();
  return id;
}

void StringMerger::Grow() {
  std::vector<Slot> larger(slots_.size() * 4);
  mask_ = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.id_plus_1 == 0) continue;
    uint64_t at = slot.hash & mask_;
    while (larger[at].id_plus_1 != 0) at = (at + 1) & mask_;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace spoor
