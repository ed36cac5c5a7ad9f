// Committer: the one thread through which everything is taken in. What arrives while it makes a group of batches
// durable forms the next group, so that the price of a sync is shared by all who wait for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/log.h"
#include "base/memory_budget.h"
#include "model/span_batch.h"
#include "model/span_sink.h"
#include "store/retry_digests.h"
#include "store/sealer.h"
#include "store/store_options.h"
#include "store/view.h"
#include "store/wal_log.h"

namespace spoor {

// Order of a group: append to the log, sync, publish to the live block, answer. Thread-safe.
class Committer {
 public:
  // All references outlive it. `replayed`: of what the youngest live block has from the log.
  Committer(const StoreOptions& options, WalLog& log, Shelf& shelf, Sealer& sealer, RetryDigests replayed);
  ~Committer();  // Stop()

  // Begins to work in a thread, or not at all where the store has none.
  void Start();
  // Without a thread: what it would do next. False where it would wait.
  bool Step();

  // As SpanSink::Append.
  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, SpanSink::Done done);

  // Begins a new live block and gives what is live so far to the sealer, however many wait there; returns when that is
  // done. kCancelled where it is stopping.
  Status Rotate();
  // The same without waiting.
  void AskToRotate();

  // Something that it waits for may have changed.
  void Wake();

  // Takes nothing new, answers what is queued, makes everything durable whatever the policy says, and ends.
  void Stop();

  // Rows taken in since the start.
  uint64_t spans_received() const { return spans_received_.load(std::memory_order_relaxed); }

 private:
  struct Pending {
    std::shared_ptr<const SpanBatch> batch;
    MemoryReservation memory;
    SpanSink::Done done;
    BatchDigest digest;
    bool is_here = false;  // its spans are in the store, but nobody knows whether they are on the disk
  };
  using Group = std::vector<Pending>;

  void Run();
  // Waits until there is something to do. False where it is to end.
  bool WaitForWork(Group& group);
  // Moves what one write may take along from the queue. Under mutex_.
  void TakeGroup(Group& group);
  void Work(Group& group);
  int64_t NextDueNs() const;

  void Commit(Group& group);
  // Takes exact retries out of the group. Those of batches that are durable are answered; those of batches of this very
  // group are moved to followers_ and get their answer. Those of what the log held at the start stay in it: the page
  // cache may have shown bytes to recovery that a failed sync has lost, and so they are logged again, but not stored.
  // That is as good as the first one only while both are of one live block, and so of one block in the end.
  void AnswerRetries(Group& group);
  Status MakeDurable(const Group& group, uint64_t arrival_ns);
  Status CheckSpace(size_t more_bytes);
  // As WalLog::Sync.
  Status SyncLog(bool or_take_back = false);
  void Publish(Group& group, uint64_t arrival_ns);
  void Refuse(Group& group, const Error& error);

  // What is done beside groups: the sync that time demands, rotation, retention.
  void Tend();
  void SyncIfDue();
  void RotateIfDue();
  void RotateNow();
  void CheckLimits();

  const StoreOptions options_;
  WalLog& log_;
  Shelf& shelf_;
  Sealer& sealer_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable rotated_;
  Group queue_;
  bool woken_ = false;
  bool stopping_ = false;
  uint64_t rotations_asked_ = 0;
  uint64_t rotations_done_ = 0;
  bool ended_ = false;  // without a thread
  std::thread thread_;

  std::atomic<bool> over_limit_{false};
  std::atomic<uint64_t> spans_received_{0};

  // Of the thread only.
  RetryDigests digests_;   // of what is durable
  RetryDigests replayed_;  // of what the youngest live block held at the start
  boost::unordered_flat_set<BatchDigest, BatchDigestHash> group_digests_;
  Group followers_;
  std::vector<WalLog::Body> bodies_;
  int64_t sync_due_ns_ = INT64_MAX;              // steady
  int64_t tend_due_ns_ = 0;                      // steady
  int64_t rotated_at_ns_ = -(int64_t{1} << 60);  // steady: never
  LogLimit refusal_log_;
};

}  // namespace spoor
