// Traffic for benchmarks: request bodies, made before any clock starts, from a printed seed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace spoor::bench {

using Value = std::variant<std::string, int64_t, double, bool>;
using Attributes = std::vector<std::pair<std::string_view, Value>>;

struct Event {
  uint64_t time_ns = 0;
  std::string_view name;
  Attributes attributes;
};

struct Span {
  uint64_t trace_high = 0, trace_low = 0, id = 0, parent = 0;
  std::string name;
  int kind = 1;
  uint64_t start_ns = 0, end_ns = 0;
  Attributes attributes;
  std::vector<Event> events;
  int status = 0;
  std::string status_message;
};

// The spans of one request: one resource, one scope.
struct Request {
  Attributes resource;
  std::string_view scope_name, scope_version;
  std::vector<Span> spans;
};

struct Body {
  std::string bytes;
  uint32_t span_count = 0;
};

enum class Encoding { kProtobuf, kJson, kThrift };  // OTLP's two, and Jaeger's
Body Encode(const Request& request, Encoding encoding);
std::string EncodeThrift(const Request& request);

struct TrafficOptions {
  uint64_t seed = 1;
  uint64_t span_count = 0;  // at least so many
  Encoding encoding = Encoding::kProtobuf;
  std::string replay_folder;
  uint64_t start_ns = 0;  // of the first trace of a fleet; 0: two minutes ago
};

// 12 services of 4 pods; semantic conventions of HTTP, RPC and SQL spans, URLs, user ids, exceptions; bodies of 512
// spans of one pod. Traces of 1 to about 60 spans. `last_start_ns`: when the last trace starts.
std::vector<Body> Fleet(const TrafficOptions& options, uint64_t& last_start_ns);
std::vector<Body> Fleet(const TrafficOptions& options);

// As Jaeger's tracegen: one parent and its children, 11 attributes drawn from 97 keys and 1,000 values.
std::vector<Body> Tracegen(const TrafficOptions& options);

// Any folder of OTLP protobuf bodies, repeated until there are enough spans, each time with fresh trace and span ids,
// times shifted to now, and long digits and hex runs in string values changed.
std::vector<Body> Replay(const TrafficOptions& options);

// xoshiro256++ (Blackman, Vigna): fast, and the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15ull;
      uint64_t z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ull;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
      word = z ^ (z >> 31);
    }
  }
  uint64_t Next() {
    auto rotate = [](uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }
  uint64_t Below(uint64_t n) { return Next() % n; }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  bool Chance(double p) { return Unit() < p; }

 private:
  uint64_t state_[4];
};

uint64_t NowNs();

}  // namespace spoor::bench
