// Rollup files: what a block's spans and calls add to the counts, on the disk. docs/formats/rollup.md is the layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "model/rollup.h"

namespace spoor {

// A block whose spans a rollup counts. Block ids alone would not do: see docs/formats/rollup.md.
struct CountedBlock {
  uint64_t id = 0;
  uint64_t wal_first_sequence = 0;
  uint64_t wal_last_sequence = 0;
  bool operator==(const CountedBlock&) const = default;
};

// How much there is to count: what limits bound.
struct RollupSize {
  uint32_t rows = 0;
  uint32_t cells = 0;
  uint32_t text_bytes = 0;
};

// What a file says of itself before its columns.
struct RollupHead {
  std::vector<CountedBlock> blocks;  // one at least
  uint64_t arrival_max_ns = 0;       // of the youngest span
  uint32_t minute_min = 0;           // of rows; min > max where there are none
  uint32_t minute_max = 0;
  uint64_t file_bytes = 0;
  RollupSize size;
};

// The bytes of a file. Of `head`, blocks and arrival are used.
std::string EncodeRollup(const RollupHead& head, const Rollup& rollup);

// Puts the file in its place: after a power cut the old one or the new one is there, and after success the new one.
Result<RollupHead> WriteRollup(FileSystem& files, const std::string& folder, const RollupHead& head,
                               const Rollup& rollup);

// The head alone, or everything. kCorrupt ("PATH at OFFSET: ...") where the bytes are not what was written.
Result<RollupHead> ReadRollupHead(FileSystem& files, const std::string& path);
Result<Rollup> ReadRollup(FileSystem& files, const std::string& path);

// "<id of the first block, 20 digits>.rollup"
std::string RollupFileName(uint64_t block_id);

}  // namespace spoor
