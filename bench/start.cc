#include "bench/start.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/memory_budget.h"
#include "bench/server.h"
#include "bench/traffic.h"
#include "decode/otlp.h"
#include "store/store.h"

namespace spoor::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kIdle = std::chrono::seconds(5);

// Ends the program where something fails: there is nothing to measure then.
template <class T>
T Take(Result<T> result) {
  if (!result) Die(result.error().message);
  return std::move(*result);
}

// Takes all bodies into the store of `folder`, none of whose live blocks is ever full, and ends as by kill -9.
[[noreturn]] void FillLogAndDie(const std::string& folder, const std::vector<Body>& bodies) {
  MemoryBudget budget(size_t{8} << 30);
  StoreOptions options;
  options.files = &PosixFileSystem();
  options.clock = &SystemClock();
  options.budget = &budget;
  options.folder = folder + "/tenants/default";
  options.sync = SyncPolicy::kOff;
  options.live = {.bytes = SIZE_MAX, .rows = UINT32_MAX, .shapes = UINT32_MAX};
  options.lives_bytes_max = SIZE_MAX;
  const std::unique_ptr<Store> store = Take(Store::Open(options));
  SpanBatchBuilder builder;
  for (const Body& body : bodies) {
    MemoryReservation reservation = budget.Reserve();
    DecodeMemory memory(reservation, body.bytes.size());
    Take(DecodeOtlpProtobuf(body.bytes, builder, memory));
    std::atomic<bool> answered{false};
    store->Append(Take(builder.Finish()), budget.Reserve(), [&](Status status) {
      if (!status) Die(status.error().message);
      answered = true;
      answered.notify_one();
    });
    answered.wait(false);
  }
  _exit(0);
}

// Lets another process do that, so that this one stays small.
void FillLog(const std::string& folder, const std::vector<Body>& bodies) {
  const pid_t child = fork();
  if (child == 0) FillLogAndDie(folder, bodies);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) Die("the log could not be filled");
}

}  // namespace

std::vector<StartResult> MeasureStart(const StartOptions& options) {
  StartResult memory{"idle server, memory", "MB", {}}, cpu{"idle server, processor", "%", {}};
  StartResult open{fmt::format("open after kill -9 with {} spans in the log", options.spans), "s", {}};
  const std::vector<Body> bodies = Fleet({.seed = options.seed, .span_count = options.spans});
  for (int run = 0; run < options.runs; ++run) {
    {
      const Server server(options.binary, options.data_parent, options.server_flags);
      server.WaitUntilIdle();
      const double before = server.CpuSeconds();
      const auto begin = Clock::now();
      std::this_thread::sleep_for(kIdle);
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      cpu.figures.push_back((server.CpuSeconds() - before) / seconds * 100);
      memory.figures.push_back(static_cast<double>(server.RssBytes()) / 1e6);
    }
    const Server again(options.binary, options.data_parent, options.server_flags,
                       [&](const std::string& folder) { FillLog(folder, bodies); });
    open.figures.push_back(again.start_seconds());
  }
  return {memory, cpu, open};
}

std::string StartTable(const std::vector<StartResult>& results) {
  std::string out = "| what | measured |\n|---|---|\n";
  for (const StartResult& result : results) {
    std::vector<double> sorted = result.figures;
    std::sort(sorted.begin(), sorted.end());
    out += fmt::format("| {} | {:.2f} {} ({:.2f} to {:.2f}) |\n", result.what, sorted[sorted.size() / 2], result.unit,
                       sorted.front(), sorted.back());
  }
  return out;
}

}  // namespace spoor::bench
