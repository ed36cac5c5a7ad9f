// TraceStore: the contract of every store, seen from the read side. The embedded store keeps it, and so will a
// cluster's: plan/contract/ holds the tests that every store passes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/trace.h"
#include "plan/filter.h"
#include "plan/overview.h"
#include "plan/red.h"
#include "plan/trace_rank.h"

namespace spoor {

// How long a question may take, and whether anybody still waits for the answer. Stores look at it at least once a page.
struct QueryContext {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::shared_ptr<const std::atomic<bool>> cancelled;
  std::shared_ptr<const std::atomic<bool>> client_gone;

  // kCancelled once the deadline is over or nobody waits.
  Status Check() const;
};

// Traces of which one span fulfils `filter` and starts within the window (both ends inclusive), and that fulfil
// `conditions` as a whole; in `order`, the first `limit` of those behind `after`.
struct SearchPlan {
  Filter filter{AllOf{}};
  uint64_t start_min_ns = 0;
  uint64_t start_max_ns = UINT64_MAX;
  uint32_t limit = 100;
  TraceConditions conditions = {};
  TraceOrder order = TraceOrder::kNewest;
  std::optional<TraceRank> after = std::nullopt;  // of the same order
  bool count = false;
};

struct SearchAnswer {
  std::vector<TraceSummary> traces;
  bool has_more = false;                // traces match behind the last one
  std::optional<uint64_t> trace_count;  // that match, all told; where the plan asked for it
  bool complete = true;                 // false: something could not be read; warnings say what
  std::vector<std::string> warnings;
};

struct Operation {
  std::string name;
  uint8_t kind = 0;  // OTLP's number
  auto operator<=>(const Operation&) const = default;
};

// Calls from spans of `parent` to child spans of `child`, another service, counted once a child span.
struct Dependency {
  std::string parent;
  std::string child;
  uint64_t call_count = 0;
};

struct StoreStats {
  uint64_t spans_received = 0;  // taken in since the start (retries not counted)
  uint64_t spans_stored = 0;    // rows that can be asked for now
  uint64_t spans_live = 0;      // of these, not in a block yet
  uint64_t blocks = 0;
  uint64_t disk_bytes = 0;  // of blocks, rollups and log
  uint64_t rollup_bytes = 0;
  uint64_t live_bytes = 0;
  uint64_t wal_bytes = 0;
  uint64_t block_bytes = 0;
  uint64_t sealing = 0;  // live blocks that are being made into blocks, or wait for it
  bool compacting = false;
  uint64_t compactions = 0;                                // since the start
  uint64_t compacted_blocks = 0;                           // that became part of others
  uint64_t compaction_failures = 0;                        // attempts
  uint64_t compaction_read_bytes = 0;                      // of blocks
  uint64_t compaction_written_bytes = 0;                   // the same
  uint64_t sealed_bytes = 0;                               // of blocks that sealing wrote since the start
  uint64_t damage = 0;                                     // places on disk that could not be read, so far
  std::optional<uint64_t> arrival_min_ns, arrival_max_ns;  // of the spans that are stored; none without any
};

// Thread-safe. Every answer includes every span that was acknowledged before the question was asked. Errors: kNotFound,
// kCancelled, kCorrupt (with file and offset), kIo.
class TraceStore {
 public:
  virtual ~TraceStore() = default;

  // kNotFound where no span has that id. A trace of which a part cannot be read is an error, never a part.
  virtual Result<Trace> GetTrace(TraceId id, const QueryContext& context) = 0;
  virtual Result<SearchAnswer> Search(const SearchPlan& plan, const QueryContext& context) = 0;
  // Of everything that `plan` matches, whatever its order, limit and after. kBusy where that is too much to look at.
  virtual Result<Overview> GetOverview(const SearchPlan& plan, const OverviewShape& shape,
                                       const QueryContext& context) = 0;

  // Names of services that have a span, sorted. The empty name is left out.
  virtual Result<std::vector<std::string>> Services(const QueryContext& context) = 0;
  // Distinct (name, kind) of a service's spans, sorted. Unknown services have none.
  virtual Result<std::vector<Operation>> Operations(std::string_view service, const QueryContext& context) = 0;

  // Rate, errors and duration of spans (plan/red.h), each span that trace assembly keeps counted once, whichever traces
  // are still here.
  virtual Result<RedAnswer> Red(const RedPlan& plan, const QueryContext& context) = 0;
  // Calls from service to service by the spans' real parents, for children that start in one of the whole minutes into
  // which the window (both ends inclusive) is widened.
  virtual Result<CallsAnswer> Calls(uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context) = 0;
  // The numbers of Calls; by (parent, child).
  Result<std::vector<Dependency>> Dependencies(uint64_t start_min_ns, uint64_t start_max_ns,
                                               const QueryContext& context);

  // The service's stable colour, from 1; 0 where the service was never seen.
  virtual uint32_t ServiceColour(std::string_view service) = 0;
  virtual StoreStats Stats() = 0;

  // Puts everything that is live into blocks and returns when the store is idle.
  virtual Status SealAll() = 0;
  // The same, and makes few large blocks of many small ones.
  virtual Status CompactAll() { return SealAll(); }
};

}  // namespace spoor
