#include "store/committer.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

// How much one write and sync may take along; what is queued beyond it waits for the next.
constexpr size_t kGroupBytesMax = size_t{32} << 20;
// How often age, retention and the like are looked at.
constexpr int64_t kTendEveryNs = 10'000'000'000;
// A live block that is full within this time comes of a load that idle processors alone will not keep up with.
constexpr int64_t kBusyRotationNs = 20'000'000'000;
constexpr std::chrono::seconds kRefusalLogPeriod{10};

// What a block cannot hold must not get into the log, from where it would have to go into one.
Status CheckSize(const SpanBatch& batch) {
  if (batch.shape_count() > limits::kShapesPerRequestMax) {
    return TooLarge(fmt::format("{} different lists of attribute keys, {} are the most", batch.shape_count(),
                                limits::kShapesPerRequestMax));
  }
  const size_t resources = std::max(batch.resource_service_name.size(), batch.scope_name.size());
  if (resources > limits::kResourcesPerRequestMax) {
    return TooLarge(
        fmt::format("{} different resources or scopes, {} are the most", resources, limits::kResourcesPerRequestMax));
  }
  return {};
}

Error Stopping() { return Error(Code::kCancelled, "the server is stopping"); }

}  // namespace

Committer::Committer(const StoreOptions& options, WalLog& log, Shelf& shelf, Sealer& sealer, RetryDigests replayed)
    : options_(options),
      log_(log),
      shelf_(shelf),
      sealer_(sealer),
      digests_(limits::kRetryMemory, limits::kRetryDigestsMax),
      replayed_(std::move(replayed)),
      refusal_log_(kRefusalLogPeriod) {}

Committer::~Committer() { Stop(); }

void Committer::Start() {
  if (options_.has_threads) thread_ = std::thread([this] { Run(); });
}

void Committer::Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, SpanSink::Done done) {
  if (batch == nullptr || batch->span_count() == 0) return done({});
  const BatchDigest digest = DigestOf(batch->bytes());
  Status taken = CheckSize(*batch);
  if (taken) {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      taken = Stopping();
    } else if (queue_.size() >= limits::kCommitQueueMax) {
      taken = Busy(fmt::format("{} batches wait for the disk already", queue_.size()));
    } else if (over_limit_.load(std::memory_order_relaxed)) {
      taken = Busy("spans arrive faster than they can be written into blocks");
    } else {
      queue_.push_back({std::move(batch), std::move(memory), std::move(done), digest});
    }
  }
  if (taken) {
    work_.notify_one();
    return;
  }
  StoreMetrics::Get().batches_refused.Add();
  done(std::move(taken));
}

Status Committer::Rotate() {
  std::unique_lock lock(mutex_);
  if (stopping_) return Stopping();
  const uint64_t ticket = ++rotations_asked_;
  woken_ = true;
  work_.notify_one();
  rotated_.wait(lock, [&] { return rotations_done_ >= ticket || stopping_; });
  if (rotations_done_ < ticket) return Stopping();
  return {};
}

void Committer::AskToRotate() {
  {
    const std::lock_guard lock(mutex_);
    ++rotations_asked_;
    woken_ = true;
  }
  work_.notify_one();
}

void Committer::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  work_.notify_one();
}

void Committer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  rotated_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!options_.has_threads && !std::exchange(ended_, true)) Run();
}

void Committer::Run() {
  if (options_.has_threads) pthread_setname_np(pthread_self(), "committer");
  Group group;
  while (WaitForWork(group)) Work(group);
  if (Status synced = SyncLog(); !synced) {
    LogError("the log's end is not durable", {{"reason", synced.error().message}});
  }
}

bool Committer::Step() {
  const bool is_due = NextDueNs() <= options_.clock->SteadyNanos();
  Group group;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.empty() && !woken_ && !is_due) return false;
    woken_ = false;
    TakeGroup(group);
  }
  Work(group);
  return true;
}

void Committer::Work(Group& group) {
  if (!group.empty()) Commit(group);
  group.clear();
  Tend();
}

