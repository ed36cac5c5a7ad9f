#include "store/sealer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "store/seal.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

constexpr size_t kPoolQueueMax = 64;
// Rollups that have outlived their blocks may take so much of the disk together with the others: a quarter.
constexpr uint64_t kRollupShareOfDisk = 4;
constexpr int64_t kRetryFirstNs = 1'000'000'000;
constexpr int64_t kRetryMaxNs = 60'000'000'000;

bool IsOnShelf(const View& view, uint64_t block_id) {
  return std::ranges::any_of(view.blocks, [&](const auto& block) { return block->info().id == block_id; }) ||
         std::ranges::find(view.unreadable, block_id, &UnreadableBlock::id) != view.unreadable.end();
}

int64_t RetryDelayNs(int failures) { return std::min(kRetryMaxNs, kRetryFirstNs << std::min(failures - 1, 6)); }

}  // namespace

Sealer::Sealer(SealerParts parts, uint64_t next_block_id, std::function<void()> on_change,
               std::function<void()> on_tended)
    : parts_(std::move(parts)),
      on_change_(std::move(on_change)),
      on_tended_(std::move(on_tended)),
      next_block_id_(next_block_id),
      idle_("seal-idle", parts_.has_threads ? 1 : 0, kPoolQueueMax, true),
      urgent_("seal-urgent", parts_.has_threads ? 1 : 0, kPoolQueueMax) {}

Sealer::~Sealer() { Stop(); }

void Sealer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  urgent_.Stop();
  idle_.Stop();
}

void Sealer::Seal(std::shared_ptr<Live> live, bool urgent) {
  {
    const std::lock_guard lock(mutex_);
    urgent = urgent || !jobs_.empty();
    jobs_.push_back({.live = std::move(live), .block_id = next_block_id_++});
  }
  Submit(urgent);
}

void Sealer::Submit(bool urgent) {
  // Where the queue is full, its jobs find this one too.
  (void)(urgent ? urgent_ : idle_).Submit([this] { RunOne(); });
}

bool Sealer::Step(bool urgent) { return (urgent ? urgent_ : idle_).RunOne(); }
uint64_t Sealer::TakeBlockId() {
  const std::lock_guard lock(mutex_);
  return next_block_id_++;
}

size_t Sealer::backlog() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

int64_t Sealer::next_retry_ns() const {
  const std::lock_guard lock(mutex_);
  int64_t next = INT64_MAX;
  for (const Job& job : jobs_) {
    if (job.state == State::kResting) next = std::min(next, job.retry_at_ns);
  }
  return next;
}

void Sealer::RetryDue() { Wake(parts_.clock.SteadyNanos()); }

void Sealer::Wake(int64_t now_ns) {
  int woken = 0;
  {
    const std::lock_guard lock(mutex_);
    for (Job& job : jobs_) {
      if (job.state != State::kResting || job.retry_at_ns > now_ns) continue;
      job.state = State::kReady;
      ++woken;
    }
  }
  for (; woken > 0; --woken) Submit(false);
}

Sealer::Job* Sealer::Take() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  for (Job& job : jobs_) {
    if (job.state != State::kReady) continue;
    job.state = State::kRunning;
    return &job;
  }
  return nullptr;
}

void Sealer::RunOne() {
  Job* job = Take();
  if (job == nullptr) return;
  const Status status = Run(*job);
  bool is_tending = false;
  if (status) {
    RemoveSealedLog();
    // Before the job is gone, so that nobody takes the moment between the two for idleness.
    is_tending = BeginTending();
  }
  Finish(job, status);
  on_change_();
  // Here, and so with the priority of sealing: under heavy load the idle pool would fall behind, with what is yet to be
  // counted in memory.
  if (is_tending) Tend();
}

