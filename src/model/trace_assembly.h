// Trace assembly: the one place that decides what a trace looks like: which spans are the same, which is the root, who
// is whose parent, in what order they stand. The summary tables of blocks, every API and the UI show what it says.
//
// Rules, in this order (design decision 12):
//   1. Spans with the same id and equal content are one span; the first of the input stays.
//   2. Spans with the same id and different content all stay, each with kSharedId, but where exactly one of two is a
//      server or consumer span and the other is not (Zipkin's shared spans): there the server span is a child of the
//      other, and children of that id are the server span's.
//   3. The parent is the span with the named id; of several, the first by (start, input order). A parent that is not
//      here leaves the span an orphan: a root with kParentMissing.
//   4. A cycle is cut at its span with the earliest start (then lowest id): that span becomes a root.
//   5. Siblings, and roots, stand by (start, end descending, id, input order). The order is preorder.
//   6. The root of the trace is the first root without a named parent; where there is none (all are orphans, or cycles
//      that were cut), the first root, and the trace's root is missing.
// The input's order matters only where the rules say so: for equal spans, and between spans whose start, end and id are
// the same. Linear in the spans but for sorting, whatever their ids and parents. No recursion.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/ids.h"

namespace spoor {

struct AssemblySpan {
  SpanId id = 0;
  SpanId parent_id = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  uint8_t kind = 0;
};

namespace span_warning {
inline constexpr uint8_t kSharedId = 1;        // another span of the trace has the same id and other content
inline constexpr uint8_t kParentMissing = 2;   // names a parent that is not here
inline constexpr uint8_t kCycle = 4;           // its parents led back to it
inline constexpr uint8_t kEndBeforeStart = 8;  // shown with a duration of 0
}  // namespace span_warning

// By position in the preorder.
struct AssembledSpan {
  static constexpr uint32_t kNoParent = UINT32_MAX;
  uint32_t input = 0;           // index into the input
  uint32_t parent = kNoParent;  // position
  uint32_t depth = 0;
  uint8_t warnings = 0;  // span_warning bits
};

struct Assembly {
  std::vector<AssembledSpan> spans;
  uint32_t root = 0;  // position; meaningless where there are no spans
  bool root_missing = false;
  uint32_t orphan_count = 0;  // spans with kParentMissing
};

// `equal(a, b)`: whether two inputs with the same span id have the same content, asked only for those, and only where
// the fields above are the same too. `content_hash(i)`: a hash of the content, the same for equal ones. It is asked for
// only where many spans share id and fields; without it each of those is compared with the last 64 of them, so that
// hostile input costs no more than that. Writes over `out`, whose capacity is reused; allocates nothing once warm.
// Thread-safe (scratch is thread-local), and may be called again from `equal` and `content_hash`.
void AssembleTrace(std::span<const AssemblySpan> input, const std::function<bool(uint32_t, uint32_t)>& equal,
                   Assembly& out, const std::function<uint64_t(uint32_t)>& content_hash = nullptr);

}  // namespace spoor
