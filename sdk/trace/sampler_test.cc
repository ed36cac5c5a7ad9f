#include "api/sampler.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

constexpr TraceId kLowest{0xFFFFFFFFFFFFFFFF, 0xFF00000000000000};  // 0 in its low 56 bits
constexpr TraceId kMiddle{0, 0x0080000000000000};                   // exactly half of them
constexpr TraceId kBelowMiddle{0, 0xFF7FFFFFFFFFFFFF};
constexpr TraceId kHighest{0, 0x00FFFFFFFFFFFFFF};

SamplingDecision Ask(const SamplerPtr& sampler, TraceId trace_id, const SpanContext& parent = {}) {
  return sampler->ShouldSample({parent, trace_id, "span", SpanKind::kInternal, {}, {}}).decision;
}
bool Samples(const SamplerPtr& sampler, TraceId trace_id, const SpanContext& parent = {}) {
  return Ask(sampler, trace_id, parent) == SamplingDecision::kRecordAndSample;
}
SpanContext Parent(bool is_sampled, bool is_remote) {
  return {kMiddle, SpanId{1}, is_sampled ? trace_flags::kSampled : uint8_t{0}, is_remote};
}

TEST(Sampler, AlwaysOnAndAlwaysOffDecideWithoutLooking) {
  for (const TraceId id : {kLowest, kMiddle, kHighest}) {
    EXPECT_TRUE(Samples(AlwaysOnSampler(), id));
    EXPECT_EQ(Ask(AlwaysOffSampler(), id), SamplingDecision::kDrop);
  }
}

TEST(Sampler, RatioDecidesByTheLow56BitsOfTheTraceId) {
  const SamplerPtr half = TraceIdRatioSampler(0.5);
  EXPECT_FALSE(Samples(half, kLowest));
  EXPECT_FALSE(Samples(half, kBelowMiddle));
  EXPECT_TRUE(Samples(half, kMiddle));
  EXPECT_TRUE(Samples(half, kHighest));
}

TEST(Sampler, RatioOutsideItsBoundsCountsAsTheBound) {
  for (const double none : {0.0, -1.0, std::nan("")})
    EXPECT_FALSE(Samples(TraceIdRatioSampler(none), kHighest)) << none;
  for (const double all : {1.0, 2.0}) EXPECT_TRUE(Samples(TraceIdRatioSampler(all), kLowest)) << all;
}

