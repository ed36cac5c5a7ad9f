#include "analyze/critical_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <ostream>

#include "analyze/made_trace.h"
#include "analyze/random_trace.h"
#include "analyze/service_time.h"
#include "analyze/trace_reader.h"

namespace spoor::analyze {

void PrintTo(const PathSegment& segment, std::ostream* out) {
  *out << "{row " << static_cast<int64_t>(static_cast<int32_t>(segment.row)) << ", kind "
       << static_cast<int>(segment.kind) << ", " << segment.start_ns << " to " << segment.end_ns << "}";
}
void PrintTo(const ServiceTime& service, std::ostream* out) { *out << service.name << " " << service.time_ns; }

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum SpanKind;
using enum PathKind;

constexpr uint32_t kNoRow = PathSegment::kNoRow;

std::vector<PathSegment> SegmentsOf(const std::vector<MadeSpan>& spans) {
  return FindCriticalPath(MadeTrace(spans)).segments;
}

// --- The definition, written down as slowly and plainly as it reads. -------------------------------------------------

class ReferencePath {
 public:
  explicit ReferencePath(const Trace& trace) : trace_(trace), reader_(trace) {}

  CriticalPath Find() {
    if (trace_.spans.empty()) return {};
    CriticalPath path;
    if (!trace_.root_missing) {
      path = {reader_.start_ns(trace_.root), reader_.end_ns(trace_.root), {}};
      path.segments = Of(trace_.root, path.start_ns, path.end_ns);
      return path;
    }
    path.start_ns = UINT64_MAX;
    for (uint32_t row = 0; row < trace_.spans.size(); ++row) {
      path.start_ns = std::min(path.start_ns, reader_.start_ns(row));
      path.end_ns = std::max(path.end_ns, reader_.end_ns(row));
    }
    path.segments = Of(kNoRow, path.start_ns, path.end_ns);
    return path;
  }

 private:
  struct Child {
    uint32_t row;
    uint64_t start, end;  // cut
  };

  bool IsChild(uint32_t row, uint32_t of) const { return trace_.spans[row].parent == of; }  // kNoRow is kNoParent
  bool IsMessage(uint32_t row, uint32_t parent) const {
    return parent != kNoRow && reader_.kind(parent) == kProducer && reader_.kind(row) == kConsumer &&
           reader_.end_ns(row) > reader_.end_ns(parent);
  }
  bool IsLeftBehind(uint32_t row, uint32_t parent) const {
    if (parent == kNoRow || reader_.service(row) != reader_.service(parent)) return false;
    if (reader_.kind(row) == kServer || reader_.kind(row) == kConsumer) return false;
    const uint64_t behind = std::max(reader_.end_ns(row), reader_.end_ns(parent)) - reader_.end_ns(parent);
    return behind * 4 > reader_.end_ns(row) - reader_.start_ns(row);
  }
  std::vector<Child> ChildrenOf(uint32_t parent, uint64_t start, uint64_t end) const {
    std::vector<Child> children;
    for (uint32_t row = 0; row < trace_.spans.size(); ++row) {
      if (!IsChild(row, parent) || IsMessage(row, parent) || IsLeftBehind(row, parent)) continue;
      const Child child{row, std::max(start, reader_.start_ns(row)), std::min(end, reader_.end_ns(row))};
      if (child.start < child.end) children.push_back(child);
    }
    return children;
  }

  static bool IsTolerated(uint64_t overlap, uint64_t shorter) {
    return overlap * 16 <= shorter || (overlap <= 1000 && overlap * 4 <= shorter);
  }

  bool GoesBefore(const Child& a, const Child& b) const {
    if (a.end != b.end) return a.end > b.end;
    if (reader_.end_ns(a.row) != reader_.end_ns(b.row)) return reader_.end_ns(a.row) < reader_.end_ns(b.row);
    if (a.start != b.start) return a.start < b.start;
    return a.row < b.row;
  }

