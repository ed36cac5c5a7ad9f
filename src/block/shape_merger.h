// ShapeMerger: the shapes of many batches made into one table, each ordered list of (key, type) once.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/value.h"

namespace spoor {

// One thread's at a time. Shape 0 is the empty one.
class ShapeMerger {
 public:
  ShapeMerger();

  // The number of the shape with these keys (string ids) and types.
  uint32_t Add(std::span<const uint32_t> keys, std::span<const ValueType> types);

  uint32_t size() const { return static_cast<uint32_t>(begin_.size()) - 1; }
  uint32_t field_count() const { return begin_.back(); }
  // Fields begin(s) .. begin(s + 1) are those of shape s.
  uint32_t begin(uint32_t shape) const { return begin_[shape]; }
  uint32_t key(uint32_t field) const { return keys_[field]; }
  ValueType type(uint32_t field) const { return types_[field]; }

 private:
  std::vector<uint32_t> begin_{0};
  std::vector<uint32_t> keys_;  // string ids
  std::vector<ValueType> types_;
  boost::unordered_flat_map<std::string, uint32_t> found_;  // by the bytes of keys and types
};

}  // namespace spoor
