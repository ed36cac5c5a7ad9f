// Sealer: turns full live blocks into block files in the background, and looks after what that leaves behind.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/worker_pool.h"
#include "block/page_cache.h"
#include "store/block_claims.h"
#include "store/damage_log.h"
#include "store/replaced_files.h"
#include "store/retention.h"
#include "store/rollups.h"
#include "store/seal_parts.h"
#include "store/service_colours.h"
#include "store/straddlers.h"
#include "store/view.h"
#include "store/wal_log.h"

namespace spoor {

// What a sealer works on. All of it outlives the sealer.
struct SealerParts {
  FileSystem& files;
  const Clock& clock;
  const std::string& blocks_folder;
  std::string set_aside_folder;
  uint32_t block_traces_max = UINT32_MAX;
  PageCache& cache;
  Shelf& shelf;
  WalLog& log;
  Straddlers& straddlers;
  Rollups& rollups;
  ServiceColours& colours;
  DamageLog& damage;
  RetentionRules retention;
  BlockClaims& claims;
  ReplacedFiles& replaced;
  bool has_threads = true;
};

// Thread-safe. One live block at a time is sealed when nothing else wants the processor; where a second one waits
// meanwhile, load is heavy, and it is sealed at ordinary priority beside the first. What fails is tried again later:
// the spans stay in memory and in the log until their block is open.
class Sealer {
 public:
  // `on_change` is called, from any thread, when a live block has gone or retention has made room; `on_tended` when
  // what sealing leaves behind was looked after.
  Sealer(SealerParts parts, uint64_t next_block_id, std::function<void()> on_change, std::function<void()> on_tended);
  ~Sealer();  // Stop()

  // `live` stands on the shelf and takes in nothing more. `urgent`: the next one will be full soon.
  void Seal(std::shared_ptr<Live> live, bool urgent);
  // A number for a block that others make.
  uint64_t TakeBlockId();
  // Of the blocks that were written since the start.
  uint64_t sealed_bytes() const { return sealed_bytes_.load(std::memory_order_relaxed); }
  // How many live blocks are not sealed yet.
  size_t backlog() const;

  // Tries again what has failed and waited long enough.
  void RetryDue();
  // When the next failed one has waited long enough, in steady time; INT64_MAX where nothing has failed.
  int64_t next_retry_ns() const;
  // Lets retention look at the blocks, in the background. Nothing where it is about to anyway.
  void RequestRetention();
  // Removes what the log holds of blocks that are open.
  void RemoveSealedLog();

  // Returns when nothing is left to do, or with the error of the first attempt that fails from now on. What waits for
  // its next attempt is tried at once.
  Status WaitUntilIdle();

  // Without threads: runs what waits with that priority next. False where nothing does.
  bool Step(bool urgent);

  // Finishes what is under way and leaves the rest, which the log keeps.
  void Stop();

 private:
  enum class State : uint8_t { kReady, kRunning, kResting };  // resting: it failed and is tried again later
  struct Job {
    std::shared_ptr<Live> live;
    uint64_t block_id = 0;
    State state = State::kReady;
    int failures = 0;
    int64_t retry_at_ns = 0;  // of kResting, in steady time
  };
  using Jobs = std::list<Job>;

  void Submit(bool urgent);
  // Wakes jobs that rest until `now_ns` at most.
  void Wake(int64_t now_ns);
  // The oldest ready job, marked as running; null where there is none.
  Job* Take();
  void RunOne();
  Status Run(const Job& job);
  Result<std::vector<SealedPart>> Seal(const Job& job);
  void Finish(Job* job, const Status& status);
  // Whether the caller is to call Tend, as nobody else is at it.
  bool BeginTending();
  // Looks after what sealing leaves behind: straddlers, rollups, colours, retention.
  void Tend();
  void ApplyRetention();
  // Those of `expired` that nobody else is at. They are claimed.
  std::vector<ExpiredBlock> Claim(std::vector<ExpiredBlock> expired);
  void Remove(std::span<const ExpiredBlock> expired);

  const SealerParts parts_;
  const std::function<void()> on_change_;
  const std::function<void()> on_tended_;
  std::mutex log_mutex_;  // one removal at a time
  std::atomic<uint64_t> sealed_bytes_{0};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Jobs jobs_;  // oldest first
  uint64_t next_block_id_;
  bool tending_ = false;     // is running
  bool tend_again_ = false;  // was asked for
  bool stopping_ = false;
  uint64_t failures_ = 0;
  Error last_error_{Code::kInternal, ""};

  WorkerPool idle_;
  WorkerPool urgent_;
};

}  // namespace spoor
