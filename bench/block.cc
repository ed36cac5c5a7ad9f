// What a block costs a span, in time and in bytes, beside the yardstick of the same run on the same bodies: from
// batches to a file, and back.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>

#include "base/memory_budget.h"
#include "bench/traffic.h"
#include "bench/yardstick.h"
#include "block/block.h"
#include "block/block_writer.h"
#include "decode/otlp.h"
#include "model/rollup_builder.h"

namespace spoor::bench {
namespace {

using Batches = std::vector<std::shared_ptr<const SpanBatch>>;

double ThreadCpuUs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

// Ends the program where something fails: there is nothing to measure then.
template <class T>
T Take(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  return std::move(*result);
}

Batches Decode(std::vector<Body>& bodies) {
  MemoryBudget budget(size_t{4} << 30);
  SpanBatchBuilder builder;
  Batches batches;
  for (Body& body : bodies) {
    MemoryReservation reservation = budget.Reserve();
    DecodeMemory memory(reservation, body.bytes.size());
    Take(DecodeOtlpProtobuf(body.bytes, builder, memory));
    batches.push_back(Take(builder.Finish()));
  }
  return batches;
}

// The cheapest of `rounds` calls, in microseconds of this thread's processor.
template <class Call>
double Cheapest(int rounds, Call call) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const double begin = ThreadCpuUs();
    call();
    const double cost = ThreadCpuUs() - begin;
    if (round == 0 || cost < best) best = cost;
  }
  return best;
}

void Report(std::string_view traffic, std::vector<Body> (*make)(const TrafficOptions&), const std::string& folder,
            uint64_t id, uint64_t spans, int rounds, bool only_write) {
  std::vector<Body> bodies = make({.span_count = spans});
  const Yardstick yardstick = MeasureYardstick(bodies);
  const double y = yardstick.cpu_us_per_span;
  const Batches batches = Decode(bodies);
  FileSystem& files = PosixFileSystem();
  BlockInfo info;
  const double write_us = Cheapest(rounds, [&] {
    RollupBuilder rollup;  // as sealing does
    info = Take(WriteBlock(files, folder, {.id = id, .batches = batches, .rollup = &rollup}));
  });
  const double n = info.span_count;
  fmt::print("{:<10}{:>9} spans {:>6} traces  Y {:.3f} us/span  S {:.1f} B/span\n", traffic, info.span_count,
             info.trace_count, y, yardstick.bytes_per_span);
  fmt::print("  write      {:>8.3f} us/span {:>6.2f} Y {:>7.2f} B/span {:>6.3f} S\n", write_us / n, write_us / n / y,
             static_cast<double>(info.file_bytes) / n,
             static_cast<double>(info.file_bytes) / n / yardstick.bytes_per_span);

  if (only_write) return;
  const std::string path = fmt::format("{}/{:020}.block", folder, id);
  // A cache that holds nothing, so that every read is one from the file.
  PageCache none(0);
  const auto block = Take(Block::Open(files, path, none));
  const double open_us = Cheapest(rounds, [&] { Take(Block::Open(files, path, none)); });
  const double rows_us = Cheapest(rounds, [&] { Take(block->ReadRows(0, info.span_count)); });
  const double page_us = Cheapest(rounds, [&] {
    for (uint32_t page = 0; page < block->page_count(); ++page) {
      auto columns = Take(block->Page(page));
      Take(columns->Get(Code32::kServiceName));
      Take(columns->Get(Fixed64::kStartNs));
      Take(columns->Get(Fixed64::kEndNs));
    }
  });
  PageCache cache(size_t{256} << 20);
  const auto warm = Take(Block::Open(files, path, cache));
  const TraceColumns traces = Take(warm->Traces());
  const uint32_t step = std::max<uint32_t>(1, info.trace_count / 200);
  uint32_t found = 0;
  const double trace_us = Cheapest(rounds, [&] {
    found = 0;
    for (uint32_t t = 0; t < info.trace_count; t += step, ++found) {
      const auto at = Take(warm->FindTrace({traces.id_high[t], traces.id_low[t]}));
      Take(warm->ReadRows(traces.row_begin[*at], traces.row_begin[*at + 1]));
    }
  });
  fmt::print("  open       {:>8.0f} us, cold\n", open_us);
  fmt::print("  all rows   {:>8.3f} us/span, cold\n", rows_us / n);
  fmt::print("  3 columns  {:>8.3f} us/span, cold\n", page_us / n);
  fmt::print("  trace      {:>8.0f} us by id, tables cached\n", trace_us / found);
}

}  // namespace
}  // namespace spoor::bench

// Usage: spoor_block_bench FOLDER [spans [rounds [write]]]; `write`: do not read back
int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const uint64_t spans = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 250'000;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  const bool only_write = argc > 4;
  spoor::bench::Report("fleet", spoor::bench::Fleet, argv[1], 1, spans, rounds, only_write);
  spoor::bench::Report("tracegen", spoor::bench::Tracegen, argv[1], 2, spans, rounds, only_write);
  return 0;
}
