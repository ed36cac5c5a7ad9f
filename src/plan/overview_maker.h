// Makes overviews of millions of traces: columns in, one pass for each figure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/overview.h"
#include "plan/trace_rank.h"
#include "plan/trace_store.h"

namespace spoor {

// What an overview needs of every match, a cell a match.
struct OverviewMatches {
  // How much a match takes here and while the overview is made.
  static constexpr size_t kBytesEach = 52;

  std::vector<uint64_t> start_ns, duration_ns;
  std::vector<uint64_t> id_low;
  std::vector<uint64_t> reference;         // the caller's, to find the trace again
  std::vector<uint32_t> root_and_flags;    // index of root_services << 2 | root is missing << 1 | has an error
  std::vector<std::string> root_services;  // distinct

  size_t size() const { return start_ns.size(); }
  bool has_error(size_t match) const { return (root_and_flags[match] & 1) != 0; }
  bool root_missing(size_t match) const { return (root_and_flags[match] & 2) != 0; }
  uint32_t root(size_t match) const { return root_and_flags[match] >> 2; }
};

// What points show besides. Asked for by reference, in the order of the matches (but where ids share their low half).
struct PointDetails {
  TraceId id;
  uint32_t span_count = 0;
  uint32_t error_count = 0;
};

// kCancelled where the context says so.
Result<Overview> MakeOverview(const OverviewMatches& matches, const OverviewShape& shape, const QueryContext& context,
                              const std::function<PointDetails(uint64_t reference)>& details);

}  // namespace spoor
