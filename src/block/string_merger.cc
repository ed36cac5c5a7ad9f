#include "block/string_merger.h"

#include <xxhash.h>

namespace spoor {
namespace {

constexpr size_t kFirstSlots = 4096;
constexpr uint32_t kPrefetchAhead = 12;

}  // namespace

StringMerger::StringMerger() : slots_(kFirstSlots), mask_(kFirstSlots - 1) { Add({}, HashString({}), true); }

void StringMerger::Merge(const SpanBatch& batch, std::vector<uint32_t>& ids) {
  const uint32_t count = batch.string_count();
  ids.resize(count);
  for (uint32_t code = 0; code < count; ++code) {
    if (code + kPrefetchAhead < count) {
      __builtin_prefetch(&slots_[batch.string_hash[code + kPrefetchAhead] & mask_]);
    }
    const std::string_view string = batch.String(code);
    const uint32_t hash = batch.string_hash[code];
    if (hash != SpanBatch::kNotText) {
      ids[code] = Add(string, hash, true);
    } else {
      ids[code] = Add(string, static_cast<uint32_t>(XXH3_64bits(string.data(), string.size())), false);
    }
  }
}

uint32_t StringMerger::Add(std::string_view string, uint32_t hash, bool is_text) {
  uint64_t at = hash & mask_;
  while (slots_[at] != 0) {
    const uint32_t id = slots_[at] - 1;
    if (hashes_[id] == hash && is_text_[id] == static_cast<uint8_t>(is_text) && strings_[id] == string) return id;
    at = (at + 1) & mask_;
  }
  const auto id = static_cast<uint32_t>(strings_.size());
  slots_[at] = id + 1;
  strings_.push_back(string);
  hashes_.push_back(hash);
  is_text_.push_back(static_cast<uint8_t>(is_text));
  if (strings_.size() * 2 > slots_.size()) Grow();
  return id;
}

void StringMerger::Grow() {
  std::vector<uint32_t> larger(slots_.size() * 4);
  mask_ = larger.size() - 1;
  for (uint32_t id = 0; id < strings_.size(); ++id) {
    uint64_t at = hashes_[id] & mask_;
    while (larger[at] != 0) at = (at + 1) & mask_;
    larger[at] = id + 1;
  }
  slots_ = std::move(larger);
}

}  // namespace spoor
