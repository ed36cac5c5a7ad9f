// The critical path told as parts: the few things that took the root's time, whose times add up to it.
//
// Each moment of the path is in exactly one *finding*, by the segment that covers it. The first of these that holds:
//
//   repeats    The segment's span, or one above it, is one of ten or more similar siblings on the path. Siblings are
//              similar where service, name, kind and the parent's id are the same; on the path they ran one after the
//              other. Where this holds at several levels, the topmost counts: a loop of queries is one finding,
//              whatever each of them does below. A finding for each such group of siblings.
//   retry      The same for siblings of which one failed and the next similar one on the path came after it: both.
//   Where
//              that one failed too, also the one after it, and so on. A finding for each group of similar siblings.
//   network    The segment is of kind kNetwork. All such are one finding.
//   outside    It is of kind kOutside. A finding for each service and target (analyze/call_target.h), or service and
//              name, where nothing names the target.
//   gap        It is of kind kGap. All such are one finding.
//   operation  Anything else: a finding for each service and name.
//
// The four longest findings that take at least 1 % of the path are a part each; everything else together is the last
// part, the rest. Of equal ones that goes first which stands first in the list above, then whose service, then name,
// then target is first in order of bytes, then the earliest in the trace.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyze/critical_path.h"

namespace spoor::analyze {

enum class PartKind : uint8_t { kRepeats, kRetry, kNetwork, kOutside, kGap, kOperation, kRest };

struct PathPart {
  static constexpr size_t kRowsMax = 1000;

  PartKind kind = PartKind::kRest;
  uint64_t duration_ns = 0;
  // The similar siblings of repeats and retry; else the spans whose segments are in it. The rest has the sum of those
  // of its findings.
  uint32_t span_count = 0;
  std::vector<uint32_t> rows;  // of these spans, ascending; the first kRowsMax. None of the rest
  std::string service;         // of all but network, gap and rest
  std::string name;            // the same; of outside, the name that took longest
  std::string target;          // of outside, or ""
  // Of network: between which services it took longest (of equal ones, the first by name), and how long that was.
  std::string from, to;
  uint64_t from_to_ns = 0;
};

// Longest first, the rest last. A part takes some time; the times add up to the duration of the path. `path` is of
// `trace`. Linear in the spans but for sorting; no recursion. Thread-safe.
std::vector<PathPart> TellAsParts(const Trace& trace, const CriticalPath& path);

}  // namespace spoor::analyze
