#include "store/store_metrics.h"

namespace spoor {

StoreMetrics& StoreMetrics::Get() {
  Metrics& all = ProcessMetrics();
  static StoreMetrics metrics{
      .spans_stored = all.AddCounter("spoor_store_spans_total", "Spans taken in, exact retries not counted."),
      .batches_stored = all.AddCounter("spoor_store_batches_total", "Batches taken in, exact retries not counted."),
      .batches_retried =
          all.AddCounter("spoor_store_retries_total", "Batches that were there already, acknowledged once more."),
      .batches_refused = all.AddCounter("spoor_store_refused_total", "Batches that were refused."),
      .groups = all.AddCounter("spoor_store_commits_total", "Groups of batches that were made durable together."),
      .wal_failures = all.AddCounter("spoor_store_wal_failures_total", "Failed writes and syncs of the log."),
      .sync_seconds =
          all.AddHistogram("spoor_store_sync_seconds", "How long a sync of the log takes.", SecondsBuckets()),
      .blocks_sealed = all.AddCounter("spoor_store_blocks_sealed_total", "Blocks written."),
      .sealed_bytes = all.AddCounter("spoor_store_sealed_bytes_total", "Bytes of blocks that sealing has written."),
      .seal_failures = all.AddCounter("spoor_store_seal_failures_total", "Attempts to write a block that failed."),
      .seal_seconds =
          all.AddHistogram("spoor_store_seal_seconds", "How long it takes to write a block.", SecondsBuckets()),
      .set_aside_batches =
          all.AddCounter("spoor_store_set_aside_batches_total", "Batches that no block can hold, kept in set_aside/."),
      .set_aside_spans = all.AddCounter("spoor_store_set_aside_spans_total", "Spans of these, which are in no answer."),
      .compactions = all.AddCounter("spoor_store_compactions_total", "Blocks that were made out of several."),
      .compaction_blocks = all.AddCounter("spoor_store_compaction_blocks_total", "Blocks that became part of others."),
      .compaction_read_bytes =
          all.AddCounter("spoor_store_compaction_read_bytes_total", "Bytes of blocks that were read to be merged."),
      .compaction_written_bytes =
          all.AddCounter("spoor_store_compaction_written_bytes_total", "Bytes of blocks that merges have written."),
      .compaction_failures =
          all.AddCounter("spoor_store_compaction_failures_total", "Attempts to merge blocks that failed."),
      .compaction_seconds =
          all.AddHistogram("spoor_store_compaction_seconds", "How long a merge takes.", SecondsBuckets()),
      .retention_blocks = all.AddCounter("spoor_store_retention_blocks_total", "Blocks that retention removed."),
      .retention_spans = all.AddCounter("spoor_store_retention_spans_total", "Spans that retention removed."),
      .retention_bytes = all.AddCounter("spoor_store_retention_bytes_total", "Bytes that retention removed."),
      .retention_rollups = all.AddCounter("spoor_store_retention_rollups_total", "Rollups that retention removed."),
      .rollup_seconds =
          all.AddHistogram("spoor_store_rollup_seconds",
                           "How long it takes to count a block, beside what sealing counts.", SecondsBuckets()),
      .damage = all.AddCounter("spoor_store_damage_total", "Places on disk that could not be read."),
  };
  return metrics;
}

}  // namespace spoor
