// Store: the embedded store: log, live blocks, sealed blocks. Takes spans in (SpanSink) and answers questions about
// them (TraceStore). The order of everything is in the classes that it puts together: Committer, Sealer, Shelf.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "block/page_cache.h"
#include "model/span_sink.h"
#include "plan/trace_store.h"
#include "store/committer.h"
#include "store/compactor.h"
#include "store/damage_log.h"
#include "store/export_spans.h"
#include "store/recovery.h"
#include "store/replaced_files.h"
#include "store/rollups.h"
#include "store/sealer.h"
#include "store/service_colours.h"
#include "store/store_options.h"
#include "store/straddlers.h"
#include "store/view.h"
#include "store/wal_log.h"

namespace spoor {

// Thread-safe.
class Store final : public SpanSink, public TraceStore {
 public:
  // Opens or creates the store of `options.folder` and brings back everything that was acknowledged. Files, clock and
  // budget outlive it.
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options);
  ~Store() override;  // Stop()

  // Takes nothing new (kCancelled), answers what is queued and makes it durable. What is live stays in the log, from
  // which the next Open brings it back. Questions are answered until the store is destroyed.
  void Stop();

  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) override;

  Result<Trace> GetTrace(TraceId id, const QueryContext& context) override;
  Result<SearchAnswer> Search(const SearchPlan& plan, const QueryContext& context) override;
  Result<Overview> GetOverview(const SearchPlan& plan, const OverviewShape& shape,
                               const QueryContext& context) override;
  Result<std::vector<std::string>> Services(const QueryContext& context) override;
  Result<std::vector<Operation>> Operations(std::string_view service, const QueryContext& context) override;
  // What is live counts as it is; blocks count by their rollups, also those that retention has removed.
  Result<RedAnswer> Red(const RedPlan& plan, const QueryContext& context) override;
  Result<CallsAnswer> Calls(uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context) override;
  uint32_t ServiceColour(std::string_view service) override;
  // spans_stored counts what was sent twice twice, unless both stand in one block.
  StoreStats Stats() override;
  // An error where a block cannot be written; the spans stay where they are then.
  Status SealAll() override;
  Status CompactAll() override;
  // Also those that would stay as they are until their partition is over.
  Status CompactAlsoFullBlocks();
  // As store/export_spans.h. How many pages and blocks could not be read and are left out.
  Result<uint64_t> Export(const ExportQuestion& question, const VisitRows& visit);

  // Of a store without threads (StoreOptions::has_threads), which may be anywhere else in its work meanwhile, but not
  // in the same: does what the thread for that work would do next. False where there is nothing to do.
  // kCompactAll: what CompactAll does after SealAll, whether anybody has asked for it or not.
  enum class Work : uint8_t { kCommit, kSeal, kSealUrgently, kCompact, kCompactAll };
  bool Step(Work work);
  // Has the next kCommit begin a new live block, and the old one wait to be sealed.
  void AskToSeal() { committer_.AskToRotate(); }

 private:
  struct Opened;
  Store(const StoreOptions& options, std::unique_ptr<Opened> opened);
  void AddGauges();
  Result<Trace> ReadTrace(const View& view, TraceId id, const QueryContext& context);

  const StoreOptions options_;
  const std::unique_ptr<Opened> opened_;
  WalLog log_;
  Shelf shelf_;
  Sealer sealer_;
  Compactor compactor_;
  Committer committer_;
  std::vector<std::unique_ptr<Metrics::Gauge>> gauges_;
};

}  // namespace spoor
