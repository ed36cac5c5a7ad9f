#include "bench/large_trace.h"

#include <fmt/format.h>

namespace spoor::bench {
namespace {

constexpr uint32_t kServices = 20;
constexpr uint32_t kChildren = 8;  // of a span
constexpr uint64_t kLengthNs = 2'000'000'000;

}  // namespace

std::vector<Body> LargeTrace(uint64_t trace_low, uint32_t span_count, uint64_t start_ns) {
  std::vector<Request> requests(kServices);
  for (uint32_t i = 0; i < kServices; ++i) {
    requests[i].resource = {{"service.name", fmt::format("large-{}", i)}};
    requests[i].scope_name = "bench";
  }
  // Children share their parent's time, one after the other.
  std::vector<std::pair<uint64_t, uint64_t>> times(span_count, {start_ns, kLengthNs});
  for (uint32_t i = 0; i < span_count; ++i) {
    Span span{.trace_low = trace_low, .id = i + 1, .name = fmt::format("step {}", i % 40)};
    if (i > 0) {
      const uint32_t parent = (i - 1) / kChildren;
      const uint64_t share_ns = times[parent].second / (kChildren + 1);
      times[i] = {times[parent].first + (i - 1) % kChildren * share_ns, share_ns};
      span.parent = parent + 1;
    }
    span.start_ns = times[i].first;
    span.end_ns = times[i].first + times[i].second;
    span.attributes = {{"step", static_cast<int64_t>(i)}};
    requests[i % kServices].spans.push_back(std::move(span));
  }
  std::vector<Body> bodies;
  for (const Request& request : requests) bodies.push_back(Encode(request, Encoding::kProtobuf));
  return bodies;
}

}  // namespace spoor::bench