bool Committer::WaitForWork(Group& group) {
  const auto wait = std::chrono::nanoseconds(std::max<int64_t>(0, NextDueNs() - options_.clock->SteadyNanos()));
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, wait, [&] { return !queue_.empty() || woken_ || stopping_; });
  woken_ = false;
  if (queue_.empty()) return !stopping_;
  TakeGroup(group);
  return true;
}

void Committer::TakeGroup(Group& group) {
  size_t bytes = 0;
  auto end = queue_.begin();
  while (end != queue_.end() && bytes < kGroupBytesMax) bytes += (end++)->batch->bytes().size();
  if (end == queue_.end()) {
    group.swap(queue_);
  } else {
    std::move(queue_.begin(), end, std::back_inserter(group));
    queue_.erase(queue_.begin(), end);
  }
}

int64_t Committer::NextDueNs() const { return std::min({sync_due_ns_, tend_due_ns_, sealer_.next_retry_ns()}); }

void Committer::Commit(Group& group) {
  AnswerRetries(group);
  if (group.empty()) return;
  const auto arrival_ns = static_cast<uint64_t>(options_.clock->WallNanos());
  if (const Status durable = MakeDurable(group, arrival_ns); !durable) {
    Refuse(group, durable.error());
    Refuse(followers_, durable.error());
    followers_.clear();
    return;
  }
  Publish(group, arrival_ns);
  for (Pending& pending : group) pending.done({});
  for (Pending& pending : followers_) pending.done({});
  followers_.clear();
}

void Committer::AnswerRetries(Group& group) {
  group_digests_.clear();
  std::erase_if(group, [&](Pending& pending) {
    const bool is_durable = digests_.Contains(pending.digest);
    const bool is_first = !is_durable && group_digests_.insert(pending.digest).second;
    pending.is_here = is_first && replayed_.Contains(pending.digest);
    if (!is_first || pending.is_here) StoreMetrics::Get().batches_retried.Add();
    if (is_first) return false;
    if (is_durable) {
      pending.done({});
    } else {
      followers_.push_back(std::move(pending));
    }
    return true;
  });
}

Status Committer::MakeDurable(const Group& group, uint64_t arrival_ns) {
  bodies_.clear();
  size_t bytes = 0;
  for (const Pending& pending : group) {
    bodies_.push_back({pending.batch->bytes(), arrival_ns});
    bytes += pending.batch->bytes().size();
  }
  RETURN_IF_ERROR(CheckSpace(bytes));
  StoreMetrics::Get().groups.Add();
  RETURN_IF_ERROR(log_.Append(bodies_));
  if (options_.sync == SyncPolicy::kAlways) return SyncLog(true);
  if (options_.sync == SyncPolicy::kInterval && sync_due_ns_ == INT64_MAX) {
    sync_due_ns_ = options_.clock->SteadyNanos() + options_.sync_interval.count();
  }
  return {};
}

Status Committer::CheckSpace(size_t more_bytes) {
  const auto space = options_.files->Space(options_.folder);
  if (!space || space->free_bytes >= options_.free_bytes_floor + more_bytes) return {};
  return Error(Code::kFull,
               fmt::format("the disk of {} has {} MiB left and {} MiB are kept free for the spans that are here: make "
                           "room, or start with a smaller --max-disk or --retention",
                           options_.folder, space->free_bytes >> 20, options_.free_bytes_floor >> 20));
}

Status Committer::SyncLog(bool or_take_back) {
  if (!log_.unsynced()) return {};
  const int64_t begin_ns = options_.clock->SteadyNanos();
  RETURN_IF_ERROR(log_.Sync(or_take_back));
  StoreMetrics::Get().sync_seconds.Observe(static_cast<double>(options_.clock->SteadyNanos() - begin_ns) / 1e9);
  return {};
}

