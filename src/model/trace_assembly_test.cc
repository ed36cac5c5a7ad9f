#include "model/trace_assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

#include "model/value.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;

constexpr uint8_t kClient = static_cast<uint8_t>(SpanKind::kClient);
constexpr uint8_t kServer = static_cast<uint8_t>(SpanKind::kServer);
constexpr uint8_t kConsumer = static_cast<uint8_t>(SpanKind::kConsumer);
constexpr uint32_t kNoParent = AssembledSpan::kNoParent;

// A span, and what else its content is.
struct TestSpan {
  AssemblySpan fields;
  int content = 0;

  auto AsTuple() const {
    return std::tuple(fields.id, fields.parent_id, fields.start_ns, fields.end_ns, fields.kind, content);
  }
  bool operator==(const TestSpan& other) const { return AsTuple() == other.AsTuple(); }
};

TestSpan Span(SpanId id, SpanId parent, uint64_t start, uint64_t end = 100, uint8_t kind = 0, int content = 0) {
  return {{id, parent, start, end, kind}, content};
}

Assembly Assemble(const std::vector<TestSpan>& spans, bool with_hash = true) {
  std::vector<AssemblySpan> input;
  for (const TestSpan& span : spans) input.push_back(span.fields);
  auto equal = [&](uint32_t a, uint32_t b) {
    EXPECT_EQ(spans[a].fields.id, spans[b].fields.id) << "asked only for those";
    return spans[a] == spans[b];
  };
  // Few values, so that different contents share one.
  auto hash = [&](uint32_t i) { return static_cast<uint64_t>(spans[i].content % 3); };
  Assembly out;
  out.root = 99;
  out.orphan_count = 99;
  out.spans.resize(3);
  AssembleTrace(input, equal, out, with_hash ? std::function<uint64_t(uint32_t)>(hash) : nullptr);
  return out;
}

std::vector<uint32_t> Inputs(const Assembly& assembly) {
  std::vector<uint32_t> inputs;
  for (const AssembledSpan& span : assembly.spans) inputs.push_back(span.input);
  return inputs;
}
std::vector<uint32_t> Parents(const Assembly& assembly) {
  std::vector<uint32_t> parents;
  for (const AssembledSpan& span : assembly.spans) parents.push_back(span.parent);
  return parents;
}
std::vector<uint32_t> Depths(const Assembly& assembly) {
  std::vector<uint32_t> depths;
  for (const AssembledSpan& span : assembly.spans) depths.push_back(span.depth);
  return depths;
}
std::vector<int> Warnings(const Assembly& assembly) {
  std::vector<int> warnings;
  for (const AssembledSpan& span : assembly.spans) warnings.push_back(span.warnings);
  return warnings;
}

TEST(AssembleTrace, HasNothingToSayOfNoSpans) {
  Assembly trace = Assemble({});
  EXPECT_TRUE(trace.spans.empty());
  EXPECT_FALSE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 0u);
}

