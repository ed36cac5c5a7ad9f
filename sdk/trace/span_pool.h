// The pool of span records: each thread keeps a few at hand; what the exporting thread is done with comes back through
// a list that all share.
#pragma once

#include "trace/span_record.h"
#include "trace/thread_block.h"

namespace spoor::trace::span_pool {

// From the shared list, or a new one.
SpanRecord* TakeFromOthers() noexcept;

// Null without memory. In steady state neither this nor GiveBack allocates or waits.
inline SpanRecord* Take() noexcept {
  SpanRecord* record = thread_block.spare_records;
  if (record == nullptr) return TakeFromOthers();
  thread_block.spare_records = record->next;
  PrefetchRecord(record->next);  // another thread may have written it last
  --thread_block.spare_record_count;
  return record;
}

// REQUIRES that nobody else has it.
void GiveBack(SpanRecord* record) noexcept;

// Everything that this thread keeps.
void GiveBackAll() noexcept;

}  // namespace spoor::trace::span_pool