// Mostly one block; more where it is too much for one.
Result<std::vector<SealedPart>> Sealer::Seal(const Job& job) {
  RollupBuilder counted;
  auto block = SealLive(parts_.files, parts_.blocks_folder, parts_.cache, *job.live, job.block_id, &counted,
                        parts_.block_traces_max);
  if (block) {
    std::vector<SealedPart> one;
    one.push_back({*std::move(block), counted.Build(RollupLimits::None())});
    return one;
  }
  if (block.error().code != Code::kTooLarge) return std::move(block).error();
  LogWarn("live spans are too much for one block, and are divided", {{"reason", block.error().message}});
  return SealInParts({.files = parts_.files,
                      .blocks_folder = parts_.blocks_folder,
                      .set_aside_folder = parts_.set_aside_folder,
                      .cache = parts_.cache,
                      .live = *job.live,
                      .take_block_id = [this] { return TakeBlockId(); },
                      .traces_max = parts_.block_traces_max});
}

Status Sealer::Run(const Job& job) {
  const int64_t begin_ns = parts_.clock.SteadyNanos();
  auto parts = Seal(job);
  if (!parts) return std::move(parts).error().Within("sealing");
  const std::shared_ptr<const View> view = parts_.shelf.Get();
  for (const auto& live : view->lives) {  // colours go by first sight, so older live blocks come first
    parts_.colours.Note(live->ResourceServices());
    if (live == job.live) break;
  }
  const double seconds = static_cast<double>(parts_.clock.SteadyNanos() - begin_ns) / 1e9;
  StoreMetrics::Get().seal_seconds.Observe(seconds);
  std::vector<std::shared_ptr<Block>> blocks;
  for (SealedPart& part : *parts) {
    const BlockInfo& info = part.block->info();
    LogDebug("block sealed",
             {{"block", info.id}, {"spans", info.span_count}, {"bytes", info.file_bytes}, {"seconds", seconds}});
    StoreMetrics::Get().blocks_sealed.Add();
    StoreMetrics::Get().sealed_bytes.Add(info.file_bytes);
    sealed_bytes_.fetch_add(info.file_bytes, std::memory_order_relaxed);
    parts_.rollups.Expect(info, std::move(part.alone));
    blocks.push_back(std::move(part.block));
  }
  parts_.shelf.Swap(*job.live, blocks);
  return {};
}

void Sealer::Finish(Job* job, const Status& status) {
  std::shared_ptr<Live> gone;  // its memory is given back after the lock
  {
    const std::lock_guard lock(mutex_);
    if (status) {
      const auto at = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& one) { return &one == job; });
      gone = std::move(at->live);
      jobs_.erase(at);
    } else {
      ++failures_;
      ++job->failures;
      job->state = State::kResting;
      job->retry_at_ns = parts_.clock.SteadyNanos() + RetryDelayNs(job->failures);
      last_error_ = status.error();
    }
  }
  changed_.notify_all();
  if (status) return;
  StoreMetrics::Get().seal_failures.Add();
  LogError("block not written, the spans stay in memory and in the log, trying again later",
           {{"code", CodeName(status.error().code)}, {"reason", status.error().message}});
}

void Sealer::RemoveSealedLog() {
  const std::lock_guard one_at_a_time(log_mutex_);
  const uint64_t oldest = parts_.shelf.Get()->lives.front()->first_sequence();
  if (oldest == 0) return;
  const Status removed = parts_.log.RemoveThrough(oldest - 1);
  if (!removed) LogWarn("sealed part of the log not removed", {{"reason", removed.error().message}});
}

bool Sealer::BeginTending() {
  const std::lock_guard lock(mutex_);
  tend_again_ = true;
  if (tending_ || stopping_) return false;
  tending_ = true;
  return true;
}

void Sealer::RequestRetention() {
  if (!BeginTending()) return;
  if (idle_.Submit([this] { Tend(); })) return;
  const std::lock_guard lock(mutex_);
  tending_ = false;
}

void Sealer::Tend() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (!tend_again_ || stopping_) {
        tending_ = false;
        break;
      }
      tend_again_ = false;
    }
    const std::shared_ptr<const View> view = parts_.shelf.Get();
    parts_.straddlers.CatchUp(*view);
    parts_.rollups.CatchUp(*view);
    const Status saved = parts_.colours.Save();
    if (!saved) LogWarn("service colours not saved", {{"reason", saved.error().message}});
    ApplyRetention();
  }
  changed_.notify_all();
  on_change_();
  on_tended_();
}

