#include "store/store.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "plan/rollup_query.h"
#include "store/scan_pool.h"
#include "store/search.h"
#include "store/trace_parts.h"

namespace spoor {

// What is there before the parts that use it.
struct Store::Opened {
  explicit Opened(const StoreOptions& options)
      : folders(FoldersOf(options)),
        cache(options.page_cache_bytes),
        trace_facts(options.trace_facts_bytes),
        whole_traces(*options.budget),
        scan_pool(options.has_threads ? options.scan_helpers : 0),
        straddlers(*options.files, folders.blocks, damage),
        rollup_cache(options.rollup_cache_bytes),
        rollups({*options.files, folders.rollups, rollup_cache, straddlers, damage}),
        colours(*options.files, folders.store + "/service_colours"),
        replaced(*options.files, folders.blocks) {}

  const StoreFolders folders;
  DamageLog damage;
  PageCache cache;
  TraceFactsCache trace_facts;
  WholeTraceCache whole_traces;
  ScanPool scan_pool;
  Straddlers straddlers;
  PageCache rollup_cache;
  Rollups rollups;
  ServiceColours colours;
  BlockClaims claims;
  ReplacedFiles replaced;
  std::unique_ptr<Recovered> recovered;  // given to the parts
};

Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  auto opened = std::make_unique<Opened>(options);
  RETURN_IF_ERROR(CreateFolders(*options.files, opened->folders));
  RETURN_IF_ERROR(opened->rollups.Load());
  const NextNumbers next{opened->rollups.next_block_id(), opened->rollups.next_sequence()};
  ASSIGN_OR_RETURN(Recovered recovered, Recover(options, opened->folders, opened->cache, opened->damage, next));
  opened->rollups.Match(recovered.view);
  for (const auto& block : recovered.view.blocks) opened->straddlers.Load(block);
  for (const UnreadableBlock& block : recovered.view.unreadable) opened->straddlers.LoadUnreadable(block.id);
  if (Status loaded = opened->colours.Load(); !loaded) opened->damage.Report(loaded.error());
  for (const auto& block : recovered.view.blocks) {
    for (const BlockOperation& operation : block->operations()) opened->colours.Note(std::span(&operation.service, 1));
  }
  opened->replaced.Add(recovered.replaced);
  (void)opened->replaced.RemoveAll();  // retention tries again
  opened->recovered = std::make_unique<Recovered>(std::move(recovered));
  auto store = std::unique_ptr<Store>(new Store(options, std::move(opened)));
  return store;
}

Store::Store(const StoreOptions& options, std::unique_ptr<Opened> opened)
    : options_(options),
      opened_(std::move(opened)),
      log_(*options.files, opened_->folders.wal, opened_->recovered->next_sequence),
      shelf_(std::move(opened_->recovered->view)),
      sealer_(
          {.files = *options.files,
           .clock = *options.clock,
           .blocks_folder = opened_->folders.blocks,
           .set_aside_folder = opened_->folders.store + "/set_aside",
           .block_traces_max = options.block_traces_max,
           .cache = opened_->cache,
           .shelf = shelf_,
           .log = log_,
           .straddlers = opened_->straddlers,
           .rollups = opened_->rollups,
           .colours = opened_->colours,
           .damage = opened_->damage,
           .retention = {.age = options.retention,
                         .disk_bytes_max = options.disk_bytes_max,
                         .rollup_age = options.rollup_retention},
           .claims = opened_->claims,
           .replaced = opened_->replaced,
           .has_threads = options.has_threads},
          opened_->recovered->next_block_id, [this] { committer_.Wake(); }, [this] { compactor_.Consider(); }),
      compactor_({.files = *options.files,
                  .clock = *options.clock,
                  .budget = *options.budget,
                  .blocks_folder = opened_->folders.blocks,
                  .cache = opened_->cache,
                  .shelf = shelf_,
                  .straddlers = opened_->straddlers,
                  .rollups = opened_->rollups,
                  .damage = opened_->damage,
                  .claims = opened_->claims,
                  .replaced = opened_->replaced,
                  .take_block_id = [this] { return sealer_.TakeBlockId(); },
                  .limits = options.compaction,
                  .retention = options.retention,
                  .free_bytes_floor = options.free_bytes_floor,
                  .has_threads = options.has_threads}),
      committer_(options_, log_, shelf_, sealer_, std::move(opened_->recovered->digests)) {
  opened_->recovered.reset();
  if (Status measured = log_.Measure(); !measured) opened_->damage.Report(measured.error());
  sealer_.RemoveSealedLog();
  const std::shared_ptr<const View> view = shelf_.Get();
  for (size_t i = 0; i + 1 < view->lives.size(); ++i) sealer_.Seal(view->lives[i], true);
  AddGauges();
  committer_.Start();
}

