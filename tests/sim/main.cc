// Runs simulations: one test a seed. See ./dev sim.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "simulation.h"

namespace spoor {
namespace {

struct Wanted {
  SimulationOptions options;
  uint64_t runs = 1;
  bool twice = false;  // and the second time like the first
};

std::string Tell(const SimulationTally& tally) {
  return fmt::format(
      "{} steps, {} events; {} power cuts, {} restarts, {} faults, {} flips; {} batches acknowledged, {} expired; {} "
      "blocks merged into {}; {} questions, {} of them meanwhile",
      tally.steps, tally.events, tally.power_cuts, tally.restarts, tally.faults, tally.flips, tally.acknowledged,
      tally.expired, tally.merged, tally.merges, tally.questions, tally.questions_meanwhile);
}

// Of all lives.
class Summary {
 public:
  void Add(const SimulationTally& one) {
    ++lives_;
    steps_min_ = std::min(steps_min_, one.steps);
    power_cuts_min_ = std::min(power_cuts_min_, one.power_cuts);
    sum_.steps += one.steps;
    sum_.events += one.events;
    sum_.power_cuts += one.power_cuts;
    sum_.restarts += one.restarts;
    sum_.faults += one.faults;
    sum_.flips += one.flips;
    sum_.questions += one.questions;
    sum_.questions_meanwhile += one.questions_meanwhile;
    sum_.acknowledged += one.acknowledged;
    sum_.expired += one.expired;
    sum_.merges += one.merges;
    sum_.merged += one.merged;
  }
  void Print() const {
    if (lives_ == 0) return;
    std::printf("%d lives, each of at least %d steps and %d power cuts; in all %s\n", lives_, steps_min_,
                power_cuts_min_, Tell(sum_).c_str());
  }

 private:
  int lives_ = 0, steps_min_ = INT_MAX, power_cuts_min_ = INT_MAX;
  SimulationTally sum_;
};

Summary& AllLives() {
  static Summary summary;
  return summary;
}

class SimulatedLife : public ::testing::Test {
 public:
  SimulatedLife(const SimulationOptions& options, bool twice) : options_(options), twice_(twice) {}
  void TestBody() override {
    Simulation simulation(options_);
    simulation.Run();
    const SimulationTally tally = simulation.tally();
    AllLives().Add(tally);
    if (options_.tells_steps) {
      std::printf("%s\nfingerprint %016lx\n", Tell(tally).c_str(), simulation.fingerprint());
    }
    if (!twice_) return;
    Simulation again(options_);
    again.Run();
    EXPECT_EQ(again.fingerprint(), simulation.fingerprint());
  }

 private:
  const SimulationOptions options_;
  const bool twice_;
};

bool ReadNumber(std::string_view text, uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool ReadWord(std::string_view word, Wanted& wanted) {
  uint64_t number = 0;
  const size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
  if (word == "--faults=disk" || word == "--faults=crashes") {
    wanted.options.faults = value == "disk" ? SimulatedFaults::kDisk : SimulatedFaults::kCrashes;
    return true;
  }
  if (word == "--twice") return wanted.twice = true;
  if (word == "--tell") return wanted.options.tells_steps = true;
  if (name == "--without-syncs" && !value.empty()) {
    wanted.options.ignored_syncs = value;
    return true;
  }
  if (!ReadNumber(value, number)) return false;
  if (name == "--seed") wanted.options.seed = number;
  if (name == "--runs") wanted.runs = number;
  if (name == "--steps") wanted.options.steps = static_cast<int>(number);
  return name == "--seed" || name == "--runs" || name == "--steps";
}

int Main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    if (ReadWord(argv[i], wanted)) continue;
    std::fprintf(stderr,
                 "store_sim: %s: not understood; [--seed=N] [--runs=N] [--steps=N] [--faults=crashes|disk] "
                 "[--twice] [--without-syncs=PATH_PART] [--tell]\n",
                 argv[i]);
    return 2;
  }
  const bool has_disk_faults = wanted.options.faults == SimulatedFaults::kDisk;
  for (uint64_t run = 0; run < wanted.runs; ++run) {
    SimulationOptions options = wanted.options;
    options.seed += run;
    ::testing::RegisterTest(has_disk_faults ? "DiskFaults" : "Crashes", fmt::format("Seed{}", options.seed).c_str(),
                            nullptr, nullptr, __FILE__, __LINE__,
                            [options, twice = wanted.twice] { return new SimulatedLife(options, twice); });
  }
  const int result = RUN_ALL_TESTS();
  AllLives().Print();
  return result;
}

}  // namespace
}  // namespace spoor

int main(int argc, char** argv) { return spoor::Main(argc, argv); }