  PathKind KindOf(uint32_t row) const {
    if (row == kNoRow) return kGap;
    const SpanKind kind = reader_.kind(row);
    if (kind != kClient && kind != kProducer) return kWork;
    bool calls = false, alone = true;
    for (uint32_t child = 0; child < trace_.spans.size(); ++child) {
      if (!IsChild(child, row) || IsMessage(child, row)) continue;
      alone = false;
      const bool called = reader_.kind(child) == kServer || reader_.kind(child) == kConsumer;
      const bool here =
          reader_.start_ns(child) <= reader_.end_ns(row) && reader_.end_ns(child) >= reader_.start_ns(row);
      calls = calls || (called && here && reader_.service(child) != reader_.service(row));
    }
    return calls ? kNetwork : alone ? kOutside : kWork;
  }

  std::vector<PathSegment> Of(uint32_t row, uint64_t start, uint64_t end) {
    const PathKind kind = KindOf(row);
    std::vector<Child> left = ChildrenOf(row, start, end);
    std::vector<PathSegment> path;  // ascending
    const auto put_first = [&](std::vector<PathSegment> more) {
      more.insert(more.end(), path.begin(), path.end());
      path = more;
    };
    uint64_t t = end;
    uint64_t after = 0;
    while (true) {
      const Child* next = nullptr;
      for (const Child& child : left) {
        const uint64_t shorter = std::min(child.end - child.start, after);
        if (child.end > t && !IsTolerated(child.end - t, shorter)) continue;
        if (next == nullptr || GoesBefore(child, *next)) next = &child;
      }
      if (next == nullptr) break;
      const Child child = *next;
      const uint64_t child_end = std::min(child.end, t);
      if (child_end < t) put_first({{row, kind, child_end, t}});
      put_first(Of(child.row, child.start, child_end));
      t = child.start;
      after = child.end - child.start;
      std::erase_if(left, [&](const Child& other) { return other.row == child.row; });
    }
    if (start < t) put_first({{row, kind, start, t}});
    return path;
  }

  const Trace& trace_;
  const TraceReader reader_;
};

void ExpectWhole(const CriticalPath& path) {
  uint64_t at_ns = path.start_ns;
  for (const PathSegment& segment : path.segments) {
    ASSERT_EQ(segment.start_ns, at_ns);
    ASSERT_GT(segment.end_ns, segment.start_ns);
    at_ns = segment.end_ns;
  }
  ASSERT_EQ(at_ns, path.end_ns);
}

// --- Single spans
// -----------------------------------------------------------------------------------------------------

TEST(CriticalPath, OfOneSpanIsItsOwnWork) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 100, .end_ns = 150}}), ElementsAre(PathSegment{0, kWork, 100, 150}));
}

TEST(CriticalPath, OfNoTimeHasNoSegments) {
  EXPECT_THAT(SegmentsOf({}), IsEmpty());
  const CriticalPath backwards = FindCriticalPath(MadeTrace({{.id = 1, .start_ns = 100, .end_ns = 90}}));
  EXPECT_THAT(backwards.segments, IsEmpty());
  EXPECT_EQ(backwards.start_ns, 100u);
  EXPECT_EQ(backwards.end_ns, 100u);
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 5, .end_ns = 5}, {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 9}}),
              IsEmpty());
}

TEST(CriticalPath, TakesAllOfTime) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = UINT64_MAX},
                          {.id = 2, .parent = 1, .start_ns = 1, .end_ns = UINT64_MAX - 1}}),
              ElementsAre(PathSegment{0, kWork, 0, 1}, PathSegment{1, kWork, 1, UINT64_MAX - 1},
                          PathSegment{0, kWork, UINT64_MAX - 1, UINT64_MAX}));
}

// --- Children
// ---------------------------------------------------------------------------------------------------------

TEST(CriticalPath, GoesThroughChildrenThatRunOneAfterTheOther) {
  EXPECT_THAT(
      SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                  {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 40},
                  {.id = 3, .parent = 1, .start_ns = 40, .end_ns = 90},
                  {.id = 4, .parent = 3, .start_ns = 50, .end_ns = 60}}),
      ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kWork, 10, 40}, PathSegment{2, kWork, 40, 50},
                  PathSegment{3, kWork, 50, 60}, PathSegment{2, kWork, 60, 90}, PathSegment{0, kWork, 90, 100}));
}

