#include "analyze/path_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <map>
#include <numeric>
#include <ostream>
#include <set>

#include "analyze/call_target.h"
#include "analyze/made_trace.h"
#include "analyze/random_trace.h"
#include "analyze/trace_reader.h"

namespace spoor::analyze {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum SpanKind;
using Rows = std::vector<uint32_t>;

constexpr uint32_t kNoRow = PathSegment::kNoRow;

// "retry a/x 30 ns, 2 spans"
std::string Told(const PathPart& part) {
  static constexpr const char* kNames[] = {"repeats", "retry", "network", "outside", "gap", "operation", "rest"};
  std::string told = kNames[static_cast<int>(part.kind)];
  if (!part.service.empty()) told += " " + part.service + "/" + part.name;
  if (!part.target.empty()) told += " to " + part.target;
  if (!part.from.empty()) {
    told += " " + std::to_string(part.from_to_ns) + " ns of it " + part.from + " to " + part.to;
  }
  return told + ": " + std::to_string(part.duration_ns) + " ns, " + std::to_string(part.span_count);
}

std::vector<PathPart> PartsOf(const std::vector<MadeSpan>& spans) {
  const Trace trace = MadeTrace(spans);
  return TellAsParts(trace, FindCriticalPath(trace));
}

std::vector<std::string> ToldOf(const std::vector<MadeSpan>& spans) {
  std::vector<std::string> told;
  for (const PathPart& part : PartsOf(spans)) told.push_back(Told(part));
  return told;
}

TEST(PathParts, OfNoTimeAreNone) {
  EXPECT_THAT(ToldOf({}), IsEmpty());
  EXPECT_THAT(ToldOf({{.id = 1, .start_ns = 7, .end_ns = 7}}), IsEmpty());
}

TEST(PathParts, TellOfOperations) {
  const auto parts = PartsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                              {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 30, .name = "load"},
                              {.id = 3, .parent = 1, .start_ns = 40, .end_ns = 90, .name = "load"}});
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(Told(parts[0]), "operation shop/load: 70 ns, 2");
  EXPECT_EQ(parts[0].rows, (Rows{1, 2}));
  EXPECT_EQ(Told(parts[1]), "operation shop/work: 30 ns, 1");
  EXPECT_EQ(parts[1].rows, (Rows{0}));
}

// `count` calls of 100 ns each with a server span below, in a root of 110 ns a call.
std::vector<MadeSpan> Loop(uint64_t count) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = count * 110}};
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t start_ns = i * 110 + 10;
    spans.push_back({.id = 100 + i,
                     .parent = 1,
                     .start_ns = start_ns,
                     .end_ns = start_ns + 100,
                     .name = "SELECT",
                     .kind = kClient});
    spans.push_back({.id = 10'000 + i,
                     .parent = 100 + i,
                     .start_ns = start_ns + 5,
                     .end_ns = start_ns + 95,
                     .service = "db",
                     .kind = kServer});
  }
  return spans;
}

TEST(PathParts, TellOfALoopOfCallsAsOne) {
  const auto parts = PartsOf(Loop(10));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(Told(parts[0]), "repeats shop/SELECT: 1000 ns, 10") << "with what is below";
  EXPECT_EQ(parts[0].rows, (Rows{1, 3, 5, 7, 9, 11, 13, 15, 17, 19}));
  EXPECT_EQ(Told(parts[1]), "operation shop/work: 100 ns, 1");
  EXPECT_THAT(ToldOf(Loop(9)), ElementsAre("operation db/work: 810 ns, 9", "network 90 ns of it shop to db: 90 ns, 9",
                                           "operation shop/work: 90 ns, 1"))
      << "nine are not many";
}

TEST(PathParts, CountAsRepeatsOnlyWhatIsOnThePath) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 100}};
  for (uint64_t i = 0; i < 20; ++i) {
    spans.push_back({.id = 100 + i, .parent = 1, .start_ns = i, .end_ns = 50 + i, .name = "at once"});
  }
  EXPECT_THAT(ToldOf(spans), ElementsAre("operation shop/at once: 50 ns, 1", "operation shop/work: 50 ns, 1"));
}