void Committer::Publish(Group& group, uint64_t arrival_ns) {
  // Held here, so that no view but the last one goes while batches are added.
  const std::shared_ptr<const View> view = shelf_.Get();
  uint64_t spans = 0, batches = 0;
  uint64_t sequence = log_.next_sequence() - group.size();  // the log ends with this group
  for (Pending& pending : group) {
    digests_.Insert(pending.digest, static_cast<int64_t>(arrival_ns));
    const uint64_t own_sequence = sequence++;
    if (pending.is_here) continue;
    spans += pending.batch->span_count();
    ++batches;
    view->newest().Append(std::move(pending.batch), std::move(pending.memory), arrival_ns, own_sequence);
  }
  spans_received_.fetch_add(spans, std::memory_order_relaxed);
  StoreMetrics::Get().spans_stored.Add(spans);
  StoreMetrics::Get().batches_stored.Add(batches);
}

void Committer::Refuse(Group& group, const Error& error) {
  StoreMetrics::Get().batches_refused.Add(group.size());
  if (error.code != Code::kFull) StoreMetrics::Get().wal_failures.Add();
  if (const auto swallowed = refusal_log_.Pass()) {
    LogError("spans refused", {{"code", CodeName(error.code)}, {"reason", error.message}, {"swallowed", *swallowed}});
  }
  for (Pending& pending : group) pending.done(error);
}

void Committer::Tend() {
  const int64_t now_ns = options_.clock->SteadyNanos();
  SyncIfDue();
  RotateIfDue();
  CheckLimits();
  sealer_.RetryDue();
  if (now_ns < tend_due_ns_) return;
  tend_due_ns_ = now_ns + kTendEveryNs;
  sealer_.RequestRetention();
}

void Committer::SyncIfDue() {
  if (options_.clock->SteadyNanos() < sync_due_ns_) return;
  sync_due_ns_ = INT64_MAX;
  if (Status synced = SyncLog(); !synced) {
    StoreMetrics::Get().wal_failures.Add();
    LogError("spans of the last interval may not survive a power cut", {{"reason", synced.error().message}});
  }
}

void Committer::RotateIfDue() {
  uint64_t asked = 0;
  {
    const std::lock_guard lock(mutex_);
    asked = rotations_asked_;
  }
  if (asked > rotations_done_) {
    RotateNow();
    {
      const std::lock_guard lock(mutex_);
      rotations_done_ = asked;
    }
    rotated_.notify_all();
    return;
  }
  if (sealer_.backlog() >= options_.sealing_max) return;
  const std::shared_ptr<Live> live = shelf_.Get()->lives.back();
  if (live->IsDue(options_.live, static_cast<uint64_t>(options_.clock->WallNanos()))) RotateNow();
}

void Committer::RotateNow() {
  const std::shared_ptr<Live> full = shelf_.Get()->lives.back();
  if (full->extent().rows == 0) return;
  if (options_.sync != SyncPolicy::kOff) {
    if (Status synced = SyncLog(); !synced) {
      LogError("spans of the last interval may not survive a power cut", {{"reason", synced.error().message}});
    }
  }
  if (Status begun = log_.BeginSegment(); !begun) {
    LogWarn("no new segment of the log yet", {{"reason", begun.error().message}});
  }
  full->Close(log_.next_sequence());
  replayed_.Clear();
  shelf_.PushLive(std::make_shared<Live>(log_.next_sequence()));
  const int64_t now_ns = options_.clock->SteadyNanos();
  sealer_.Seal(full, now_ns - rotated_at_ns_ < kBusyRotationNs);
  rotated_at_ns_ = now_ns;
}

// Too many live bytes mean that sealing does not keep up; too many on the disk, that retention has something to do.
void Committer::CheckLimits() {
  const std::shared_ptr<const View> view = shelf_.Get();
  size_t live_bytes = 0;
  for (const auto& live : view->lives) live_bytes += live->extent().bytes;
  over_limit_.store(live_bytes >= options_.lives_bytes_max, std::memory_order_relaxed);
  if (options_.disk_bytes_max == 0) return;
  uint64_t disk_bytes = log_.size_bytes();
  for (const auto& block : view->blocks) disk_bytes += block->info().file_bytes;
  for (const UnreadableBlock& block : view->unreadable) disk_bytes += block.file_bytes;
  const bool has_blocks = !view->blocks.empty() || !view->unreadable.empty();
  if (disk_bytes > options_.disk_bytes_max && has_blocks) sealer_.RequestRetention();
}

}  // namespace spoor
