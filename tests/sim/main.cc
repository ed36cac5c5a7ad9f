// Runs simulations: one test a seed. See ./dev sim.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
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

class SimulatedLife : public ::testing::Test {
 public:
  SimulatedLife(const SimulationOptions& options, bool twice) : options_(options), twice_(twice) {}
  void TestBody() override {
    Simulation simulation(options_);
    simulation.Run();
    RecordProperty("counts", simulation.Counts());
    if (options_.tells_steps) {
      std::printf("%s\nfingerprint %016lx\n", simulation.Counts().c_str(), simulation.fingerprint());
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
  if (word == "--without-log-syncs") return wanted.options.ignores_log_syncs = true;
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
                 "[--twice] [--without-log-syncs] [--tell]\n",
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
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace spoor

int main(int argc, char** argv) { return spoor::Main(argc, argv); }
