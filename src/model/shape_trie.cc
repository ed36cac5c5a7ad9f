#include "model/shape_trie.h"

#include <algorithm>
#include <bit>

#include "base/random_seed.h"

namespace spoor {

void ShapeTrie::Clear() {
  const size_t slots = std::max(kSlotsMin, std::bit_ceil(nodes_.size() * 2));
  nodes_.Clear();
  nodes_.Push({.key = 0,
               .parent = kRoot,
               .predicted = kRoot,
               .shape = 0,
               .last_value = 0,
               .depth = 0,
               .type = ValueType::kEmpty});
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

uint32_t ShapeTrie::FindOrAdd(uint32_t node, uint32_t key, ValueType type) {
  size_t slot = Slot(node, key, type);
  for (; slots_[slot] != kRoot; slot = (slot + 1) & mask_) {
    const Node& next = nodes_[slots_[slot]];
    if (next.parent == node && next.key == key && next.type == type) return nodes_[node].predicted = slots_[slot];
  }
  const auto added = static_cast<uint32_t>(nodes_.size());
  nodes_.Push({.key = key,
               .parent = node,
               .predicted = kRoot,
               .shape = kNoShape,
               .last_value = 0,
               .depth = nodes_[node].depth + 1,
               .type = type});
  slots_[slot] = added;
  nodes_[node].predicted = added;
  if (nodes_.size() * 2 > mask_) Rebuild((mask_ + 1) * 2);
  return added;
}

uint32_t ShapeTrie::AddShape(uint32_t node) {
  const uint32_t fields = nodes_[node].depth;
  uint32_t* keys = key_.Extend(fields);
  ValueType* types = type_.Extend(fields);
  for (uint32_t at = node; at != kRoot; at = nodes_[at].parent) {
    keys[nodes_[at].depth - 1] = nodes_[at].key;
    types[nodes_[at].depth - 1] = nodes_[at].type;
  }
  begin_.Push(static_cast<uint32_t>(key_.size()));
  return nodes_[node].shape = static_cast<uint32_t>(begin_.size() - 2);
}

// Keyed by the process's secret: whoever sends spans chooses keys and order, and so could choose collisions.
size_t ShapeTrie::Slot(uint32_t parent, uint32_t key, ValueType type) const {
  const uint64_t seed = ProcessSeed();
  const uint64_t a = (uint64_t{parent} << 32 | key) ^ seed;
  const uint64_t b = (static_cast<uint64_t>(type) + 1) * 0x9E3779B97F4A7C15ull ^ std::rotl(seed, 32);
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
