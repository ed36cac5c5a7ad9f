#include <fmt/format.h>

#include "bench/traffic.h"

namespace spoor::bench {
namespace {
constexpr int kAttributes = 11;
constexpr int kKeys = 97;
constexpr int kValues = 1000;
constexpr int kChildren = 10;
constexpr size_t kBodySpans = 512;
}  // namespace

std::vector<Body> Tracegen(const TrafficOptions& options) {
  Random random(options.seed);
  std::vector<std::string> keys;
  for (int i = 0; i < kKeys; ++i) keys.push_back(fmt::format("attr_{:02}", i));
  // Keys are referred to by view, so they live until all bodies are encoded: until the end of this function.
  std::vector<Body> bodies;
  Request request;
  request.resource = {{"service.name", std::string("tracegen")}, {"host.name", std::string("node-1")}};
  request.scope_name = "tracegen";
  uint64_t made = 0;
  uint64_t now_ns = NowNs() - 60'000'000'000ull;
  size_t next_key = 0;
  auto attributes = [&] {
    Attributes out;
    for (int i = 0; i < kAttributes; ++i) {
      out.emplace_back(keys[next_key++ % kKeys], fmt::format("value_{:03}", random.Below(kValues)));
    }
    return out;
  };
  auto flush = [&] {
    if (request.spans.empty()) return;
    bodies.push_back(Encode(request, options.encoding));
    request.spans.clear();
  };
  while (made < options.span_count) {
    Span parent;
    parent.trace_high = random.Next();
    parent.trace_low = random.Next();
    parent.id = random.Next() | 1;
    parent.kind = 2;
    parent.name = "lets-go";
    parent.start_ns = now_ns;
    uint64_t end_ns = now_ns;
    for (int i = 0; i < kChildren; ++i) {
      Span child = parent;
      child.id = random.Next() | 1;
      child.parent = parent.id;
      child.kind = 3;
      child.name = "okey-dokey-" + std::to_string(i);
      child.start_ns = end_ns;
      end_ns += 100'000 + random.Below(200'000);
      child.end_ns = end_ns;
      child.attributes = attributes();
      request.spans.push_back(std::move(child));
    }
    parent.end_ns = end_ns;
    parent.attributes = attributes();
    request.spans.push_back(std::move(parent));
    made += kChildren + 1;
    now_ns += 50'000;
    if (request.spans.size() >= kBodySpans) flush();
  }
  flush();
  return bodies;
}

}  // namespace spoor::bench