TEST(Sampler, WhoeverSamplesMoreSamplesAllThatOthersDo) {
  const SamplerPtr tenth = TraceIdRatioSampler(0.1), third = TraceIdRatioSampler(0.3);
  uint64_t number = 1;
  int in_tenth = 0;
  for (int i = 0; i < 100'000; ++i) {
    number = number * 6364136223846793005u + 1442695040888963407u;
    const TraceId id{0, number ^ number >> 33};
    if (!Samples(tenth, id)) continue;
    ++in_tenth;
    EXPECT_TRUE(Samples(third, id));
  }
  EXPECT_NEAR(in_tenth, 10'000, 500);
}

TEST(Sampler, ParentBasedFollowsTheParentAndLetsTheRootDecideForNewTraces) {
  ParentBasedSlots slots;
  slots.root = TraceIdRatioSampler(0.5);
  const SamplerPtr sampler = ParentBasedSampler(std::move(slots));
  for (const bool is_remote : {true, false}) {
    EXPECT_TRUE(Samples(sampler, kLowest, Parent(true, is_remote)));
    EXPECT_FALSE(Samples(sampler, kHighest, Parent(false, is_remote)));
  }
  EXPECT_TRUE(Samples(sampler, kHighest));
  EXPECT_FALSE(Samples(sampler, kLowest));
}

TEST(Sampler, ParentBasedHasASlotForEachOfFiveCases) {
  const auto sampled_cases = [](int open) {
    ParentBasedSlots slots;
    SamplerPtr* const all[] = {&slots.root, &slots.remote_parent_sampled, &slots.remote_parent_not_sampled,
                               &slots.local_parent_sampled, &slots.local_parent_not_sampled};
    for (int i = 0; i < 5; ++i) *all[i] = i == open ? AlwaysOnSampler() : AlwaysOffSampler();
    const SamplerPtr sampler = ParentBasedSampler(std::move(slots));
    testing::Recording recording({Resource(), sampler, {}, {}, nullptr});
    std::string decisions, spans;
    const SpanContext parents[] = {
        {}, Parent(true, true), Parent(false, true), Parent(true, false), Parent(false, false)};
    for (const SpanContext& parent : parents) {
      decisions += Samples(sampler, kMiddle, parent) ? '1' : '0';
      const Context context{Span(parent)};
      SpanOptions options;
      options.parent = &context;
      spans += recording.tracer.StartSpan("span", options).context().IsSampled() ? '1' : '0';
    }
    EXPECT_EQ(decisions, spans) << "tracers go by what the sampler says";
    return decisions;
  };
  EXPECT_EQ(sampled_cases(0), "10000");
  EXPECT_EQ(sampled_cases(1), "01000");
  EXPECT_EQ(sampled_cases(2), "00100");
  EXPECT_EQ(sampled_cases(3), "00010");
  EXPECT_EQ(sampled_cases(4), "00001");
}

TEST(Sampler, DescribesItself) {
  EXPECT_EQ(AlwaysOnSampler()->Description(), "AlwaysOnSampler");
  EXPECT_EQ(AlwaysOffSampler()->Description(), "AlwaysOffSampler");
  EXPECT_EQ(TraceIdRatioSampler(0.0001)->Description(), "TraceIdRatioBased{0.000100}");
  EXPECT_EQ(ParentBasedSampler({})->Description(),
            "ParentBased{root=AlwaysOnSampler,remoteParentSampled=AlwaysOnSampler,"
            "remoteParentNotSampled=AlwaysOffSampler,localParentSampled=AlwaysOnSampler,"
            "localParentNotSampled=AlwaysOffSampler}");
}

// Says what it is told to.
class Scripted final : public Sampler {
 public:
  explicit Scripted(SamplingDecision decision) : decision_(decision) {}
  SamplingResult ShouldSample(const SamplingParameters& parameters) noexcept override {
    seen_name = parameters.name;
    seen_trace = parameters.trace_id;
    SamplingResult result{decision_, Attributes(&attribute_, 1), std::nullopt};
    if (!state.IsEmpty()) result.trace_state = state;
    return result;
  }
  std::string Description() const override { return "Scripted"; }

  std::string seen_name;
  TraceId seen_trace;
  TraceState state;

 private:
  const SamplingDecision decision_;
  const Attribute attribute_{"sampler.says", "hello"};
};

TEST(Sampler, OfOnesOwnSeesTheSpanAndAddsAttributesAndState) {
  const auto scripted = std::make_shared<Scripted>(SamplingDecision::kRecordAndSample);
  testing::Recording recording({Resource(), scripted, {}, {}, nullptr});
  const Context parent{Span(SpanContext(kMiddle, SpanId{7}, 1, true, *TraceState::FromHeader("a=1")))};
  SpanOptions options;
  options.parent = &parent;
  recording.tracer.StartSpan("mine", options).End();
  scripted->state = *TraceState::FromHeader("b=2");
  recording.tracer.StartSpan("mine", options).End();
  EXPECT_EQ(scripted->seen_name, "mine");
  EXPECT_EQ(scripted->seen_trace, kMiddle);
  const auto spans = recording.Take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].attributes()[0].Text(), "hello");
  EXPECT_EQ(spans[0].context().trace_state().ToHeader(), "a=1") << "the parent's, where the sampler gives none";
  EXPECT_EQ(spans[1].context().trace_state().ToHeader(), "b=2");
}

TEST(Sampler, DroppedSpansStillHaveIdsOfTheirOwn) {
  testing::Recording recording({Resource(), AlwaysOffSampler(), {}, {}, nullptr});
  Span root = recording.tracer.StartSpan("root");
  EXPECT_TRUE(root.context().IsValid());
  EXPECT_FALSE(root.context().IsSampled());
  EXPECT_FALSE(root.IsRecording());
  const Scope scope(root);
  const Span child = recording.tracer.StartSpan("child");
  EXPECT_EQ(child.context().trace_id(), root.context().trace_id());
  EXPECT_NE(child.context().span_id(), root.context().span_id());
  root.End();
  EXPECT_TRUE(recording.Take().empty());
}

// Counts what comes to it.
class Counting final : public SpanProcessor {
 public:
  void OnStart(Span& span, const Context&) noexcept override {
    ++started;
    span.SetAttribute("from.on_start", true);
  }
  void OnEnd(const FinishedSpan& span) noexcept override {
    ++ended;
    attributes = span.attributes().size();
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override { return true; }
  bool Shutdown(std::chrono::milliseconds) noexcept override { return true; }
  int started = 0, ended = 0;
  size_t attributes = 0;
};

TEST(Sampler, RecordOnlySpansReachProcessorsAndNoExporter) {
  const auto counting = std::make_shared<Counting>();
  testing::Recording recording(
      {Resource(), std::make_shared<Scripted>(SamplingDecision::kRecordOnly), {counting}, {}, nullptr});
  Span span = recording.tracer.StartSpan("span");
  EXPECT_TRUE(span.IsRecording());
  EXPECT_FALSE(span.context().IsSampled());
  span.End();
  EXPECT_EQ(counting->started, 1);
  EXPECT_EQ(counting->ended, 1);
  EXPECT_EQ(counting->attributes, 2u);
  EXPECT_TRUE(recording.Take().empty());
}

}  // namespace
}  // namespace spoor::trace
