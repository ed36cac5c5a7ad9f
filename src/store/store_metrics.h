// The store's self-metrics: all stores of the process together.
#pragma once

#include "base/metrics.h"

namespace spoor {

struct StoreMetrics {
  Counter& spans_stored;
  Counter& batches_stored;
  Counter& batches_retried;  // exact retries, acknowledged without being stored
  Counter& batches_refused;
  Counter& groups;  // one write and one sync each
  Counter& wal_failures;
  Histogram& sync_seconds;
  Counter& blocks_sealed;
  Counter& sealed_bytes;
  Counter& seal_failures;
  Histogram& seal_seconds;
  Counter& set_aside_batches;
  Counter& set_aside_spans;
  Counter& compactions;
  Counter& compaction_blocks;
  Counter& compaction_read_bytes;
  Counter& compaction_written_bytes;
  Counter& compaction_failures;
  Histogram& compaction_seconds;
  Counter& retention_blocks;
  Counter& retention_spans;
  Counter& retention_bytes;
  Counter& retention_rollups;
  Histogram& rollup_seconds;
  Counter& damage;

  // Never destroyed.
  static StoreMetrics& Get();
};

}  // namespace spoor
