// A store's life, made up from a seed and lived on one thread: spans arrive, blocks are sealed, merged and removed,
// questions are asked in the middle of all of it, the disk fails, the power goes. Every answer is compared with what
// the ledger says it must be.
//
// What makes it repeatable: the store has no threads, so that each step of its work is a call that the simulation
// makes; disk and clock are models; and whatever happens "at the same time" happens within a disk call of something
// else. That is possible, and stays so, as the store holds no lock during a disk call that others need.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/fault_file_system.h"
#include "base/log.h"
#include "ledger.h"
#include "plan/random_spans.h"
#include "store/store.h"

namespace spoor {

enum class SimulatedFaults : uint8_t {
  kCrashes,  // power cuts, at any disk call, and killed processes
  kDisk,     // the same, and I/O errors, full disks, flipped bits
};

struct SimulationOptions {
  uint64_t seed = 1;
  SimulatedFaults faults = SimulatedFaults::kCrashes;
  int steps = 500;
  int crashes = 3;                 // at least
  std::string ignored_syncs = {};  // of files whose path holds this: a store without them would be found out
  bool tells_steps = false;        // on stderr, as they happen
};

// What happened in a life.
struct SimulationTally {
  int steps = 0;  // between two of which nothing is going on; `events` counts what happened within, too
  int events = 0;
  int power_cuts = 0, restarts = 0, faults = 0, flips = 0;
  int questions = 0, questions_meanwhile = 0;  // the latter while blocks are written, merged or removed
  size_t acknowledged = 0, expired = 0;        // batches
  uint64_t merges = 0, merged = 0;             // blocks that were made, and of how many
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);
  ~Simulation();

  // Failures are those of the test that runs it, with the last steps that led there.
  void Run();

  // Of all that the store asked of its disk, in order: equal for equal seeds.
  uint64_t fingerprint() const { return fingerprint_; }
  SimulationTally tally() const;

 private:
  using Work = Store::Work;

  // What may happen at any time, also within a disk call.
  void Happen(int depth);
  // What may happen while a question is being answered: nothing that changes the answer.
  void HappenBehindAQuestion(int depth);
  void StepStore(Work work, int depth);
  void PassTime();
  void Send();
  void SendNumber(size_t number, std::shared_ptr<const SpanBatch> batch);
  void Ask(int depth);
  void AskAboutATrace();
  void AskAsChanceHasIt();
  void AskForCounts();

  // What happens between two steps only.
  void Restart(bool by_power_cut);
  void InjectFault();
  void FillDisk();
  void ClearFaults();
  void LookAtDamage();
  void CheckSpans(Store& store);
  void Compare();
  void ExpireEverything();
  void LetHoursGoBy();
  void FinishWork();

  void Open();
  bool IsOver() const;
  bool MayFail() const;
  void Note(std::string step);
  void OnDiskCall(DiskCall call, const std::string& path);
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  std::shared_ptr<const SpanBatch> MakeBatch(Ledger::Sent& sent);

  const SimulationOptions options_;
  Random random_;
  LogCapture log_;
  ManualClock clock_;
  MemoryBudget budget_{size_t{256} << 20};
  std::unique_ptr<FaultFileSystem> files_ = std::make_unique<FaultFileSystem>();
  StoreOptions store_options_;
  std::unique_ptr<Store> store_;
  Ledger ledger_;
  std::vector<Filter> filters_;

  std::vector<bool> busy_;  // by Work: it is at it, further up the stack
  int depth_ = 0;
  bool is_nesting_ = false;  // disk calls may let other things happen
  int events_left_ = 0;      // so many of them
  bool is_asking_ = false;   // further up the stack
  bool is_tainted_ = false;  // the disk has failed since the last start: errors are answers, too
  bool hours_went_by_on_bad_disk_ = false;
  // On a disk that fails for hours, retention takes blocks before all that they share traces with is counted.
  bool counts_are_exact_ = true;
  std::vector<std::string> last_steps_;
  uint64_t fingerprint_ = 0;
  SimulationTally tally_;
  uint64_t merges_before_ = 0, merged_before_ = 0;  // of blocks, in the whole process
};

}  // namespace spoor