TEST(AssembleTrace, PutsSpansInPreorderWithParentsAndDepths) {
  Assembly trace = Assemble({Span(4, 2, 30), Span(3, 1, 40), Span(2, 1, 20), Span(1, 0, 10)});
  EXPECT_THAT(Inputs(trace), ElementsAre(3, 2, 0, 1));
  EXPECT_THAT(Parents(trace), ElementsAre(kNoParent, 0, 1, 0));
  EXPECT_THAT(Depths(trace), ElementsAre(0, 1, 2, 1));
  EXPECT_THAT(Warnings(trace), ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(trace.root, 0u);
  EXPECT_FALSE(trace.root_missing);
}

TEST(AssembleTrace, KeepsTheFirstOfEqualSpans) {
  Assembly trace = Assemble({Span(2, 1, 20), Span(1, 0, 10), Span(2, 1, 20), Span(1, 0, 10), Span(2, 1, 20)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 0));
  EXPECT_THAT(Warnings(trace), ElementsAre(0, 0));
}

TEST(AssembleTrace, MayBeCalledAgainFromAComparison) {
  const std::vector<TestSpan> spans{Span(1, 0, 10), Span(2, 1, 20), Span(2, 1, 20), Span(3, 2, 30)};
  std::vector<AssemblySpan> input;
  for (const TestSpan& span : spans) input.push_back(span.fields);
  const auto equal = [&](uint32_t, uint32_t) {
    std::vector<TestSpan> many;
    for (SpanId id = 1; id < 100; ++id) many.push_back(Span(id % 50, id % 7, id));
    EXPECT_EQ(Inputs(Assemble(many)).size(), 99u);
    return true;
  };
  Assembly out;
  AssembleTrace(input, equal, out);
  EXPECT_EQ(Inputs(out), Inputs(Assemble(spans)));
}

TEST(AssembleTrace, KeepsDifferentSpansOfOneIdWithAWarning) {
  Assembly trace = Assemble({Span(2, 1, 20, 100, 0, 1), Span(1, 0, 10), Span(2, 1, 20, 100, 0, 2), Span(3, 2, 50),
                             Span(2, 1, 15, 100, 0, 1)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 4, 3, 0, 2)) << "a child goes to the first by start, then input";
  EXPECT_THAT(Warnings(trace),
              ElementsAre(0, span_warning::kSharedId, 0, span_warning::kSharedId, span_warning::kSharedId));
}

TEST(AssembleTrace, TakesTheSpanThatCameFirstAsParentWhereStartsAreEqual) {
  Assembly trace = Assemble({Span(1, 0, 10, 100, 0, 1), Span(1, 0, 10, 100, 0, 2), Span(3, 1, 50)});
  EXPECT_THAT(Inputs(trace), ElementsAre(0, 2, 1));
}

TEST(AssembleTrace, PutsAServerSpanBelowTheClientSpanWhoseIdItShares) {
  for (uint8_t server : {kServer, kConsumer}) {
    // The server's clock is behind, and it names the client's parent, as Zipkin's do.
    Assembly trace =
        Assemble({Span(3, 2, 50), Span(2, 1, 15, 80, server), Span(2, 1, 20, 90, kClient), Span(1, 0, 10)});
    EXPECT_THAT(Inputs(trace), ElementsAre(3, 2, 1, 0));
    EXPECT_THAT(Depths(trace), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(Warnings(trace), ElementsAre(0, 0, 0, 0));
  }
}

TEST(AssembleTrace, SharesAnIdBetweenServerAndClientOnlyInPairs) {
  int shared = span_warning::kSharedId;
  Assembly two_servers = Assemble({Span(1, 0, 10, 80, kServer), Span(1, 0, 20, 90, kConsumer)});
  EXPECT_THAT(Warnings(two_servers), ElementsAre(shared, shared));
  Assembly two_clients = Assemble({Span(1, 0, 10, 80, kClient), Span(1, 0, 20, 90, 0)});
  EXPECT_THAT(Warnings(two_clients), ElementsAre(shared, shared));
  Assembly three = Assemble({Span(1, 0, 10, 80, kClient), Span(1, 0, 20, 90, kServer), Span(1, 0, 30, 90, kServer)});
  EXPECT_THAT(Warnings(three), ElementsAre(shared, shared, shared));
  EXPECT_THAT(Depths(three), ElementsAre(0, 0, 0));
  // Equal ones count once, so this is a pair.
  Assembly retried = Assemble({Span(1, 0, 10, 80, kClient), Span(1, 0, 20, 90, kServer), Span(1, 0, 20, 90, kServer)});
  EXPECT_THAT(Warnings(retried), ElementsAre(0, 0));
  EXPECT_THAT(Depths(retried), ElementsAre(0, 1));
}

TEST(AssembleTrace, CountsAServerSpanWithItsClientAsNoOrphan) {
  Assembly trace = Assemble({Span(2, 9, 15, 80, kServer), Span(2, 9, 20, 90, kClient)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 0));
  EXPECT_EQ(trace.orphan_count, 1u);
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kParentMissing, 0));
}

TEST(AssembleTrace, LeavesSpansWithoutTheirParentAsOrphans) {
  Assembly trace = Assemble({Span(3, 9, 5), Span(2, 1, 20), Span(1, 0, 10), Span(4, 3, 6)});
  EXPECT_THAT(Inputs(trace), ElementsAre(0, 3, 2, 1));
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kParentMissing, 0, 0, 0));
  EXPECT_EQ(trace.orphan_count, 1u);
  EXPECT_EQ(trace.root, 2u) << "the span that names no parent, although the orphan is earlier";
  EXPECT_FALSE(trace.root_missing);
}

