#include "api/context.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

Span Named(uint64_t id) { return Span(SpanContext({0, id}, {id}, 1)); }
uint64_t Current() { return CurrentSpan().context().span_id().value; }

TEST(Scope, MakesASpanCurrentUntilItEnds) {
  EXPECT_EQ(Current(), 0u);
  {
    const Scope outer(Named(1));
    EXPECT_EQ(Current(), 1u);
    {
      const Scope inner(Named(2));
      EXPECT_EQ(Current(), 2u);
    }
    EXPECT_EQ(Current(), 1u);
  }
  EXPECT_EQ(Current(), 0u);
}

TEST(Scope, MayEndInAnyOrder) {
  std::optional<Scope> a(std::in_place, Named(1)), b(std::in_place, Named(2)), c(std::in_place, Named(3));
  b.reset();
  EXPECT_EQ(Current(), 3u);
  a.reset();
  EXPECT_EQ(Current(), 3u);
  c.reset();
  EXPECT_EQ(Current(), 0u);
}

TEST(Scope, KeepsBaggageAndDebugWhenOnlyTheSpanChanges) {
  const Scope outer(Context(Named(1), Baggage().Set("k", "v")).WithDebug(true));
  const Scope inner(Named(2));
  EXPECT_EQ(*Context::Current().baggage().Get("k"), "v");
  EXPECT_TRUE(Context::Current().is_debug());
}

TEST(Scope, IsTheThreadsOwn) {
  const Scope scope(Named(1));
  std::thread([] {
    EXPECT_EQ(Current(), 0u);
    const Scope there(Named(2));
    EXPECT_EQ(Current(), 2u);
  }).join();
  EXPECT_EQ(Current(), 1u);
}

TEST(Scope, EndsForItsThreadWhenAnotherOneEndsIt) {
  std::optional<Scope> outer(std::in_place, Named(1)), inner(std::in_place, Named(2));
  std::thread([moved = std::move(*inner)]() mutable {
    const Scope here(Named(3));
    moved.End();
    EXPECT_EQ(Current(), 3u);
  }).join();
  EXPECT_EQ(Current(), 1u);
}

TEST(Scope, MayOutliveItsThread) {
  std::optional<Scope> scope;
  std::thread([&] { scope.emplace(Named(1)); }).join();
  EXPECT_EQ(Current(), 0u);
  scope.reset();
  EXPECT_EQ(Current(), 0u);
}

TEST(Scope, MovesWithItsOwner) {
  std::optional<Scope> scope(std::in_place, Named(1));
  Scope moved(std::move(*scope));
  scope.reset();
  EXPECT_EQ(Current(), 1u);
  moved = Scope(Named(2));
  EXPECT_EQ(Current(), 2u) << "the new one is in place before the old one goes";
  moved.End();
  moved.End();
  EXPECT_EQ(Current(), 0u);
}

TEST(Scope, MayBeDeeperThanWhatIsKeptAtHand) {
  std::vector<Scope> scopes;
  for (uint64_t i = 1; i <= 100; ++i) {
    scopes.emplace_back(Named(i));
    EXPECT_EQ(Current(), i);
  }
  while (!scopes.empty()) {
    EXPECT_EQ(Current(), scopes.size());
    scopes.pop_back();
  }
  EXPECT_EQ(Current(), 0u);
}

TEST(ActiveSpan, IsTheParentOfWhatBeginsWithinAndEndsWithItsBlock) {
  testing::Recording recording;
  {
    const ActiveSpan outer(recording.tracer, "outer");
    const ActiveSpan inner(recording.tracer, "inner");
    EXPECT_EQ(inner->context().trace_id(), outer->context().trace_id());
    EXPECT_EQ(CurrentSpan().context(), inner->context());
  }
  const auto spans = recording.Take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].name(), "inner");
  EXPECT_EQ(spans[0].parent_id(), spans[1].context().span_id());
  EXPECT_FALSE(spans[1].parent_id().IsValid());
}

TEST(ActiveSpan, EndsTheSpanThoughCopiesOfItLive) {
  testing::Recording recording;
  Span copy;
  {
    const ActiveSpan span(recording.tracer, "span");
    copy = *span;
  }
  EXPECT_EQ(recording.Take().size(), 1u);
  EXPECT_FALSE(copy.IsRecording());
}

TEST(ActiveSpan, MayEndOutOfOrderAndOnAnotherThread) {
  testing::Recording recording;
  std::optional<ActiveSpan> a(std::in_place, recording.tracer, "a"), b(std::in_place, recording.tracer, "b");
  a.reset();
  EXPECT_EQ(recording.Take().size(), 1u);
  EXPECT_EQ(CurrentSpan().context(), (*b)->context());
  std::thread([moved = std::move(*b)] {}).join();
  EXPECT_EQ(recording.Take().size(), 1u);
  EXPECT_FALSE(CurrentSpan().context().IsValid());
}

TEST(ActiveSpan, ThatWasMovedFromTakesEverythingInSilence) {
  testing::Recording recording;
  ActiveSpan span(recording.tracer, "span");
  const ActiveSpan moved(std::move(span));
  span->SetAttribute("k", 1);
  EXPECT_FALSE(span->context().IsValid());
  EXPECT_TRUE(moved->IsRecording());
}

// Traces from the last destructors of a thread, when the library's own have already run.
struct TracesAtTheEnd {
  Tracer tracer;
  ~TracesAtTheEnd() {
    const ActiveSpan outer(tracer, "late outer");
    ActiveSpan inner(tracer, "late inner");
    inner->SetAttribute("k", 1);
  }
};

TEST(ActiveSpan, WorksWhileItsThreadEnds) {
  testing::Recording recording;
  std::thread([&] {
    thread_local TracesAtTheEnd at_the_end;  // made before the library's, so destroyed behind it
    at_the_end.tracer = recording.tracer;
    const ActiveSpan usual(recording.tracer, "usual");
  }).join();
  EXPECT_EQ(recording.Take().size(), 3u);
}

}  // namespace
}  // namespace spoor::trace
