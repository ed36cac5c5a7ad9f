#include "store/whole_traces.h"

namespace spoor {

size_t WholeTraces::size_bytes() const {
  size_t bytes = sizeof *this + facts.size_bytes() + size() * (sizeof(uint64_t) + 1) + blind.size() +
                 live_batches.size() * sizeof(live_batches[0]) + live.size() * 2 * (sizeof(TraceId) + sizeof(uint32_t));
  for (const auto& in_block : parts) bytes += in_block.size() * sizeof(Part);
  return bytes;
}

}  // namespace spoor
