// ThreadBlock: what the library keeps for each thread, in one place, so that a span's way through the library looks it
// up once.
#pragma once

#include <cstdint>

#include "trace/random.h"

namespace spoor::trace {

struct ScopeNode;
class SpanRecord;

// Plain data that begins as zeros, so that reaching it costs no question whether it has been made. What is kept here
// goes back when the thread ends (KeepUntilThreadEnd); what the thread's last destructors still do then is kept
// nowhere.
struct ThreadBlock {
  Random random;
  bool is_exporting;  // spans begun now do not record: they would be the exporter's own
  bool gives_back;    // at its end
  bool is_over;

  uint32_t spare_record_count;
  SpanRecord* spare_records;  // see span_pool.h

  ScopeNode* innermost_scope;  // see context.cc
  ScopeNode* spare_scopes;
  uint32_t spare_scope_count;
};

// Not C++'s thread_local, as that asks at each use from another file whether there is something to be initialised.
extern __thread ThreadBlock thread_block;

// Seeded by the system, and anew after a fork.
inline Random& RandomOf(ThreadBlock& thread) noexcept {
  if (__builtin_expect(thread.random.IsStale(), 0)) thread.random.Seed();
  return thread.random;
}
inline Random& ThreadRandom() noexcept { return RandomOf(thread_block); }

// To be called before the first thing is kept in this thread's block.
void KeepUntilThreadEnd() noexcept;

}  // namespace spoor::trace