TEST(PathParts, TellOfALoopInALoopAsTheOuter) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 10'000}};
  for (uint64_t i = 0; i < 10; ++i) {
    spans.push_back(
        {.id = 100 + i, .parent = 1, .start_ns = i * 1000, .end_ns = i * 1000 + 990, .name = "item", .failed = true});
    for (uint64_t k = 0; k < 12; ++k) {
      const uint64_t start_ns = i * 1000 + k * 80;
      spans.push_back({.id = 1000 + i * 100 + k,
                       .parent = 100 + i,
                       .start_ns = start_ns,
                       .end_ns = start_ns + 70,
                       .name = "query",
                       .kind = kClient});
    }
  }
  EXPECT_THAT(ToldOf(spans), ElementsAre("repeats shop/item: 9900 ns, 10", "operation shop/work: 100 ns, 1"));
}

TEST(PathParts, ListAtMostAThousandRows) {
  const auto parts = PartsOf(Loop(1500));
  EXPECT_EQ(parts[0].span_count, 1500u);
  ASSERT_EQ(parts[0].rows.size(), PathPart::kRowsMax);
  EXPECT_EQ(parts[0].rows.back(), 1999u);
}

TEST(PathParts, TellOfARetryWithWhatIsBelowIt) {
  const auto score = [](SpanId id, uint64_t start_ns, uint64_t end_ns, bool failed, std::string name = "Score") {
    return MadeSpan{.id = id,
                    .parent = 1,
                    .start_ns = start_ns,
                    .end_ns = end_ns,
                    .name = std::move(name),
                    .kind = kClient,
                    .failed = failed};
  };
  const MadeSpan root{.id = 1, .start_ns = 0, .end_ns = 1000};
  const MadeSpan server{.id = 9, .parent = 2, .start_ns = 110, .end_ns = 190, .service = "risk", .kind = kServer};
  const auto parts =
      PartsOf({root, score(2, 100, 200, true), server, score(3, 300, 350, false), score(4, 400, 500, false)});
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(Told(parts[0]), "operation shop/work: 750 ns, 1");
  EXPECT_EQ(Told(parts[1]), "retry shop/Score: 150 ns, 2");
  EXPECT_EQ(parts[1].rows, (Rows{1, 3}));
  EXPECT_EQ(Told(parts[2]), "outside shop/Score: 100 ns, 1") << "a call for its own sake";

  EXPECT_THAT(ToldOf({root, score(2, 100, 200, true), score(3, 300, 350, true), score(4, 400, 500, false)}),
              ElementsAre("operation shop/work: 750 ns, 1", "retry shop/Score: 250 ns, 3"));
  EXPECT_THAT(ToldOf({root, score(2, 100, 200, false), score(3, 300, 350, true)}),
              ElementsAre("operation shop/work: 850 ns, 1", "outside shop/Score: 150 ns, 2"))
      << "what failed last was not tried again";
  EXPECT_THAT(
      ToldOf({root, score(2, 100, 200, true), score(3, 300, 350, false, "Other")}),
      ElementsAre("operation shop/work: 850 ns, 1", "outside shop/Score: 100 ns, 1", "outside shop/Other: 50 ns, 1"));
  EXPECT_THAT(ToldOf({root, score(2, 100, 200, true), score(3, 150, 350, false)}),
              ElementsAre("operation shop/work: 800 ns, 1", "outside shop/Score: 200 ns, 1"))
      << "both at once is no retry";
}

TEST(PathParts, TakeALoopOutOfARetry) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 2000},
                              {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 1000, .name = "try", .failed = true},
                              {.id = 3, .parent = 1, .start_ns = 1000, .end_ns = 2000, .name = "try"}};
  for (uint64_t i = 0; i < 10; ++i) {
    spans.push_back({.id = 100 + i, .parent = 2, .start_ns = i * 60, .end_ns = i * 60 + 60, .name = "query"});
  }
  EXPECT_THAT(ToldOf(spans), ElementsAre("retry shop/try: 1400 ns, 2", "repeats shop/query: 600 ns, 10"));
}

