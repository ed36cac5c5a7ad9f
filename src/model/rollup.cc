#include "model/rollup.h"

namespace spoor {

size_t Rollup::size_bytes() const {
  size_t bytes = sizeof(Rollup) + series.size() * sizeof(RollupSeries) + row_begin.size() * sizeof(uint32_t) +
                 row_count() * (2 * sizeof(uint32_t) + sizeof(Int128)) +
                 bucket.size() * (sizeof(uint16_t) + sizeof(int32_t));
  for (const std::string& text : texts) bytes += sizeof(std::string) + text.size();
  return bytes;
}

}  // namespace spoor