TEST(AssembleTrace, TakesTheEarliestOrphanAsRootWhereTheRootIsMissing) {
  Assembly trace = Assemble({Span(3, 9, 50), Span(2, 8, 20), Span(4, 2, 30)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 2, 0));
  EXPECT_EQ(trace.root, 0u);
  EXPECT_TRUE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 2u);
}

TEST(AssembleTrace, TakesTheEarliestOfSeveralRoots) {
  Assembly trace = Assemble({Span(2, 0, 20), Span(1, 0, 10), Span(3, 0, 10)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 2, 0));
  EXPECT_EQ(trace.root, 0u);
}

TEST(AssembleTrace, CutsACycleAtItsEarliestStart) {
  Assembly trace = Assemble({Span(1, 3, 30), Span(2, 1, 10), Span(3, 2, 20), Span(4, 3, 5)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 2, 3, 0));
  EXPECT_THAT(Depths(trace), ElementsAre(0, 1, 2, 2));
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kCycle, 0, 0, 0));
  EXPECT_TRUE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 0u);
}

TEST(AssembleTrace, CutsACycleAtItsLowestIdWhereStartsAreEqual) {
  Assembly trace = Assemble({Span(3, 1, 10), Span(2, 3, 10), Span(1, 2, 10)});
  EXPECT_THAT(Inputs(trace), ElementsAre(2, 0, 1));
}

TEST(AssembleTrace, CutsASpanThatIsItsOwnParent) {
  Assembly trace = Assemble({Span(1, 1, 10), Span(2, 1, 20), Span(3, 0, 30)});
  EXPECT_THAT(Inputs(trace), ElementsAre(0, 1, 2));
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kCycle, 0, 0));
  EXPECT_EQ(trace.root, 2u);
  EXPECT_FALSE(trace.root_missing);
}

TEST(AssembleTrace, CutsTheCycleOfAClientThatNamesItself) {
  Assembly trace = Assemble({Span(1, 1, 10, 90, kClient), Span(1, 1, 20, 80, kServer)});
  EXPECT_THAT(Inputs(trace), ElementsAre(0, 1));
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kCycle, 0));
}

TEST(AssembleTrace, PutsLongerSpansFirstAmongThoseThatStartTogether) {
  Assembly trace = Assemble({Span(5, 1, 10, 20), Span(4, 1, 10, 30), Span(3, 1, 10, 20), Span(1, 0, 10, 20)});
  EXPECT_THAT(Inputs(trace), ElementsAre(3, 1, 2, 0));
}

TEST(AssembleTrace, WarnsOfAnEndBeforeTheStart) {
  Assembly trace = Assemble({Span(1, 0, 10, 9), Span(2, 0, 10, 10)});
  EXPECT_THAT(Inputs(trace), ElementsAre(1, 0));
  EXPECT_THAT(Warnings(trace), ElementsAre(0, span_warning::kEndBeforeStart));
}

TEST(AssembleTrace, NeverTakesASpanWithoutAnIdForAParent) {
  Assembly trace = Assemble({Span(0, 0, 10), Span(0, 0, 20), Span(1, 0, 30)});
  EXPECT_THAT(Depths(trace), ElementsAre(0, 0, 0));
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kSharedId, span_warning::kSharedId, 0));
}

TEST(AssembleTrace, TakesChainsAndFansOfAHundredThousandSpans) {
  constexpr uint32_t kSpans = 100'000;
  std::vector<TestSpan> chain;
  std::vector<TestSpan> fan;
  std::vector<TestSpan> ring;
  for (uint32_t i = 0; i < kSpans; ++i) {
    chain.push_back(Span(i + 1, i, kSpans - i));
    fan.push_back(Span(i + 1, i == 0 ? 0 : 1, i));
    ring.push_back(Span(i + 1, i == 0 ? kSpans : i, i));
  }
  EXPECT_EQ(Assemble(chain).spans.back().depth, kSpans - 1);
  EXPECT_EQ(Assemble(fan).spans.back().depth, 1u);
  EXPECT_EQ(Assemble(ring).spans.back().depth, kSpans - 1);
}