TEST(PathParts, TellOfTheNetworkAndThePairThatItTookLongestBetween) {
  const auto call = [](SpanId id, uint64_t start_ns, uint64_t lost_ns, std::string to) {
    return std::vector<MadeSpan>{
        {.id = id, .parent = 1, .start_ns = start_ns, .end_ns = start_ns + 100, .kind = kClient},
        {.id = id + 1,
         .parent = id,
         .start_ns = start_ns + lost_ns,
         .end_ns = start_ns + 100 - lost_ns,
         .service = std::move(to),
         .kind = kServer}};
  };
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 300}};
  for (const auto& more : {call(2, 0, 20, "bank"), call(4, 100, 30, "cart"), call(6, 200, 5, "bank")}) {
    spans.insert(spans.end(), more.begin(), more.end());
  }
  const auto parts = PartsOf(spans);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(Told(parts[0]), "operation bank/work: 150 ns, 2");
  EXPECT_EQ(Told(parts[1]), "network 60 ns of it shop to cart: 110 ns, 3");
  EXPECT_EQ(parts[1].rows, (Rows{1, 3, 5}));
}

TEST(PathParts, TellOfOutsideCallsByTarget) {
  const auto call = [](SpanId id, uint64_t start_ns, uint64_t length_ns, std::string name, std::string target) {
    MadeSpan span{.id = id,
                  .parent = 1,
                  .start_ns = start_ns,
                  .end_ns = start_ns + length_ns,
                  .name = std::move(name),
                  .kind = kClient};
    if (!target.empty()) span.attributes = {{"server.address", std::move(target)}};
    return span;
  };
  EXPECT_THAT(ToldOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                      call(2, 0, 10, "GET", "api.example"),
                      call(3, 10, 30, "POST", "api.example"),
                      call(4, 40, 25, "GET", "api.example"),
                      call(5, 65, 15, "GET", ""),
                      call(6, 80, 12, "POST", "")}),
              ElementsAre("outside shop/GET to api.example: 65 ns, 3", "outside shop/GET: 15 ns, 1",
                          "outside shop/POST: 12 ns, 1", "operation shop/work: 8 ns, 1"));
}

TEST(PathParts, TellOfGaps) {
  EXPECT_THAT(ToldOf({{.id = 2, .parent = 1, .start_ns = 0, .end_ns = 10},
                      {.id = 3, .parent = 1, .start_ns = 40, .end_ns = 60},
                      {.id = 4, .parent = 1, .start_ns = 70, .end_ns = 80}}),
              ElementsAre("gap: 40 ns, 0", "operation shop/work: 40 ns, 3"));
}

TEST(PathParts, CallSpansSimilarOnlyWhereTheyNameTheSameParent) {
  std::vector<MadeSpan> spans;
  for (uint64_t i = 0; i < 10; ++i) spans.push_back({.id = 100 + i, .parent = 7, .start_ns = i, .end_ns = i + 1});
  EXPECT_THAT(ToldOf(spans), ElementsAre("repeats shop/work: 10 ns, 10")) << "though it is not here";
  spans[3].parent = 8;
  EXPECT_THAT(ToldOf(spans), ElementsAre("operation shop/work: 10 ns, 10"));
}

TEST(PathParts, TellTheFourLongestAndAddUpTheRest) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 1000}};
  uint64_t at_ns = 0;
  for (const uint64_t length_ns : {300, 9, 200, 100, 90, 10, 91}) {
    const std::string name = "takes " + std::to_string(length_ns);
    spans.push_back({.id = 2 + at_ns, .parent = 1, .start_ns = at_ns, .end_ns = at_ns + length_ns, .name = name});
    at_ns += length_ns;
  }
  EXPECT_THAT(ToldOf(spans),
              ElementsAre("operation shop/takes 300: 300 ns, 1", "operation shop/takes 200: 200 ns, 1",
                          "operation shop/work: 200 ns, 1", "operation shop/takes 100: 100 ns, 1", "rest: 200 ns, 4"));
}

TEST(PathParts, LeaveWhatTakesLessThanAHundredthToTheRest) {
  const auto with_child_of = [](uint64_t length_ns) {
    return ToldOf({{.id = 1, .start_ns = 0, .end_ns = 1000},
                   {.id = 2, .parent = 1, .start_ns = 0, .end_ns = length_ns, .name = "quick"}});
  };
  EXPECT_THAT(with_child_of(10), ElementsAre("operation shop/work: 990 ns, 1", "operation shop/quick: 10 ns, 1"));
  EXPECT_THAT(with_child_of(9), ElementsAre("operation shop/work: 991 ns, 1", "rest: 9 ns, 1"));
}

