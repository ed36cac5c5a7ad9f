// What a block says of itself in its footer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spoor {

struct BlockInfo {
  uint64_t id = 0;          // ascending; the file is DIR/<id, 20 digits>.block
  uint32_t span_count = 0;  // after equal spans were counted once
  uint32_t trace_count = 0;
  uint64_t start_min_ns = 0;  // of spans
  uint64_t start_max_ns = 0;
  uint64_t trace_start_max_ns = 0;  // latest first start of a trace: no trace of the block is newer
  uint64_t arrival_min_ns = 0;      // of batches; retention goes by it
  uint64_t arrival_max_ns = 0;
  uint64_t wal_first_sequence = 0;  // the WAL records whose spans are here
  uint64_t wal_last_sequence = 0;
  std::vector<uint64_t> replaces;  // ids of blocks whose spans are here too
  uint64_t file_bytes = 0;
};

// A distinct (service, name, kind) of the block's spans.
struct BlockOperation {
  std::string service;
  std::string name;
  uint8_t kind = 0;
};

}  // namespace spoor