// Hostile: each would take hours if every pair were compared.
TEST(AssembleTrace, TakesAHundredThousandSpansOfOneId) {
  constexpr uint32_t kSpans = 100'000;
  std::vector<TestSpan> equal(kSpans, Span(1, 0, 10));
  EXPECT_EQ(Assemble(equal).spans.size(), 1u);
  std::vector<AssemblySpan> different(kSpans, AssemblySpan{1, 0, 10, 20, 0});
  uint64_t compared = 0;
  auto never = [&](uint32_t, uint32_t) { return ++compared == 0; };
  Assembly out;
  AssembleTrace(different, never, out);
  EXPECT_EQ(out.spans.size(), kSpans);
  EXPECT_LE(compared, uint64_t{kSpans} * 64);
  compared = 0;
  AssembleTrace(different, never, out, [](uint32_t i) { return uint64_t{i}; });
  EXPECT_EQ(out.spans.size(), kSpans);
  EXPECT_EQ(compared, 0u);
}

TEST(AssembleTrace, FindsEqualOnesAmongManyDifferentOnesByTheirHash) {
  std::vector<TestSpan> spans;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 150; ++i) spans.push_back(Span(1, 0, 10, 20, 0, i));
  }
  EXPECT_EQ(Assemble(spans).spans.size(), 150u);
}

// The rules, word by word and slowly: no tables, no linked lists.
class Reference {
 public:
  explicit Reference(const std::vector<TestSpan>& spans)
      : spans_(spans), parent_(spans.size()), warnings_(spans.size()) {
    KeepFirstOfEqual();
    for (uint32_t i : kept_) parent_[i] = ParentOf(i);
    while (CutOneCycle()) {
    }
    std::vector<uint32_t> roots = ChildrenOf(kNoParent);
    for (uint32_t root : roots) Append(root, kNoParent, 0);
    out_.root_missing = !kept_.empty();
    for (uint32_t p = 0; p < out_.spans.size(); ++p) {
      const AssembledSpan& span = out_.spans[p];
      if (span.parent != kNoParent || spans_[span.input].fields.parent_id != 0) continue;
      out_.root = p;
      out_.root_missing = false;
      break;
    }
  }

  Assembly Take() { return std::move(out_); }

