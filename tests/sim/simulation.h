// A store's life, made up from a seed and lived on one thread: spans arrive, blocks are sealed, questions are asked in
// the middle of both, the disk fails, the power goes. Every answer is compared with what the ledger says it must be.
//
// What makes it repeatable: the store has no threads, so that each step of its work is a call that the simulation
// makes; disk and clock are models; and whatever happens "at the same time" happens within a disk call of something
// else, at which the store holds no lock that others need.
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
  bool ignores_log_syncs = false;  // to show that a store without them would be found out
  bool tells_steps = false;        // on stderr, as they happen
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);
  ~Simulation();

  // Failures are those of the test that runs it, with the last steps that led there.
  void Run();

  // Of all that the store asked of its disk, in order: equal for equal seeds.
  uint64_t fingerprint() const { return fingerprint_; }
  std::string Counts() const;

 private:
  using Work = Store::Work;

  // What may happen at any time, also within a disk call.
  void Happen(int depth);
  void StepStore(Work work, int depth);
  void Send();
  void SendNumber(size_t number, std::shared_ptr<const SpanBatch> batch);
  void Ask();
  void AskAboutATrace();
  void AskAsChanceHasIt();

  // What happens between two steps only.
  void Restart(bool by_power_cut);
  void InjectFault();
  void ClearFaults();
  void LookAtDamage();
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
  bool is_tainted_ = false;  // the disk has failed since the last start: errors are answers, too
  std::vector<std::string> last_steps_;
  uint64_t fingerprint_ = 0;
  int restarts_ = 0, power_cuts_ = 0, questions_ = 0, faults_ = 0, damages_ = 0;
  uint64_t merged_before_ = 0;  // blocks, in the whole process
};

}  // namespace spoor
