// The critical path of a trace: for each moment of the root's time, the one span that the root was waiting for then.
// Had that span been quicker, the root would have been.
//
// The path covers the root's time, from its start to its end (its start again, where the end lies before it), with
// segments that touch each other. It is found from the end backwards. Let a span be entered with a window: for the root
// its own time, for others what is said below. In it the span *leads* at first at t, the window's end. Then, again and
// again:
//
//   1. Of its children, those count whose time, cut to the window, is longer than nothing. One that lies outside, or
//      takes no time, cannot have been waited for (it is *detached*). Neither can a consumer span that ends after its
//      producer parent: messaging goes on without waiting; nor a child of the same process (the same service, and no
//      server or consumer span) of which more than 1/4 lies behind the span's own end: it was started and left to
//      itself. Cutting is for children that leave their parent's time because clocks differ, or by a little.
//   2. Of these, the one with the latest cut end that is not after t goes next. From that end to t the time is the
//      span's own; from the child's cut start to that end (its window) the path is the child's; the span leads on at
//      the child's cut start. Where no child is left, the rest is the span's own.
//   3. A child that still runs at t is passed over: it ran in parallel, and the span cannot have waited for it. But one
//      that overlaps the child after it (the one that the path came from) by no more than a *tolerance* goes next all
//      the same, and its window ends at t. The tolerance is 1/16 of the shorter of both, by their cut times; or 1 us,
//      where that is at most 1/4 of the shorter.
//   4. Of several with the same cut end, that goes first whose own end is earliest (it was not cut, so it may have been
//      waited for), then whose cut start is earliest, then the lower row.
//
// Why a tolerance: exporters round to microseconds and hosts differ by a few, so calls made one after the other overlap
// a little; passing one over would hand its whole time to the parent. Calls that do run in parallel overlap by a large
// share of the shorter, so 1/16 tells the two apart with room on both sides, and what it misplaces is at most 1/16. The
// microsecond is for short spans, where rounding alone is more than that.
//
// Where the root is missing, the path covers the time of the whole trace, under an imagined root without a row whose
// children are all spans without a parent here. Its own time is a gap. Other spans without a parent are not on the path
// of a root that is here.
//
// The same idea, without windows and tolerance: Eaton et al., "Distributed Latency Profiling through Critical Path
// Tracing", ACM Queue 20(1), 2022.
#pragma once

#include <cstdint>
#include <vector>

#include "model/trace.h"

namespace spoor::analyze {

// What the time of a segment is. Numbers are stable: they stand in trace columns.
enum class PathKind : uint8_t {
  kWork = 0,  // the span's own work
  kNetwork =
      1,     // a client (producer) span around the server (consumer) span of another service: the way there and back
  kGap = 2,  // no span: the root is missing and none covers this
  kOutside = 3,  // a client (producer) span without a child: work of something that sends no spans
};

struct PathSegment {
  static constexpr uint32_t kNoRow = UINT32_MAX;
  uint32_t row = kNoRow;  // index into Trace::spans; kNoRow of a gap
  PathKind kind = PathKind::kGap;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;  // after start_ns

  uint64_t duration_ns() const { return end_ns - start_ns; }
  friend bool operator==(const PathSegment&, const PathSegment&) = default;
};

// Segments ascend; the first begins at start_ns, each begins where the one before ends, and the last ends at end_ns. No
// segments: a duration of 0. Segments of kNetwork and kOutside are of a span's own time: what is below it has its own.
struct CriticalPath {
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  std::vector<PathSegment> segments;

  uint64_t duration_ns() const { return end_ns - start_ns; }
};

// O(n log n) in the spans, whatever the shape; no recursion. Thread-safe.
CriticalPath FindCriticalPath(const Trace& trace);

}  // namespace spoor::analyze