TEST(CriticalPath, WaitsForTheLastOfParallelChildren) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 80},
                          {.id = 3, .parent = 1, .start_ns = 10, .end_ns = 90},
                          {.id = 4, .parent = 1, .start_ns = 12, .end_ns = 30}}),
              ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kWork, 10, 90}, PathSegment{0, kWork, 90, 100}));
}

TEST(CriticalPath, PassesOverAChildThatStillRanWhenTheNextBegan) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 60},
                          {.id = 3, .parent = 1, .start_ns = 20, .end_ns = 30},
                          {.id = 4, .parent = 1, .start_ns = 40, .end_ns = 100}}),
              ElementsAre(PathSegment{0, kWork, 0, 20}, PathSegment{2, kWork, 20, 30}, PathSegment{0, kWork, 30, 40},
                          PathSegment{3, kWork, 40, 100}));
}

TEST(CriticalPath, CutsChildrenToTheirParentsWindowAllTheWayDown) {
  EXPECT_THAT(
      SegmentsOf({{.id = 1, .start_ns = 100, .end_ns = 200},
                  {.id = 2, .parent = 1, .start_ns = 90, .end_ns = 250, .service = "far"},
                  {.id = 3, .parent = 2, .start_ns = 80, .end_ns = 120, .service = "far"},
                  {.id = 4, .parent = 2, .start_ns = 190, .end_ns = 240, .service = "far"}}),
      ElementsAre(PathSegment{2, kWork, 100, 120}, PathSegment{1, kWork, 120, 190}, PathSegment{3, kWork, 190, 200}));
}

TEST(CriticalPath, LeavesOutChildrenThatRanOutsideTheirParent) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 100, .end_ns = 200},
                          {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 3, .parent = 1, .start_ns = 200, .end_ns = 300},
                          {.id = 4, .parent = 3, .start_ns = 120, .end_ns = 130},
                          {.id = 5, .parent = 1, .start_ns = 150, .end_ns = 150}}),
              ElementsAre(PathSegment{0, kWork, 100, 200}));
}

TEST(CriticalPath, DoesNotWaitForWorkThatItsProcessLeftToItself) {
  const auto with_child_until = [](uint64_t end_ns, std::string service, SpanKind kind) {
    return SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                       {.id = 2, .parent = 1, .start_ns = 5, .end_ns = 95, .name = "query"},
                       {.id = 3, .parent = 1, .start_ns = 20, .end_ns = end_ns, .service = service, .kind = kind}});
  };
  const auto query =
      ElementsAre(PathSegment{0, kWork, 0, 5}, PathSegment{1, kWork, 5, 95}, PathSegment{0, kWork, 95, 100});
  const auto other = ElementsAre(PathSegment{0, kWork, 0, 20}, PathSegment{2, kWork, 20, 100});
  EXPECT_THAT(with_child_until(300, "shop", kInternal), query);
  EXPECT_THAT(with_child_until(128, "shop", kInternal), query);
  EXPECT_THAT(with_child_until(126, "shop", kInternal), other) << "ended by a callback a little later";
  EXPECT_THAT(with_child_until(300, "shop", kServer), other) << "maybe another host's clock";
  EXPECT_THAT(with_child_until(300, "bank", kInternal), other);
}

TEST(CriticalPath, PrefersAmongChildrenThatWereCutTheOneThatWasNot) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 2, .parent = 1, .start_ns = 50, .end_ns = 500, .service = "far"},
                          {.id = 3, .parent = 1, .start_ns = 60, .end_ns = 100}}),
              ElementsAre(PathSegment{0, kWork, 0, 60}, PathSegment{2, kWork, 60, 100}));
}

TEST(CriticalPath, TakesOfEqualEndsTheLongestAndOfEqualTimesTheFirst) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 2, .parent = 1, .start_ns = 60, .end_ns = 90},
                          {.id = 3, .parent = 1, .start_ns = 10, .end_ns = 90}}),
              ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kWork, 10, 90}, PathSegment{0, kWork, 90, 100}));
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 10},
                          {.id = 3, .parent = 1, .start_ns = 0, .end_ns = 10, .name = "second by id"},
                          {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 10}}),
              ElementsAre(PathSegment{1, kWork, 0, 10}));
}

