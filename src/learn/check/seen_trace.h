// What the check sees of a trace: as much of each span as it takes to tell who did it, for whom, and when.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::learn {

// OTLP's numbers (opentelemetry-proto, trace.proto).
enum class SpanKind : uint8_t { kUnspecified, kInternal, kServer, kClient, kProducer, kConsumer };

struct SeenSpan {
  std::string trace_id;   // 32 lower-case hex digits
  std::string span_id;    // 16
  std::string parent_id;  // 16, or none
  std::string service;    // service.name
  std::string path;       // of the request that it handles or sends, where it says so: "/api/users"
  SpanKind kind = SpanKind::kUnspecified;
  int64_t start_ns = 0;  // since 1970
};
using SeenSpans = std::vector<SeenSpan>;

// The way from a span to its first ancestor that is here.
struct Ancestry {
  std::vector<const SeenSpan*> spans;  // the span itself first
  std::string above;                   // the parent of the last one, which is not here; none for a root and for a cycle
};

// The spans of one trace. Immutable, thread-safe.
class SeenTrace {
 public:
  SeenTrace() = default;
  explicit SeenTrace(SeenSpans spans);

  const SeenSpans& spans() const { return spans_; }
  bool empty() const { return spans_.empty(); }

  // Of a span of this trace.
  Ancestry AncestryOf(const SeenSpan& span) const;

 private:
  const SeenSpan* Find(const std::string& span_id) const;

  SeenSpans spans_;
  boost::unordered_flat_map<std::string, size_t> by_id_;  // where in spans_; of several with one id, the first
};

// An id in the form above from hex digits of either case, left-padded with zeros; none where it is something else or
// zero. `digits` is 32 or 16.
std::string IdFromHex(std::string_view text, size_t digits);
// The same from hex of full length, or else from base64 (either alphabet): both stand for OTLP's ids in JSON.
std::string IdFromHexOrBase64(std::string_view text, size_t digits);

// The path of "/a?b", "http://host/a?b" or "GET /a"; none where there is none.
std::string PathIn(std::string_view text);
// How well an attribute of that name tells the path of a span's request: 0 not at all, then better and better.
int PathRank(std::string_view attribute);

}  // namespace spoor::learn
