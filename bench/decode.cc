// What decoding costs a span, beside the yardstick of the same run on the same bodies: from a body's bytes to a batch.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>

#include "base/memory_budget.h"
#include "bench/traffic.h"
#include "bench/yardstick.h"
#include "decode/jaeger_thrift.h"
#include "decode/otlp.h"

namespace spoor::bench {
namespace {

double ThreadCpuUs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

struct Decoded {
  double cpu_us_per_span = 0;
  double batch_bytes_per_span = 0;
};

// The cheapest of `rounds` runs over all bodies, as a receiver would decode them.
Decoded MeasureDecode(std::vector<Body>& bodies, Encoding encoding, int rounds) {
  MemoryBudget budget(size_t{4} << 30);
  SpanBatchBuilder builder;
  OtlpJsonDecoder json;
  Decoded best;
  for (int round = 0; round < rounds; ++round) {
    uint64_t spans = 0, bytes = 0;
    const double begin = ThreadCpuUs();
    for (Body& body : bodies) {
      MemoryReservation reservation = budget.Reserve();
      DecodeMemory memory(reservation, body.bytes.size());
      const auto decode = [&]() -> Result<DecodeReport> {
        switch (encoding) {
          case Encoding::kProtobuf: return DecodeOtlpProtobuf(body.bytes, builder, memory);
          case Encoding::kJson: return json.Decode(body.bytes, builder, memory);
          case Encoding::kThrift: return DecodeJaegerThrift(body.bytes, builder, memory);
        }
        return Invalid("no encoding");
      };
      const auto report = decode();
      if (!report) {
        fmt::print(stderr, "{}\n", report.error().message);
        std::exit(1);
      }
      const auto batch = builder.Finish();
      spans += (*batch)->span_count();
      bytes += (*batch)->bytes().size();
    }
    const double cpu_us = (ThreadCpuUs() - begin) / static_cast<double>(spans);
    if (round == 0 || cpu_us < best.cpu_us_per_span) best.cpu_us_per_span = cpu_us;
    best.batch_bytes_per_span = static_cast<double>(bytes) / static_cast<double>(spans);
  }
  return best;
}

void Report(std::string_view traffic, std::vector<Body> (*make)(const TrafficOptions&), uint64_t spans, int rounds) {
  std::vector<Body> protobuf = make({.span_count = spans});
  const Yardstick yardstick = MeasureYardstick(protobuf);
  const double y = yardstick.cpu_us_per_span;
  const auto print = [&](std::string_view name, const std::vector<Body>& bodies, const Decoded& decoded) {
    uint64_t bytes = 0, count = 0;
    for (const Body& body : bodies) bytes += body.bytes.size(), count += body.span_count;
    fmt::print("{:<10}{:<10}{:>8.3f} us/span {:>6.2f} Y {:>9.0f} B/span in {:>6.0f} B/span in the batch\n", traffic,
               name, decoded.cpu_us_per_span, decoded.cpu_us_per_span / y, double(bytes) / double(count),
               decoded.batch_bytes_per_span);
  };
  fmt::print("{:<10}{:<10}{:>8.3f} us/span\n", traffic, "yardstick", y);
  print("protobuf", protobuf, MeasureDecode(protobuf, Encoding::kProtobuf, rounds));
  std::vector<Body> json = make({.span_count = spans, .encoding = Encoding::kJson});
  print("json", json, MeasureDecode(json, Encoding::kJson, rounds));
  std::vector<Body> thrift = make({.span_count = spans, .encoding = Encoding::kThrift});
  print("thrift", thrift, MeasureDecode(thrift, Encoding::kThrift, rounds));
}

}  // namespace
}  // namespace spoor::bench

// Usage: spoor_decode_bench [spans [rounds]]
int main(int argc, char** argv) {
  const uint64_t spans = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
  spoor::bench::Report("fleet", spoor::bench::Fleet, spans, rounds);
  spoor::bench::Report("tracegen", spoor::bench::Tracegen, spans, rounds);
  return 0;
}
