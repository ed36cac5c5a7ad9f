// Random traces for tests, in the shapes that are hard on an analysis: parallel and detached children, clocks that
// differ, many children, deep chains, spans sent twice, lost roots, cycles.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "analyze/made_trace.h"

namespace spoor::analyze {

class RandomTraces {
 public:
  explicit RandomTraces(uint64_t seed) : random_(seed) {}

  Trace Next() { return MadeTrace(NextSpans()); }

  std::vector<MadeSpan> NextSpans() {
    const size_t count = 1 + Below(Chance(10) ? 60 : 16);
    unit_ns_ = std::vector<uint64_t>{1, 1, 7, 700, 100'000}[Below(5)];
    children_in_turn_ = Chance(2);
    std::vector<MadeSpan> spans;
    for (SpanId id = 1; id <= count; ++id) spans.push_back(Chance(5) ? Loose(id, spans) : Nested(id, spans));
    Spoil(spans);
    std::shuffle(spans.begin(), spans.end(), random_);
    return spans;
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool Chance(uint64_t one_in) { return Below(one_in) == 0; }

 private:
  // Anywhere, of anybody.
  MadeSpan Loose(SpanId id, const std::vector<MadeSpan>& spans) {
    const uint64_t start_ns = kEpoch + Below(100) * unit_ns_;
    return Dressed({.id = id,
                    .parent = spans.empty() ? 0 : spans[Below(spans.size())].id,
                    .start_ns = start_ns,
                    .end_ns = start_ns + Below(60) * unit_ns_});
  }

  // Within its parent: at random, or behind the sibling before, with a small overlap now and then.
  MadeSpan Nested(SpanId id, const std::vector<MadeSpan>& spans) {
    if (spans.empty()) return Dressed({.id = id, .start_ns = kEpoch, .end_ns = kEpoch + 100 * unit_ns_});
    const MadeSpan& parent = spans[Chance(3) ? Below(spans.size()) : Below(std::min<size_t>(spans.size(), 2))];
    const uint64_t length_ns = parent.end_ns > parent.start_ns ? parent.end_ns - parent.start_ns : 1;
    uint64_t start_ns = parent.start_ns + Below(length_ns);
    uint64_t child_ns = 1 + Below(length_ns);
    if (children_in_turn_) {
      start_ns = parent.start_ns;
      for (const MadeSpan& span : spans) {
        if (span.parent == parent.id) start_ns = std::max(start_ns, span.end_ns);
      }
      child_ns = 1 + length_ns / (4 + Below(12));
      if (Chance(3)) start_ns -= Below(child_ns / 8 + 2);
    }
    return Dressed({.id = id, .parent = parent.id, .start_ns = start_ns, .end_ns = start_ns + child_ns});
  }

  MadeSpan Dressed(MadeSpan span) {
    span.service = std::vector<std::string>{"a", "b", "c"}[Below(3)];
    span.name = std::vector<std::string>{"x", "x", "x", "y"}[Below(4)];
    span.kind = static_cast<SpanKind>(Below(6));
    span.failed = Chance(4);
    if (Chance(3)) span.attributes = {{"server.address", Chance(2) ? "db" : "mail"}};
    return span;
  }

  // What goes wrong on the way.
  void Spoil(std::vector<MadeSpan>& spans) {
    if (Chance(8)) spans.push_back(spans[Below(spans.size())]);                    // sent twice
    if (Chance(8)) std::swap(spans.back().start_ns, spans.back().end_ns);          // ends before it starts
    if (Chance(8)) spans[Below(spans.size())].id = spans[Below(spans.size())].id;  // shared ids
    if (Chance(8)) spans[Below(spans.size())].parent = 1 + Below(spans.size());    // maybe a cycle
    if (Chance(8)) spans[0].parent = 999;                                          // the root's parent is lost
    if (Chance(8) && spans.size() > 1) spans.erase(spans.begin());                 // the root is lost
    if (Chance(8)) {                                                               // a host's clock
      for (MadeSpan& span : spans) {
        if (span.service == "b") span.start_ns += unit_ns_, span.end_ns += unit_ns_;
      }
    }
  }

  static constexpr uint64_t kEpoch = 1'000'000'000;

  std::mt19937_64 random_;
  uint64_t unit_ns_ = 1;
  bool children_in_turn_ = false;
};

}  // namespace spoor::analyze