Store::~Store() { Stop(); }

bool Store::Step(Work work) {
  if (work == Work::kCommit) return committer_.Step();
  if (work == Work::kCompact) return compactor_.Step();
  if (work == Work::kCompactAll) return compactor_.CompactAll(CompactionReach::kNotFull).has_value();
  return sealer_.Step(work == Work::kSealUrgently);
}

void Store::Stop() {
  committer_.Stop();
  opened_->straddlers.Stop();
  opened_->rollups.Stop();
  compactor_.Stop();
  sealer_.Stop();
  if (Status saved = opened_->colours.Save(); !saved) {
    LogWarn("service colours not saved", {{"reason", saved.error().message}});
  }
}

void Store::AddGauges() {
  Metrics& metrics = ProcessMetrics();
  const auto add = [&](std::string_view name, std::string_view help, uint64_t StoreStats::* field) {
    gauges_.push_back(metrics.AddGauge(name, help, [this, field] { return static_cast<double>(Stats().*field); }));
  };
  add("spoor_store_spans", "Spans that can be asked for.", &StoreStats::spans_stored);
  add("spoor_store_live_spans", "Of these, spans that are not in a block yet.", &StoreStats::spans_live);
  add("spoor_store_live_bytes", "Bytes in memory of spans that are not in a block yet.", &StoreStats::live_bytes);
  add("spoor_store_blocks", "Blocks on disk.", &StoreStats::blocks);
  gauges_.push_back(metrics.AddGauge("spoor_store_split_traces", "Traces that stand in more than one block.",
                                     [this] { return static_cast<double>(opened_->straddlers.TraceCount()); }));
  add("spoor_store_rollup_bytes", "Bytes on disk of rollups.", &StoreStats::rollup_bytes);
  gauges_.push_back(metrics.AddGauge(
      "spoor_store_write_amplification",
      "Bytes of blocks written since the start, merges included, per byte that sealing wrote.", [this] {
        const StoreStats stats = Stats();
        const auto sealed = static_cast<double>(stats.sealed_bytes);
        return sealed == 0 ? 1 : (sealed + static_cast<double>(stats.compaction_written_bytes)) / sealed;
      }));
  add("spoor_store_disk_bytes", "Bytes on disk of blocks, rollups and log.", &StoreStats::disk_bytes);
}

void Store::Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) {
  committer_.Append(std::move(batch), std::move(memory), std::move(done));
}

Result<Trace> Store::GetTrace(TraceId id, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  const std::shared_ptr<const View> view = shelf_.Get();
  if (!view->unreadable.empty() && opened_->straddlers.StandsInAny(id, view->unreadable)) {
    return Corrupt("a part of the trace cannot be read: " + view->unreadable.front().reason);
  }
  auto trace = ReadTrace(*view, id, context);
  if (!trace) opened_->damage.Report(trace.error());
  return trace;
}

Result<Trace> Store::ReadTrace(const View& view, TraceId id, const QueryContext& context) {
  ASSIGN_OR_RETURN(const TraceParts parts, FindParts(view, opened_->straddlers, id));
  if (parts.empty()) return NotFound("trace not found");
  RETURN_IF_ERROR(context.Check());
  ASSIGN_OR_RETURN(Batches batches, ReadParts(parts));
  return MakeTrace(id, std::move(batches));
}

Result<SearchAnswer> Store::Search(const SearchPlan& plan, const QueryContext& context) {
  const std::shared_ptr<const View> view = shelf_.Get();
  SearchState state(*view, opened_->straddlers, opened_->trace_facts, context, opened_->damage, opened_->scan_pool);
  return SearchView(plan, state, opened_->whole_traces);
}

Result<Overview> Store::GetOverview(const SearchPlan& plan, const OverviewShape& shape, const QueryContext& context) {
  const std::shared_ptr<const View> view = shelf_.Get();
  SearchState state(*view, opened_->straddlers, opened_->trace_facts, context, opened_->damage, opened_->scan_pool);
  return OverviewOfView(plan, shape, state, opened_->whole_traces, *options_.budget);
}

Result<std::vector<std::string>> Store::Services(const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  const std::shared_ptr<const View> view = shelf_.Get();
  std::vector<std::string> services = view->names->Services();
  for (const auto& live : view->lives) {
    for (std::string& service : live->Services()) services.push_back(std::move(service));
  }
  std::sort(services.begin(), services.end());
  services.erase(std::unique(services.begin(), services.end()), services.end());
  return services;
}

