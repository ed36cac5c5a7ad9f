// TraceFacts: what ordering, counting and conditions look at of many traces, as columns: half of what a trace table
// takes, so that those of all blocks stay in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "block/block.h"
#include "model/trace.h"
#include "plan/trace_rank.h"
#include "store/service_sets.h"

namespace spoor {

// A cell a trace. Services are numbers of service_names.
struct TraceFacts {
  std::vector<uint64_t> id_high, id_low, start_ns, duration_ns;
  std::vector<uint32_t> error_count;
  std::vector<uint32_t> root_service;
  std::vector<uint8_t> root_missing;   // 0 or 1
  std::vector<uint32_t> services;      // number of a set
  std::vector<uint32_t> row_begin{0};  // of a block's traces; else only the differences count, which are span counts
  ServiceSets service_sets;
  std::vector<std::string> service_names;

  uint32_t size() const { return static_cast<uint32_t>(start_ns.size()); }
  TraceId id(uint32_t trace) const { return {id_high[trace], id_low[trace]}; }
  uint32_t span_count(uint32_t trace) const { return row_begin[trace + 1] - row_begin[trace]; }
  TraceMeasures Measures(uint32_t trace) const {
    return {start_ns[trace], duration_ns[trace], span_count(trace), error_count[trace], root_missing[trace] != 0};
  }
  TraceRank Rank(TraceOrder order, uint32_t trace) const {
    return {RankKey(order, Measures(trace)), start_ns[trace], id(trace)};
  }
  // The number of a service; nothing where no trace has it.
  std::optional<uint32_t> FindService(std::string_view name) const;
  // The trace that has `row`. Of a block's traces.
  uint32_t TraceOfRow(uint32_t row) const;
  size_t size_bytes() const;
};

// What reading pages of the block whose facts these are needs of them.
inline TraceTimes TimesOf(const TraceFacts& facts) {
  return {.row_begin = facts.row_begin, .start_ns = facts.start_ns, .duration_ns = facts.duration_ns};
}

// Of all traces of a block, as far as its spans go.
Result<std::shared_ptr<const TraceFacts>> ReadTraceFacts(Block& block);

// Facts that grow trace by trace. Not thread-safe.
class TraceFactsBuilder {
 public:
  TraceFactsBuilder() = default;
  // Goes on behind those.
  explicit TraceFactsBuilder(TraceFacts facts);

  // The number of a service's name.
  uint32_t ServiceNumber(std::string_view name);

  // Services are numbers, which are sorted.
  void Add(TraceId id, const TraceMeasures& trace, uint32_t root_service, std::vector<uint32_t>& services);
  void Add(const TraceSummary& summary);
  // Trace `trace` of `other`, which all calls of this must name.
  void AddFrom(const TraceFacts& other, uint32_t trace);

  TraceFacts& facts() { return facts_; }

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  TraceFacts facts_;
  boost::unordered_flat_map<std::string, uint32_t, TextHash, std::equal_to<>> numbers_;
  std::vector<uint32_t> services_;         // of one trace
  std::vector<uint32_t> number_in_other_;  // by number in the facts that AddFrom takes from, plus one
};

}  // namespace spoor
