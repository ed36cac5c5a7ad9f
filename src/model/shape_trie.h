// ShapeTrie: how attribute lists find their shapes while a batch is built. A node is a beginning of a list: the (key,
// type) pairs so far. Spans that one piece of code makes have the same keys in the same order, so every node remembers
// the field that followed last; where that comes again, a step costs a comparison and no hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/growable_array.h"
#include "model/string_table.h"
#include "model/value.h"

namespace spoor {

// Not thread-safe.
class ShapeTrie {
 public:
  static constexpr uint32_t kRoot = 0;  // the empty list

  struct Node {
    uint32_t key;           // of the last field; meaningless in the root
    ValueType type;         // of the last field
    TextPlace key_place;    // of the key's text
    TextPlace value_place;  // of the last string seen in the last field, and its code
    uint32_t value;
    uint32_t predicted;  // the node that followed last; kRoot where none did
    uint32_t parent;     // without the last field
    uint32_t shape;      // kNoShape until a list ends here
  };

  ShapeTrie();

  // Forgets all nodes and shapes but the root's, and keeps the memory.
  void Clear();
  // The same, giving the memory back.
  void Release();

  const Node& node(uint32_t i) const { return nodes_[i]; }
  // What followed `node` last.
  const Node& Predicted(uint32_t node) const { return nodes_[nodes_[node].predicted]; }

  // The node of `node`'s fields and (key, type) behind them.
  uint32_t Step(uint32_t node, uint32_t key, ValueType type, const StringTable& strings) {
    const uint32_t next = nodes_[node].predicted;
    if (next != kRoot && nodes_[next].key == key && nodes_[next].type == type) [[likely]]
      return next;
    return FindOrAdd(node, key, type, strings);
  }
  // Remembers the string that the last field of `node` had.
  void RememberValue(uint32_t node, uint32_t value, const StringTable& strings) {
    if (nodes_[node].value == value) return;
    nodes_[node].value = value;
    nodes_[node].value_place = strings.Place(value);
  }

  // The shape of the list that ends at `node`.
  uint32_t Shape(uint32_t node) {
    const uint32_t shape = nodes_[node].shape;
    return shape != kNoShape ? shape : AddShape(node);
  }

  // Shapes as a batch stores them: fields begins()[s] .. begins()[s + 1].
  std::span<const uint32_t> begins() const { return begin_.span(); }
  std::span<const uint32_t> keys() const { return key_.span(); }
  std::span<const ValueType> types() const { return type_.span(); }
  size_t shape_count() const { return begin_.size() - 1; }

  size_t size_bytes() const {
    return nodes_.size() * sizeof(Node) + (mask_ + 1) * 4 + key_.size() * 5 + begin_.size() * 4;
  }
  size_t capacity_bytes() const {
    return nodes_.capacity() * sizeof(Node) + slots_.capacity() * 4 + key_.capacity() * 5 + begin_.capacity() * 4;
  }

 private:
  static constexpr uint32_t kNoShape = UINT32_MAX;
  static constexpr size_t kSlotsMin = 256;

  uint32_t FindOrAdd(uint32_t node, uint32_t key, ValueType type, const StringTable& strings);
  uint32_t AddShape(uint32_t node);
  size_t Slot(uint32_t parent, uint32_t key, ValueType type) const;
  void Rebuild(size_t slots);

  GrowableArray<Node> nodes_;
  GrowableArray<uint32_t> slots_;  // nodes by (parent, key, type); kRoot where free
  size_t mask_ = 0;
  const uint64_t seed_;  // the process's secret
  GrowableArray<uint32_t> begin_, key_;
  GrowableArray<ValueType> type_;
};

}  // namespace spoor