Result<std::vector<Operation>> Store::Operations(std::string_view service, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  const std::shared_ptr<const View> view = shelf_.Get();
  const std::span<const Operation> in_blocks = view->names->Operations(service);
  std::vector<Operation> operations(in_blocks.begin(), in_blocks.end());
  for (const auto& live : view->lives) {
    for (Operation& operation : live->Operations(service)) operations.push_back(std::move(operation));
  }
  std::sort(operations.begin(), operations.end());
  operations.erase(std::unique(operations.begin(), operations.end()), operations.end());
  return operations;
}

Result<RedAnswer> Store::Red(const RedPlan& plan, const QueryContext& context) {
  RedAnswer answer;
  RedQuery query(plan);
  const Rollups::Need need{query.window(), plan.by_operation || plan.operation.has_value()};
  const auto add = [&](const Rollup& rollup) { query.Add(rollup); };
  RETURN_IF_ERROR(opened_->rollups.ForEach(*shelf_.Get(), need, context, add, answer.warnings));
  answer.series = std::move(query).Finish();
  answer.complete = answer.warnings.empty();
  return answer;
}

Result<CallsAnswer> Store::Calls(uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context) {
  CallsAnswer answer;
  CallsQuery query(start_min_ns, start_max_ns);
  const Rollups::Need need{query.window()};
  const auto add = [&](const Rollup& rollup) { query.Add(rollup); };
  RETURN_IF_ERROR(opened_->rollups.ForEach(*shelf_.Get(), need, context, add, answer.warnings));
  answer.calls = std::move(query).Finish();
  answer.complete = answer.warnings.empty();
  return answer;
}

uint32_t Store::ServiceColour(std::string_view service) {
  const uint32_t known = opened_->colours.Find(service);
  if (known != 0) return known;
  const std::shared_ptr<const View> view = shelf_.Get();
  for (const auto& live : view->lives) opened_->colours.Note(live->ResourceServices());
  return opened_->colours.Find(service);
}

StoreStats Store::Stats() {
  const std::shared_ptr<const View> view = shelf_.Get();
  StoreStats stats{.spans_received = committer_.spans_received()};
  uint64_t arrival_min_ns = UINT64_MAX, arrival_max_ns = 0;
  const auto widen = [&](uint64_t min_ns, uint64_t max_ns) {
    arrival_min_ns = std::min(arrival_min_ns, min_ns);
    arrival_max_ns = std::max(arrival_max_ns, max_ns);
  };
  for (const auto& live : view->lives) {
    const Live::Extent extent = live->extent();
    stats.spans_live += extent.rows;
    stats.live_bytes += extent.bytes;
    widen(extent.arrival_min_ns, extent.arrival_max_ns);
  }
  stats.spans_stored = stats.spans_live;
  for (const auto& block : view->blocks) {
    stats.spans_stored += block->info().span_count;
    stats.block_bytes += block->info().file_bytes;
    widen(block->info().arrival_min_ns, block->info().arrival_max_ns);
  }
  for (const UnreadableBlock& block : view->unreadable) stats.block_bytes += block.file_bytes;
  stats.blocks = view->blocks.size();
  stats.wal_bytes = log_.size_bytes();
  stats.rollup_bytes = opened_->rollups.size_bytes();
  stats.disk_bytes = stats.wal_bytes + stats.block_bytes + stats.rollup_bytes;
  stats.sealing = view->lives.size() - 1;
  stats.damage = opened_->damage.count();
  const CompactionStats compaction = compactor_.stats();
  stats.compacting = compaction.running;
  stats.compactions = compaction.merges;
  stats.compacted_blocks = compaction.blocks_merged;
  stats.compaction_failures = compaction.failures;
  stats.compaction_read_bytes = compaction.read_bytes;
  stats.compaction_written_bytes = compaction.written_bytes;
  stats.sealed_bytes = sealer_.sealed_bytes();
  stats.disk_bytes += compaction.temporary_bytes;
  if (arrival_min_ns <= arrival_max_ns) {
    stats.arrival_min_ns = arrival_min_ns;
    stats.arrival_max_ns = arrival_max_ns;
  }
  return stats;
}

Status Store::SealAll() {
  RETURN_IF_ERROR(committer_.Rotate());
  return sealer_.WaitUntilIdle();
}

Result<uint64_t> Store::Export(const ExportQuestion& question, const VisitRows& visit) {
  uint64_t unreadable = 0;
  RETURN_IF_ERROR(VisitSpans(*shelf_.Get(), question, opened_->damage, unreadable, visit));
  return unreadable;
}

Status Store::CompactAll() {
  RETURN_IF_ERROR(SealAll());
  return compactor_.CompactAll(CompactionReach::kNotFull);
}

Status Store::CompactAlsoFullBlocks() {
  RETURN_IF_ERROR(SealAll());
  return compactor_.CompactAll(CompactionReach::kEverything);
}

}  // namespace spoor
