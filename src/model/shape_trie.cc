#include "model/shape_trie.h"

#include <algorithm>
#include <bit>

#include "base/random_seed.h"

namespace spoor {

ShapeTrie::ShapeTrie() : seed_(ProcessSeed()) { Clear(); }

void ShapeTrie::Clear() {
  const size_t slots = std::max(kSlotsMin, std::bit_ceil(nodes_.size() * 2));
  nodes_.Clear();
  nodes_.Push({.key = 0,
               .type = ValueType::kEmpty,
               .key_place = {},
               .value_place = {},
               .value = 0,
               .predicted = kRoot,
               .parent = kRoot,
               .shape = 0});
  begin_.Clear();
  begin_.Push(0);
  begin_.Push(0);
  key_.Clear();
  type_.Clear();
  Rebuild(slots);
}

void ShapeTrie::Release() {
  nodes_.Release();
  slots_.Release();
  begin_.Release();
  key_.Release();
  type_.Release();
  Clear();
}

uint32_t ShapeTrie::FindOrAdd(uint32_t node, uint32_t key, ValueType type, const StringTable& strings) {
  size_t slot = Slot(node, key, type);
  for (; slots_[slot] != kRoot; slot = (slot + 1) & mask_) {
    const Node& next = nodes_[slots_[slot]];
    if (next.parent == node && next.key == key && next.type == type) return nodes_[node].predicted = slots_[slot];
  }
  const auto added = static_cast<uint32_t>(nodes_.size());
  nodes_.Push({.key = key,
               .type = type,
               .key_place = strings.Place(key),
               .value_place = {},
               .value = 0,
               .predicted = kRoot,
               .parent = node,
               .shape = kNoShape});
  slots_[slot] = added;
  nodes_[node].predicted = added;
  if (nodes_.size() * 2 > mask_) Rebuild((mask_ + 1) * 2);
  return added;
}

uint32_t ShapeTrie::AddShape(uint32_t node) {
  size_t fields = 0;
  for (uint32_t at = node; at != kRoot; at = nodes_[at].parent) ++fields;
  uint32_t* key = key_.Extend(fields) + fields;
  ValueType* type = type_.Extend(fields) + fields;
  for (uint32_t at = node; at != kRoot; at = nodes_[at].parent) {
    *--key = nodes_[at].key;
    *--type = nodes_[at].type;
  }
  begin_.Push(static_cast<uint32_t>(key_.size()));
  return nodes_[node].shape = static_cast<uint32_t>(begin_.size() - 2);
}

// Keyed by the process's secret: whoever sends spans chooses keys and order, and so could choose collisions.
size_t ShapeTrie::Slot(uint32_t parent, uint32_t key, ValueType type) const {
  const uint64_t a = (uint64_t{parent} << 32 | key) ^ seed_;
  const uint64_t b = (static_cast<uint64_t>(type) + 1) * 0x9E3779B97F4A7C15ull ^ std::rotl(seed_, 32);
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<size_t>(static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64)) & mask_;
}

void ShapeTrie::Rebuild(size_t slots) {
  slots_.Clear();
  std::fill_n(slots_.Extend(slots), slots, kRoot);
  mask_ = slots - 1;
  for (uint32_t i = 1; i < nodes_.size(); ++i) {
    size_t slot = Slot(nodes_[i].parent, nodes_[i].key, nodes_[i].type);
    while (slots_[slot] != kRoot) slot = (slot + 1) & mask_;
    slots_[slot] = i;
  }
}

}  // namespace spoor
