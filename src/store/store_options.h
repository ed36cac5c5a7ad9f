// What a store can be told: where it is, how durable, how much it may keep.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/limits.h"
#include "base/memory_budget.h"

namespace spoor {

// When an acknowledgement means that the spans are on the disk.
enum class SyncPolicy : uint8_t {
  kAlways,    // before it is given
  kInterval,  // within StoreOptions::sync_interval of it
  kOff,       // when the operating system gets round to it
};

// At which size or age the live block is sealed. It grows on over these while as many blocks as may are being sealed.
struct LiveLimits {
  size_t bytes = size_t{64} << 20;
  uint32_t rows = 256 * 1024;
  uint32_t shapes = 1024 * 1024;  // of all batches together, equal ones counted anew
  std::chrono::nanoseconds age = std::chrono::hours(1);
};

// What compaction makes of blocks, and with what. Blocks of one time partition become one while it has no more than
// this; so no span is rewritten more than log2(spans_max / spans of its first block) times. Blocks that are full, as
// those are that heavy traffic seals, wait until their partition is over.
struct CompactionLimits {
  bool enabled = true;                            // in the background; CompactAll works in any case
  uint32_t spans_max = limits::kMergedSpansMax;   // of a block that is made
  uint32_t full_spans = limits::kFullBlockSpans;  // a block with as many, or as many bytes, is full
  uint64_t full_bytes = limits::kFullBlockBytes;
  uint32_t traces_max = limits::kMergedTracesMax;
  uint64_t file_bytes_max = limits::kMergedBytesMax;  // of its inputs
  size_t inputs_max = limits::kMergedBlocksMax;
  size_t page_bytes = size_t{32} << 20;                         // of decoded pages in memory
  std::chrono::nanoseconds partition = std::chrono::hours(24);  // of arrival; at most an eighth of the retention
};

struct StoreOptions {
  FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  MemoryBudget* budget = nullptr;
  // The tenant's: it holds wal/, blocks/ and small files. Whoever opens the store holds the lock on the data folder.
  std::string folder;

  SyncPolicy sync = SyncPolicy::kAlways;
  std::chrono::nanoseconds sync_interval = std::chrono::seconds(1);

  std::chrono::nanoseconds retention{0};         // since arrival; 0 keeps spans for ever
  std::chrono::nanoseconds rollup_retention{0};  // the same for rollups, which never go before their spans
  uint64_t disk_bytes_max = 0;                   // blocks, rollups and log together; 0 is without a limit

  LiveLimits live;
  CompactionLimits compaction;
  uint32_t block_traces_max = UINT32_MAX;      // of a block that is sealed, where its format allows more
  size_t sealing_max = 2;                      // live blocks that are being sealed at a time
  size_t lives_bytes_max = size_t{192} << 20;  // all of them; more is answered with kBusy
  int scan_helpers = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 16u)) - 1;
  size_t rollup_cache_bytes = size_t{32} << 20;    // rollups that were read
  size_t page_cache_bytes = size_t{48} << 20;      // decoded pages of blocks
  size_t trace_facts_bytes = size_t{112} << 20;    // what searches look at of traces: of 2.3 million
  uint64_t free_bytes_floor = uint64_t{64} << 20;  // of the disk; below it nothing new is taken in

  // False: the store starts no thread, and nothing is committed, sealed or tidied but by Store::Step. For simulations,
  // which decide what happens next.
  bool has_threads = true;
};

}  // namespace spoor