 private:
  void KeepFirstOfEqual() {
    for (uint32_t i = 0; i < spans_.size(); ++i) {
      bool seen = std::any_of(kept_.begin(), kept_.end(), [&](uint32_t k) { return spans_[k] == spans_[i]; });
      if (!seen) kept_.push_back(i);
    }
  }
  std::vector<uint32_t> WithId(SpanId id) const {
    std::vector<uint32_t> found;
    for (uint32_t i : kept_) {
      if (spans_[i].fields.id == id) found.push_back(i);
    }
    return found;
  }
  // {client, server} of a shared id, or nothing.
  std::vector<uint32_t> PairOf(SpanId id) const {
    std::vector<uint32_t> found = WithId(id);
    if (found.size() != 2) return {};
    auto serves = [&](uint32_t i) { return spans_[i].fields.kind == kServer || spans_[i].fields.kind == kConsumer; };
    if (serves(found[0]) == serves(found[1])) return {};
    if (serves(found[0])) std::swap(found[0], found[1]);
    return found;
  }
  uint32_t ParentOf(uint32_t i) {
    const AssemblySpan& span = spans_[i].fields;
    std::vector<uint32_t> own_pair = PairOf(span.id);
    if (own_pair.empty() && WithId(span.id).size() > 1) warnings_[i] |= span_warning::kSharedId;
    if (span.end_ns < span.start_ns) warnings_[i] |= span_warning::kEndBeforeStart;
    if (!own_pair.empty() && own_pair[1] == i) return own_pair[0];
    if (span.parent_id == 0) return kNoParent;
    std::vector<uint32_t> pair = PairOf(span.parent_id);
    if (!pair.empty()) return pair[1];
    std::vector<uint32_t> found = WithId(span.parent_id);
    if (found.empty()) {
      warnings_[i] |= span_warning::kParentMissing;
      ++out_.orphan_count;
      return kNoParent;
    }
    return *std::min_element(found.begin(), found.end(), [&](uint32_t a, uint32_t b) {
      return std::tuple(spans_[a].fields.start_ns, a) < std::tuple(spans_[b].fields.start_ns, b);
    });
  }
  bool CutOneCycle() {
    for (uint32_t i : kept_) {
      std::vector<uint32_t> way{i};
      while (parent_[way.back()] != kNoParent && way.size() <= kept_.size()) way.push_back(parent_[way.back()]);
      if (way.size() <= kept_.size()) continue;
      std::set<uint32_t> cycle;
      for (uint32_t at = way.back(); cycle.insert(at).second;) at = parent_[at];
      uint32_t cut = *std::min_element(cycle.begin(), cycle.end(), [&](uint32_t a, uint32_t b) {
        return std::tuple(spans_[a].fields.start_ns, spans_[a].fields.id, a) <
               std::tuple(spans_[b].fields.start_ns, spans_[b].fields.id, b);
      });
      parent_[cut] = kNoParent;
      warnings_[cut] |= span_warning::kCycle;
      return true;
    }
    return false;
  }
  std::vector<uint32_t> ChildrenOf(uint32_t parent) const {
    std::vector<uint32_t> children;
    for (uint32_t i : kept_) {
      if (parent_[i] == parent) children.push_back(i);
    }
    auto key = [&](uint32_t i) {
      const AssemblySpan& span = spans_[i].fields;
      return std::tuple(span.start_ns, ~span.end_ns, span.id, i);
    };
    std::sort(children.begin(), children.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
    return children;
  }
  void Append(uint32_t i, uint32_t parent, uint32_t depth) {
    auto position = static_cast<uint32_t>(out_.spans.size());
    out_.spans.push_back({i, parent, depth, warnings_[i]});
    for (uint32_t child : ChildrenOf(i)) Append(child, position, depth + 1);
  }

  const std::vector<TestSpan>& spans_;
  std::vector<uint32_t> kept_;
  std::vector<uint32_t> parent_;
  std::vector<uint8_t> warnings_;
  Assembly out_;
};

void ExpectSame(const Assembly& actual, const Assembly& expected) {
  ASSERT_EQ(Inputs(actual), Inputs(expected));
  ASSERT_EQ(Parents(actual), Parents(expected));
  ASSERT_EQ(Depths(actual), Depths(expected));
  ASSERT_EQ(Warnings(actual), Warnings(expected));
  ASSERT_EQ(actual.root, expected.root);
  ASSERT_EQ(actual.root_missing, expected.root_missing);
  ASSERT_EQ(actual.orphan_count, expected.orphan_count);
}

// Few ids and times, so that everything that can go wrong does.
std::vector<TestSpan> RandomTrace(std::mt19937& random) {
  std::vector<TestSpan> spans(random() % 25);
  uint32_t ids = 1 + random() % 30;
  uint32_t times = 1 + random() % 30;
  uint32_t contents = 1 + random() % 3;
  for (TestSpan& span : spans) {
    span = Span(random() % (ids + 1), random() % (ids + 2), random() % times, random() % times,
                static_cast<uint8_t>(random() % 6), static_cast<int>(random() % contents));
  }
  for (size_t i = 1; i < spans.size(); ++i) {
    if (random() % 8 == 0) spans[i] = spans[random() % i];
  }
  return spans;
}

TEST(AssembleTrace, DoesWhatTheRulesSayOnRandomTraces) {
  std::mt19937 random(20);
  for (int round = 0; round < 30'000; ++round) {
    std::vector<TestSpan> spans = RandomTrace(random);
    Assembly expected = Reference(spans).Take();
    ASSERT_NO_FATAL_FAILURE(ExpectSame(Assemble(spans), expected)) << "round " << round;
    ASSERT_NO_FATAL_FAILURE(ExpectSame(Assemble(spans, false), expected)) << "round " << round;
  }
}

TEST(AssembleTrace, DoesNotDependOnTheOrderOfTheInput) {
  std::mt19937 random(21);
  for (int round = 0; round < 3'000; ++round) {
    std::vector<TestSpan> spans = RandomTrace(random);
    for (size_t i = 0; i < spans.size(); ++i) spans[i].fields.start_ns = spans[i].fields.start_ns * 64 + i;
    std::vector<uint32_t> shuffled(spans.size());
    std::iota(shuffled.begin(), shuffled.end(), 0);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::vector<TestSpan> other;
    for (uint32_t i : shuffled) other.push_back(spans[i]);
    Assembly expected = Assemble(spans);
    Assembly actual = Assemble(other);
    for (AssembledSpan& span : actual.spans) span.input = shuffled[span.input];
    ASSERT_NO_FATAL_FAILURE(ExpectSame(actual, expected)) << "round " << round;
  }
}

}  // namespace
}  // namespace spoor
