// A test of size, not of speed: bytes per span of sealed blocks on both kinds of traffic, from a fixed seed, must stay
// within 1% of what is written here. A change for the better changes these numbers; one for the worse says why.
#include <cmath>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "base/fault_file_system.h"
#include "base/memory_budget.h"
#include "bench/traffic.h"
#include "block/block_writer.h"
#include "decode/otlp.h"

namespace spoor::bench {
namespace {

constexpr uint64_t kSpans = 100'000;
constexpr double kTolerance = 0.01;

// Ends the program where something fails: there is no size then.
template <class T>
T Take(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}

double BytesPerSpan(const std::vector<Body>& bodies) {
  MemoryBudget budget(size_t{1} << 30);
  SpanBatchBuilder builder;
  std::vector<std::shared_ptr<const SpanBatch>> batches;
  for (const Body& body : bodies) {
    MemoryReservation reservation = budget.Reserve();
    DecodeMemory memory(reservation, body.bytes.size());
    Take(DecodeOtlpProtobuf(body.bytes, builder, memory));
    batches.push_back(Take(builder.Finish()));
  }
  FaultFileSystem files;
  if (!files.CreateFolder("/blocks")) std::exit(1);
  const BlockInfo info = Take(WriteBlock(files, "/blocks", {.id = 1, .batches = batches}));
  return static_cast<double>(info.file_bytes) / info.span_count;
}

bool Holds(std::string_view traffic, const std::vector<Body>& bodies, double expected) {
  const double found = BytesPerSpan(bodies);
  const bool holds = std::abs(found - expected) <= expected * kTolerance;
  fmt::print("{}: {:.2f} bytes per span, expected {:.2f}: {}\n", traffic, found, expected, holds ? "holds" : "CHANGED");
  return holds;
}

}  // namespace
}  // namespace spoor::bench

int main() {
  using spoor::bench::Holds;
  const bool fleet = Holds("fleet", spoor::bench::Fleet({.span_count = spoor::bench::kSpans}), 27.55);
  const bool tracegen = Holds("tracegen", spoor::bench::Tracegen({.span_count = spoor::bench::kSpans}), 26.46);
  return fleet && tracegen ? 0 : 1;
}
