#include "block/shape_merger.h"

namespace spoor {

ShapeMerger::ShapeMerger() { Add({}, {}); }

void ShapeMerger::Merge(const SpanBatch& batch, const std::vector<uint32_t>& strings, std::vector<uint32_t>& shapes) {
  shapes.resize(batch.shape_count());
  std::vector<uint32_t> keys;
  for (uint32_t shape = 0; shape < batch.shape_count(); ++shape) {
    keys.clear();
    for (const uint32_t key : batch.ShapeKeys(shape)) keys.push_back(strings[key]);
    shapes[shape] = Add(keys, batch.ShapeTypes(shape));
  }
}

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
