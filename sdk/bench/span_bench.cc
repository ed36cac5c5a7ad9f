// What a span costs in the program that is traced, as CPU time and as a multiple of the floor: two readings of the
// steady clock and 16 random bytes, which no span can do without.
//
//   sdk_bench [--write FILE] [--benchmark_…]
//
// Each is run several times, in turns, and the least counts: what disturbs a run only ever adds to it. With --write the
// table also replaces what stands between the marks <!-- sdk --> and <!-- /sdk --> of that file.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "api/tracer_provider.h"
#include "trace/thread_block.h"

namespace spoor::trace {
namespace {

// Takes everything at once: what is measured is the traced program, not a network.
class Discard final : public SpanExporter {
 public:
  ExportResult Export(ListView<FinishedSpan>, std::chrono::milliseconds) noexcept override {
    return ExportResult::kSuccess;
  }
};

TracerProvider& Provider() {
  static TracerProvider provider(
      {Resource(), nullptr, {BatchProcessor::Make(std::make_unique<Discard>())}, {}, nullptr});
  return provider;
}

TracerProvider& Unsampled() {
  static TracerProvider provider(
      {Resource(), AlwaysOffSampler(), {BatchProcessor::Make(std::make_unique<Discard>())}, {}, nullptr});
  return provider;
}

void Floor(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(std::chrono::steady_clock::now());
    benchmark::DoNotOptimize(ThreadRandom().Next());
    benchmark::DoNotOptimize(ThreadRandom().Next());
    benchmark::DoNotOptimize(std::chrono::steady_clock::now());
  }
}
BENCHMARK(Floor);

void StartAndEnd(benchmark::State& state) {
  const Tracer tracer = Provider().GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("operation");
    span.End();
  }
}
BENCHMARK(StartAndEnd);
BENCHMARK(StartAndEnd)->Threads(8);

void StartAndEndInScope(benchmark::State& state) {
  const Tracer tracer = Provider().GetTracer("bench");
  for (auto _ : state) {
    ActiveSpan span(tracer, "operation");
    benchmark::DoNotOptimize(&span);
  }
}
BENCHMARK(StartAndEndInScope);

void FiveAttributes(benchmark::State& state) {
  const Tracer tracer = Provider().GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("operation");
    span.SetAttribute("http.request.method", "GET");
    span.SetAttribute("http.route", "/api/users/{id}");
    span.SetAttribute("http.response.status_code", 200);
    span.SetAttribute("url.path", "/api/users/17");
    span.SetAttribute("server.port", 8080);
    span.End();
  }
}
BENCHMARK(FiveAttributes);

void NotSampled(benchmark::State& state) {
  const Tracer tracer = Unsampled().GetTracer("bench");
  for (auto _ : state) {
    Span span = tracer.StartSpan("operation");
    span.End();
  }
}
BENCHMARK(NotSampled);

void Disabled(benchmark::State& state) {
  const Tracer tracer;
  for (auto _ : state) {
    Span span = tracer.StartSpan("operation");
    span.End();
  }
}
BENCHMARK(Disabled);

// The whole process's CPU time, and with it the exporting thread's.
void StartAndEndWithExport(benchmark::State& state) { StartAndEnd(state); }
BENCHMARK(StartAndEndWithExport)->MeasureProcessCPUTime();

// The least CPU time of each benchmark.
class LeastOf final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const double ns = run.GetAdjustedCPUTime();
      auto same = Find(run.run_name.str());
      if (same == rows_.end()) same = rows_.insert(same, {run.run_name.str(), ns});
      same->ns = std::min(same->ns, ns);
    }
  }

  std::string Table() {
    const auto floor = Find("Floor");
    std::string table = "| | CPU ns | x floor |\n|---|---|---|\n";
    for (const auto& [name, words] : kWords) {
      const auto row = Find(name);
      if (row == rows_.end()) continue;
      char line[200];
      std::snprintf(line, sizeof(line), "| %s | %.1f | %.2f |\n", words, row->ns,
                    floor == rows_.end() ? 0 : row->ns / floor->ns);
      table += line;
    }
    return table;
  }

 private:
  struct Row {
    std::string name;
    double ns;
  };
  static constexpr std::pair<std::string_view, const char*> kWords[] = {
      {"Floor", "the floor"},
      {"StartAndEnd", "StartSpan and End"},
      {"StartAndEnd/threads:8", "the same by eight threads at once, each"},
      {"StartAndEndWithExport/process_time", "StartSpan and End, with the exporting thread's share"},
      {"StartAndEndInScope", "current while it lasts (ActiveSpan)"},
      {"FiveAttributes", "with five attributes"},
      {"NotSampled", "not sampled"},
      {"Disabled", "without a provider"},
  };
  std::vector<Row>::iterator Find(std::string_view name) {
    return std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.name == name; });
  }
  std::vector<Row> rows_;
};

// The day, and the machine.
std::string Circumstances() {
  std::string model = "an unknown processor";
  std::ifstream processors("/proc/cpuinfo");
  for (std::string line; std::getline(processors, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    model = line.substr(std::min(line.find(": ") + 2, line.size()));
    break;
  }
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char day[16];
  std::strftime(day, sizeof(day), "%Y-%m-%d", &utc);
  return std::string(day) + ", " + std::to_string(std::thread::hardware_concurrency()) + " x " + model +
         ", `./dev bench sdk`\n\n";
}

// Puts `table` between the marks of a file. False where it has none.
bool Write(const std::string& path, const std::string& table) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  std::string text = content.str();
  constexpr std::string_view kBegin = "<!-- sdk -->\n", kEnd = "<!-- /sdk -->";
  const size_t begin = text.find(kBegin), end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos) return false;
  text.replace(begin + kBegin.size(), end - begin - kBegin.size(), table);
  std::ofstream(path) << text;
  return true;
}

}  // namespace
}  // namespace spoor::trace

int main(int argc, char** argv) {
  std::string file;
  std::vector<char*> arguments;
  for (int i = 0; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--write" && i + 1 < argc) {
      file = argv[++i];
    } else {
      arguments.push_back(argv[i]);
    }
  }
  // Before what was given, which then wins.
  static char repetitions[] = "--benchmark_repetitions=15", turns[] = "--benchmark_enable_random_interleaving=true",
              time[] = "--benchmark_min_time=0.1";
  arguments.insert(arguments.begin() + 1, {repetitions, turns, time});
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  spoor::trace::LeastOf least;
  benchmark::RunSpecifiedBenchmarks(&least);
  const std::string table = least.Table();
  std::fputs(table.c_str(), stdout);
  if (file.empty() || spoor::trace::Write(file, spoor::trace::Circumstances() + table)) return 0;
  std::fprintf(stderr, "%s has no marks <!-- sdk --> and <!-- /sdk -->\n", file.c_str());
  return 1;
}