void Sealer::ApplyRetention() {
  const auto now_ns = static_cast<uint64_t>(parts_.clock.WallNanos());
  const auto rollup_age_ns = static_cast<uint64_t>(parts_.retention.rollup_age.count());
  parts_.rollups.Retain(rollup_age_ns > 0 && now_ns > rollup_age_ns ? now_ns - rollup_age_ns : 0,
                        parts_.retention.disk_bytes_max / kRollupShareOfDisk);
  const std::shared_ptr<const View> view = parts_.shelf.Get();
  const uint64_t other_bytes = parts_.log.size_bytes() + parts_.rollups.size_bytes();
  auto blocks = BlocksToRetain(*view, [&](uint64_t id) { return parts_.rollups.ArrivalOf(id); });
  for (RetainedBlock& block : blocks) block.is_unsettled = !parts_.rollups.IsSettled(block.id);
  const std::vector<ExpiredBlock> expired = Claim(FindExpired(blocks, other_bytes, parts_.retention, now_ns));
  if (expired.empty()) return;
  if (!parts_.replaced.RemoveAll()) {
    for (const ExpiredBlock& one : expired) parts_.claims.Release(std::span(&one.block.id, 1));
    return;
  }
  // The log must not bring back what is removed here.
  RemoveSealedLog();
  Remove(expired);
  // There may be room now for what was counted of them.
  const bool is_any_unsettled = std::ranges::any_of(expired, [](const auto& one) { return one.block.is_unsettled; });
  if (is_any_unsettled) parts_.rollups.CatchUp(*parts_.shelf.Get());
}

// Blocks that are being merged, and what is younger, have to wait until they are.
std::vector<ExpiredBlock> Sealer::Claim(std::vector<ExpiredBlock> expired) {
  std::vector<ExpiredBlock> claimed;
  for (const ExpiredBlock& one : expired) {
    const std::span id(&one.block.id, 1);
    if (!parts_.claims.TryClaim(id)) break;
    if (IsOnShelf(*parts_.shelf.Get(), one.block.id)) {
      claimed.push_back(one);
    } else {
      parts_.claims.Release(id);  // it was merged since somebody looked
    }
  }
  return claimed;
}

void Sealer::Remove(std::span<const ExpiredBlock> expired) {
  std::vector<uint64_t> ids;
  for (const ExpiredBlock& one : expired) ids.push_back(one.block.id);
  parts_.rollups.Outlive(ids);
  parts_.shelf.RemoveBlocks(ids);
  StoreMetrics& metrics = StoreMetrics::Get();
  for (const auto& [block, by_age] : expired) {
    const Status removed = parts_.files.Remove(parts_.blocks_folder + "/" + BlockFileName(block.id));
    if (!removed && removed.error().code != Code::kNotFound) {
      LogWarn("block not removed", {{"reason", removed.error().message}});
    }
    metrics.retention_blocks.Add();
    metrics.retention_spans.Add(block.spans);
    metrics.retention_bytes.Add(block.file_bytes);
    LogInfo(block.is_unreadable ? "block that could not be read removed by retention" : "block removed by retention",
            {{"block", block.id},
             {"because", by_age ? "age" : "disk_bytes"},
             {"spans", block.spans},
             {"bytes", block.file_bytes}});
  }
  parts_.straddlers.Forget(ids);
  if (Status synced = parts_.files.SyncFolder(parts_.blocks_folder); !synced) {
    LogWarn("folder of blocks not synced", {{"reason", synced.error().message}});
  }
  parts_.claims.Release(ids);
}

Status Sealer::WaitUntilIdle() {
  uint64_t failures_before = 0;
  {
    const std::lock_guard lock(mutex_);
    failures_before = failures_;
  }
  Wake(INT64_MAX);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || failures_ > failures_before || (jobs_.empty() && !tending_); });
  if (failures_ > failures_before) return last_error_;
  if (!jobs_.empty()) return Error(Code::kCancelled, "the store is stopping");
  return {};
}

}  // namespace spoor
