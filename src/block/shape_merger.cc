#include "block/shape_merger.h"

namespace spoor {

ShapeMerger::ShapeMerger() { Add({}, {}); }

uint32_t ShapeMerger::Add(std::span<const uint32_t> keys, std::span<const ValueType> types) {
  std::string bytes(reinterpret_cast<const char*>(keys.data()), keys.size_bytes());
  bytes.append(reinterpret_cast<const char*>(types.data()), types.size_bytes());
  const auto [found, is_new] = found_.try_emplace(std::move(bytes), size());
  if (is_new) {
    keys_.insert(keys_.end(), keys.begin(), keys.end());
    types_.insert(types_.end(), types.begin(), types.end());
    begin_.push_back(static_cast<uint32_t>(keys_.size()));
  }
  return found->second;
}

}  // namespace spoor