// --- The definition, moment by moment.
// ----------------------------------------------------------------------------------

class ReferenceParts {
 public:
  ReferenceParts(const Trace& trace, const CriticalPath& path) : trace_(trace), path_(path), reader_(trace) {
    for (const PathSegment& segment : path.segments) {
      for (uint32_t row = segment.row; row != kNoRow; row = trace.spans[row].parent) on_path_.insert(row);
    }
  }

  // Time by finding, each in words of its own.
  std::map<std::string, uint64_t> Find() const {
    std::map<std::string, uint64_t> findings;
    for (const PathSegment& segment : path_.segments) findings[NameOf(segment)] += segment.duration_ns();
    return findings;
  }

  std::string NameOf(const PathSegment& segment) const {
    for (const char* kind : {"repeats", "retry"}) {
      uint32_t topmost = kNoRow;
      for (uint32_t row = segment.row; row != kNoRow; row = trace_.spans[row].parent) {
        if (kind == std::string("repeats") ? Similar(row).size() >= 10 : IsTry(row)) topmost = row;
      }
      if (topmost != kNoRow) return std::string(kind) + " " + std::to_string(Similar(topmost).front());
    }
    switch (segment.kind) {
      case PathKind::kNetwork: return "network";
      case PathKind::kGap: return "gap";
      case PathKind::kOutside: {
        const TraceSpan& span = trace_.spans[segment.row];
        const std::string target = CallTarget(*span.batch, span.row);
        return "outside " + std::string(reader_.service(segment.row)) + " " +
               (target.empty() ? "named " + std::string(reader_.name(segment.row)) : "to " + target);
      }
      case PathKind::kWork: break;
    }
    return "operation " + std::string(reader_.service(segment.row)) + " " + std::string(reader_.name(segment.row));
  }

 private:
  std::vector<uint32_t> Similar(uint32_t row) const {
    std::vector<uint32_t> similar;
    const auto likeness = [&](uint32_t of) {
      return std::tuple(trace_.spans[of].parent, reader_.parent_span_id(of), reader_.service(of), reader_.name(of),
                        reader_.kind(of));
    };
    for (const uint32_t other : on_path_) {
      if (likeness(other) == likeness(row)) similar.push_back(other);
    }
    std::sort(similar.begin(), similar.end(), [&](uint32_t a, uint32_t b) { return FirstTime(a) < FirstTime(b); });
    return similar;
  }

  bool IsTry(uint32_t row) const {
    const std::vector<uint32_t> similar = Similar(row);
    const auto at = std::find(similar.begin(), similar.end(), row);
    return (reader_.failed(row) && at + 1 != similar.end()) || (at != similar.begin() && reader_.failed(*(at - 1)));
  }

  // When the path is first in a span or below it.
  uint64_t FirstTime(uint32_t row) const {
    for (const PathSegment& segment : path_.segments) {
      for (uint32_t at = segment.row; at != kNoRow; at = trace_.spans[at].parent) {
        if (at == row) return segment.start_ns;
      }
    }
    return UINT64_MAX;
  }

  const Trace& trace_;
  const CriticalPath& path_;
  const TraceReader reader_;
  std::set<uint32_t> on_path_;
};

std::vector<uint64_t> ExpectedTimes(const std::map<std::string, uint64_t>& findings, uint64_t duration_ns) {
  std::vector<uint64_t> times;
  for (const auto& [name, time_ns] : findings) times.push_back(time_ns);
  std::sort(times.rbegin(), times.rend());
  size_t told = 0;
  while (told < times.size() && told < 4 && times[told] * 100 >= duration_ns) ++told;
  const uint64_t rest_ns = std::accumulate(times.begin() + static_cast<ptrdiff_t>(told), times.end(), uint64_t{0});
  times.resize(told);
  if (rest_ns > 0) times.push_back(rest_ns);
  return times;
}

// What the reference calls the finding that a part tells; its first row stands for the siblings.
std::string NameOf(const PathPart& part) {
  switch (part.kind) {
    case PartKind::kRepeats: return "repeats " + std::to_string(part.rows.front());
    case PartKind::kNetwork: return "network";
    case PartKind::kGap: return "gap";
    case PartKind::kOutside:
      return "outside " + part.service + " " + (part.target.empty() ? "named " + part.name : "to " + part.target);
    case PartKind::kOperation: return "operation " + part.service + " " + part.name;
    case PartKind::kRetry:
    case PartKind::kRest: break;
  }
  return "";
}