TEST(CriticalPath, GoesThroughFailedSpansLikeThroughOthers) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100, .failed = true},
                          {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 60, .failed = true}}),
              ElementsAre(PathSegment{1, kWork, 0, 60}, PathSegment{0, kWork, 60, 100}));
}

// --- The tolerance
// ------------------------------------------------------------------------------------------------------

std::vector<PathSegment> TwoInTurn(uint64_t first_end_ns, uint64_t second_start_ns, uint64_t end_ns) {
  return SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = end_ns},
                     {.id = 2, .parent = 1, .start_ns = 0, .end_ns = first_end_ns},
                     {.id = 3, .parent = 1, .start_ns = second_start_ns, .end_ns = end_ns}});
}

TEST(CriticalPath, CountsChildrenThatOverlapALittleAsInTurn) {
  EXPECT_THAT(TwoInTurn(160'000, 150'000, 500'000),
              ElementsAre(PathSegment{1, kWork, 0, 150'000}, PathSegment{2, kWork, 150'000, 500'000}));
  EXPECT_THAT(TwoInTurn(160'000, 149'999, 500'000),
              ElementsAre(PathSegment{0, kWork, 0, 149'999}, PathSegment{2, kWork, 149'999, 500'000}))
      << "a nanosecond more than 1/16 of the first";
  EXPECT_THAT(TwoInTurn(500'000, 490'000, 650'000),
              ElementsAre(PathSegment{1, kWork, 0, 490'000}, PathSegment{2, kWork, 490'000, 650'000}));
  EXPECT_THAT(TwoInTurn(500'000, 490'000, 649'000),
              ElementsAre(PathSegment{0, kWork, 0, 490'000}, PathSegment{2, kWork, 490'000, 649'000}))
      << "more than 1/16 of the second";
}

TEST(CriticalPath, ForgivesShortSpansAMicrosecond) {
  EXPECT_THAT(TwoInTurn(5'000, 4'000, 8'000),
              ElementsAre(PathSegment{1, kWork, 0, 4'000}, PathSegment{2, kWork, 4'000, 8'000}));
  EXPECT_THAT(TwoInTurn(5'000, 3'999, 8'000),
              ElementsAre(PathSegment{0, kWork, 0, 3'999}, PathSegment{2, kWork, 3'999, 8'000}));
  EXPECT_THAT(TwoInTurn(3'999, 2'999, 8'000),
              ElementsAre(PathSegment{0, kWork, 0, 2'999}, PathSegment{2, kWork, 2'999, 8'000}))
      << "1 us is more than 1/4 of the first";
}

TEST(CriticalPath, GivesAToleratedChildOnlyTheTimeBeforeTheNext) {
  EXPECT_THAT(
      SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 300},
                  {.id = 2, .parent = 1, .start_ns = 0, .end_ns = 105},
                  {.id = 3, .parent = 2, .start_ns = 50, .end_ns = 104},
                  {.id = 4, .parent = 1, .start_ns = 100, .end_ns = 300}}),
      ElementsAre(PathSegment{1, kWork, 0, 50}, PathSegment{2, kWork, 50, 100}, PathSegment{3, kWork, 100, 300}));
}

// --- Calls
// --------------------------------------------------------------------------------------------------------------

TEST(CriticalPath, TellsTheNetworkFromTheServer) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100},
                          {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 90, .kind = kClient},
                          {.id = 3, .parent = 2, .start_ns = 15, .end_ns = 80, .service = "bank", .kind = kServer}}),
              ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kNetwork, 10, 15}, PathSegment{2, kWork, 15, 80},
                          PathSegment{1, kNetwork, 80, 90}, PathSegment{0, kWork, 90, 100}));
}

TEST(CriticalPath, CallsAClientWithoutAChildOutside) {
  EXPECT_THAT(
      SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100, .kind = kServer},
                  {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 90, .kind = kClient}}),
      ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kOutside, 10, 90}, PathSegment{0, kWork, 90, 100}));
}

TEST(CriticalPath, CallsTheTimeOfAClientItsOwnWhereItsChildrenAreOfItsService) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100, .kind = kClient},
                          {.id = 2, .parent = 1, .start_ns = 10, .end_ns = 90, .kind = kServer}}),
              ElementsAre(PathSegment{0, kWork, 0, 10}, PathSegment{1, kWork, 10, 90}, PathSegment{0, kWork, 90, 100}));
}

TEST(CriticalPath, SeesAServerThatTookNoTime) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 0, .end_ns = 100, .kind = kClient},
                          {.id = 2, .parent = 1, .start_ns = 50, .end_ns = 50, .service = "bank", .kind = kServer}}),
              ElementsAre(PathSegment{0, kNetwork, 0, 100}));
}

TEST(CriticalPath, DoesNotWaitForMessagesToBeConsumed) {
  const MadeSpan root{.id = 1, .start_ns = 0, .end_ns = 1000};
  const MadeSpan producer{.id = 2, .parent = 1, .start_ns = 100, .end_ns = 200, .kind = kProducer};
  const auto with_consumer = [&](uint64_t start_ns, uint64_t end_ns) {
    return SegmentsOf(
        {root,
         producer,
         {.id = 3, .parent = 2, .start_ns = start_ns, .end_ns = end_ns, .service = "mail", .kind = kConsumer}});
  };
  const auto detached =
      ElementsAre(PathSegment{0, kWork, 0, 100}, PathSegment{1, kOutside, 100, 200}, PathSegment{0, kWork, 200, 1000});
  EXPECT_THAT(with_consumer(5000, 9000), detached) << "long after";
  EXPECT_THAT(with_consumer(300, 400), detached) << "while the root still runs";
  EXPECT_THAT(with_consumer(150, 400), detached) << "before the broker has answered the producer";
  EXPECT_THAT(with_consumer(150, 190), ElementsAre(PathSegment{0, kWork, 0, 100}, PathSegment{1, kNetwork, 100, 150},
                                                   PathSegment{2, kWork, 150, 190}, PathSegment{1, kNetwork, 190, 200},
                                                   PathSegment{0, kWork, 200, 1000}))
      << "request and reply over messages";
}

// --- Roots
// --------------------------------------------------------------------------------------------------------------

TEST(CriticalPath, CoversTheWholeTraceWhereTheRootIsMissing) {
  const CriticalPath path =
      FindCriticalPath(MadeTrace({{.id = 2, .parent = 1, .start_ns = 10, .end_ns = 40},
                                  {.id = 3, .parent = 1, .start_ns = 60, .end_ns = 90},
                                  {.id = 4, .parent = 3, .start_ns = 80, .end_ns = 120, .service = "far"}}));
  EXPECT_EQ(path.start_ns, 10u);
  EXPECT_EQ(path.end_ns, 120u);
  EXPECT_THAT(path.segments, ElementsAre(PathSegment{0, kWork, 10, 40}, PathSegment{kNoRow, kGap, 40, 60},
                                         PathSegment{1, kWork, 60, 80}, PathSegment{2, kWork, 80, 90},
                                         PathSegment{kNoRow, kGap, 90, 120}));
}

TEST(CriticalPath, OfARootIgnoresSpansWithoutAParentHere) {
  EXPECT_THAT(SegmentsOf({{.id = 1, .start_ns = 100, .end_ns = 200},
                          {.id = 2, .parent = 77, .start_ns = 50, .end_ns = 150},
                          {.id = 3, .parent = 0, .start_ns = 120, .end_ns = 190}}),
              ElementsAre(PathSegment{1, kWork, 100, 200}));
}

TEST(CriticalPath, SharesItsTimeByService) {
  const Trace trace = MadeTrace({{.id = 2, .parent = 1, .start_ns = 10, .end_ns = 40},
                                 {.id = 3, .parent = 2, .start_ns = 20, .end_ns = 40, .service = "bank"},
                                 {.id = 4, .parent = 1, .start_ns = 70, .end_ns = 90, .service = "bank"}});
  EXPECT_THAT(CriticalPathByService(trace),
              ElementsAre(ServiceTime{"bank", 40}, ServiceTime{"", 30}, ServiceTime{"shop", 10}));
  EXPECT_THAT(CriticalPathByService(MadeTrace({})), IsEmpty());
}

// --- Random traces
// ------------------------------------------------------------------------------------------------------

TEST(CriticalPath, IsWhatTheDefinitionSaysOnRandomTraces) {
  RandomTraces traces(20'261'124);
  size_t segments = 0;
  for (int i = 0; i < 20'000; ++i) {
    SCOPED_TRACE(i);
    const Trace trace = traces.Next();
    const CriticalPath path = FindCriticalPath(trace);
    const CriticalPath expected = ReferencePath(trace).Find();
    ASSERT_EQ(path.start_ns, expected.start_ns);
    ASSERT_EQ(path.end_ns, expected.end_ns);
    ASSERT_EQ(path.segments, expected.segments);
    ASSERT_NO_FATAL_FAILURE(ExpectWhole(path));
    uint64_t by_service_ns = 0;
    for (const ServiceTime& service : TimeByService(trace, path)) by_service_ns += service.time_ns;
    ASSERT_EQ(by_service_ns, path.duration_ns());
    segments += path.segments.size();
  }
  EXPECT_GT(segments, 80'000u) << "the traces are not that simple";
}

// --- Size
// ---------------------------------------------------------------------------------------------------------------

void FindAndTell(const std::string& shape, const std::vector<MadeSpan>& spans, size_t segments_min) {
  const Trace trace = MadeTrace(spans);
  const auto before = std::chrono::steady_clock::now();
  const CriticalPath path = FindCriticalPath(trace);
  const auto between = std::chrono::steady_clock::now();
  const auto services = CriticalPathByService(trace);
  const auto after = std::chrono::steady_clock::now();
  ExpectWhole(path);
  EXPECT_GE(path.segments.size(), segments_min);
  const auto us = [](auto time) { return std::chrono::duration_cast<std::chrono::microseconds>(time).count(); };
  std::cout << shape << ": " << path.segments.size() << " segments in " << us(between - before) << " us, by service in "
            << us(after - between) << " us\n";
}

TEST(CriticalPath, IsQuickForAnyShape) {
  std::vector<MadeSpan> flat{{.id = 1, .start_ns = 0, .end_ns = 20'000'000}};
  std::vector<MadeSpan> parallel = flat;
  for (SpanId id = 2; id <= 20'001; ++id) {
    flat.push_back({.id = id, .parent = 1, .start_ns = id * 900, .end_ns = id * 900 + 800});
    parallel.push_back({.id = id, .parent = 1, .start_ns = id, .end_ns = 19'000'000 - id});
  }
  FindAndTell("20,000 children in turn", flat, 40'000);
  FindAndTell("20,000 children at once", parallel, 3);

  std::vector<MadeSpan> deep;
  for (SpanId id = 1; id <= 1'000'000; ++id) {
    deep.push_back({.id = id, .parent = id - 1, .start_ns = id, .end_ns = 10'000'000 - id});
  }
  FindAndTell("a chain 1,000,000 deep", deep, 1'999'999);
  deep.resize(5'000);
  FindAndTell("a chain 5,000 deep", deep, 9'999);

  std::vector<MadeSpan> wide{{.id = 1, .start_ns = 0, .end_ns = 4'000'000'000}};
  for (SpanId id = 2; id <= 1'000'000; ++id) {
    const MadeSpan& parent = wide[(id - 2) / 4];
    const uint64_t quarter_ns = (parent.end_ns - parent.start_ns) / 4;
    const uint64_t start_ns = parent.start_ns + (id - 2) % 4 * quarter_ns;
    wide.push_back({.id = id, .parent = parent.id, .start_ns = start_ns, .end_ns = start_ns + quarter_ns * 9 / 10});
  }
  FindAndTell("1,000,000 spans, four a parent", wide, 1'000'000);
}

}  // namespace
}  // namespace spoor::analyze