std::vector<MadeSpan> RandomLoop(RandomTraces& random) {
  std::vector<MadeSpan> spans{{.id = 1, .start_ns = 0, .end_ns = 100'000}};
  uint64_t at_ns = 0;
  for (uint64_t i = 0; i < 8 + random.Below(10); ++i) {
    const uint64_t length_ns = 1 + random.Below(5000);
    spans.push_back({.id = 10 + i,
                     .parent = 1,
                     .start_ns = at_ns,
                     .end_ns = at_ns + length_ns,
                     .name = random.Chance(20) ? "other" : "same",
                     .kind = kClient,
                     .failed = random.Chance(4)});
    if (random.Chance(2)) {
      spans.push_back({.id = 100 + i,
                       .parent = 10 + i,
                       .start_ns = at_ns + 1,
                       .end_ns = at_ns + length_ns,
                       .service = random.Chance(2) ? "bank" : "cart",
                       .kind = kServer});
    }
    for (uint64_t k = 0; random.Chance(4) && k < 11; ++k) {
      spans.push_back({.id = 1000 + i * 20 + k,
                       .parent = 10 + i,
                       .start_ns = at_ns + k * 100,
                       .end_ns = at_ns + k * 100 + 99,
                       .name = "inner"});
    }
    at_ns += length_ns + random.Below(100);
  }
  return spans;
}

TEST(PathParts, AreWhatTheDefinitionSaysOnRandomTraces) {
  RandomTraces random(77);
  std::map<PartKind, int> seen;
  for (int i = 0; i < 6'000; ++i) {
    SCOPED_TRACE(i);
    const Trace trace = i % 2 ? random.Next() : MadeTrace(RandomLoop(random));
    const CriticalPath path = FindCriticalPath(trace);
    const auto parts = TellAsParts(trace, path);
    const auto expected = ReferenceParts(trace, path).Find();
    std::vector<uint64_t> times;
    for (const PathPart& part : parts) {
      times.push_back(part.duration_ns);
      ++seen[part.kind];
      if (const std::string name = NameOf(part); !name.empty()) {
        ASSERT_TRUE(expected.contains(name)) << name;
        ASSERT_EQ(part.duration_ns, expected.at(name)) << name;
      }
      ASSERT_TRUE(std::is_sorted(part.rows.begin(), part.rows.end()));
      ASSERT_EQ(part.rows.size(), part.kind == PartKind::kRest ? 0 : part.span_count);
    }
    ASSERT_EQ(times, ExpectedTimes(expected, path.duration_ns()));
    ASSERT_EQ(std::accumulate(times.begin(), times.end(), uint64_t{0}), path.duration_ns());
  }
  for (const PartKind kind : {PartKind::kRepeats, PartKind::kRetry, PartKind::kNetwork, PartKind::kOutside,
                              PartKind::kGap, PartKind::kOperation, PartKind::kRest}) {
    EXPECT_GT(seen[kind], 50) << "kind " << static_cast<int>(kind);
  }
}

void TellAndTime(const std::string& shape, const std::vector<MadeSpan>& spans) {
  const Trace trace = MadeTrace(spans);
  const CriticalPath path = FindCriticalPath(trace);
  const auto before = std::chrono::steady_clock::now();
  const auto parts = TellAsParts(trace, path);
  const auto time = std::chrono::steady_clock::now() - before;
  EXPECT_EQ(parts.size(), 2u);
  std::cout << shape << ": " << std::chrono::duration_cast<std::chrono::microseconds>(time).count() << " us\n";
}

TEST(PathParts, AreToldQuicklyOfAnyShape) {
  TellAndTime("50,000 calls in turn", Loop(50'000));
  std::vector<MadeSpan> chain;
  for (SpanId id = 1; id <= 1'000'000; ++id) {
    chain.push_back({.id = id,
                     .parent = id - 1,
                     .start_ns = id,
                     .end_ns = 10'000'000 - id,
                     .service = id % 2 ? "shop" : "bank",
                     .kind = id % 2 ? kClient : kServer});
  }
  TellAndTime("calls 1,000,000 deep", chain);
}

}  // namespace
}  // namespace spoor::analyze
