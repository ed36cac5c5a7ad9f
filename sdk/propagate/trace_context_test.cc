// W3C trace context, level 2, rule by rule. The cases follow the specification's own test plan.
#include <gtest/gtest.h>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Headers;

const std::string kTrace = "12345678901234567890123456789012";
const std::string kSpan = "1234567890123456";
const std::string kGood = "00-" + kTrace + "-" + kSpan + "-01";

SpanContext Extract(const Headers& headers) { return TraceContextPropagator()->Extract(headers).span().context(); }
SpanContext Parent(const std::string& traceparent) { return Extract({{"traceparent", traceparent}}); }
std::string State(std::initializer_list<std::string> headers) {
  std::initializer_list<std::pair<const std::string, std::string>> none = {};
  Headers all(none);
  struct Multi : HeaderReader {
    std::vector<std::string> states;
    std::vector<std::string_view> Values(std::string_view name) const override {
      if (name == "traceparent") return {kGood};
      return {states.begin(), states.end()};
    }
  } reader;
  reader.states = headers;
  const Context context = TraceContextPropagator()->Extract(reader);
  EXPECT_TRUE(context.span().context().IsValid()) << "a bad tracestate must not harm traceparent";
  return context.span().context().trace_state().ToHeader();
}

TEST(TraceContext, TakesAGoodTraceparent) {
  const SpanContext parent = Parent(kGood);
  EXPECT_EQ(parent.trace_id().ToHex(), kTrace);
  EXPECT_EQ(parent.span_id().ToHex(), kSpan);
  EXPECT_TRUE(parent.IsSampled());
  EXPECT_TRUE(parent.IsRemote());
}

TEST(TraceContext, ToleratesBlanksAroundTheValue) {
  EXPECT_TRUE(Parent(" " + kGood).IsValid());
  EXPECT_TRUE(Parent("\t" + kGood + " \t").IsValid());
}

TEST(TraceContext, BeginsAnewWithoutTraceparentOrWithTwo) {
  EXPECT_FALSE(Extract({}).IsValid());
  EXPECT_FALSE(Extract({{"traceparent", kGood}, {"traceparent", kGood}}).IsValid());
  EXPECT_FALSE(Extract({{"traceparent", kGood + "," + kGood}}).IsValid());
  EXPECT_FALSE(Extract({{"tracestate", "a=1"}}).IsValid());
}

TEST(TraceContext, RefusesWhatBreaksARuleOfVersionZero) {
  EXPECT_FALSE(Parent("").IsValid());
  EXPECT_FALSE(Parent("ff-" + kTrace + "-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent(kGood + "-").IsValid());
  EXPECT_FALSE(Parent(kGood + "-what-the-future").IsValid());
  EXPECT_FALSE(Parent(kGood + ".").IsValid());
  EXPECT_FALSE(Parent(kGood.substr(0, 54)).IsValid());
  EXPECT_FALSE(Parent("00-" + std::string(32, '0') + "-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent("00-" + kTrace + "-" + std::string(16, '0') + "-01").IsValid());
  EXPECT_FALSE(Parent("00-" + kTrace.substr(1) + "A-" + kSpan + "-01").IsValid()) << "upper case";
  EXPECT_FALSE(Parent("00-" + kTrace.substr(1) + ".-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent("00-" + kTrace + "-" + kSpan.substr(1) + "G-01").IsValid());
  EXPECT_FALSE(Parent("00-" + kTrace + "-" + kSpan + "-.1").IsValid());
  EXPECT_FALSE(Parent("00-" + kTrace + "-" + kSpan + "-0A").IsValid());
  EXPECT_FALSE(Parent(".0-" + kTrace + "-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent("0-" + kTrace + "-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent("000-" + kTrace + "-" + kSpan + "-01").IsValid());
  EXPECT_FALSE(Parent("00_" + kTrace + "-" + kSpan + "-01").IsValid());
}

TEST(TraceContext, TakesWhatItKnowsOfAFutureVersion) {
  for (const std::string version : {"01", "cc", "fe"}) {
    EXPECT_TRUE(Parent(version + kGood.substr(2)).IsValid()) << version;
    EXPECT_TRUE(Parent(version + kGood.substr(2) + "-what-the-future-will-be-like").IsValid()) << version;
    EXPECT_FALSE(Parent(version + kGood.substr(2) + ".what-the-future").IsValid()) << version;
    EXPECT_FALSE(Parent(version + kGood.substr(2, 50)).IsValid()) << version;
  }
}

TEST(TraceContext, PassesOnVersionZeroAndTheFlagsThatItKnows) {
  Headers out;
  const auto propagator = TraceContextPropagator();
  propagator->Inject(propagator->Extract(Headers{{"traceparent", "cc-" + kTrace + "-" + kSpan + "-ff-more"}}), out);
  EXPECT_EQ(out["traceparent"], "00-" + kTrace + "-" + kSpan + "-03");
  EXPECT_EQ(out.size(), 1u) << "no empty tracestate";
}

TEST(TraceContext, SendsNothingWithoutASpan) {
  Headers out;
  TraceContextPropagator()->Inject(Context(), out);
  EXPECT_EQ(out.size(), 0u);
}

TEST(TraceContext, ContinuesTheRandomFlagAndSetsItOfNewTraces) {
  testing::Recording recording;
  const auto child_of = [&](const std::string& flags) {
    const Context parent = TraceContextPropagator()->Extract(Headers{{"traceparent", kGood.substr(0, 53) + flags}});
    SpanOptions options;
    options.parent = &parent;
    return recording.tracer.StartSpan("child", options).context();
  };
  EXPECT_EQ(child_of("01").flags(), trace_flags::kSampled);
  EXPECT_EQ(child_of("03").flags(), trace_flags::kSampled | trace_flags::kRandom);
  EXPECT_EQ(child_of("02").flags(), trace_flags::kRandom);
  EXPECT_EQ(recording.tracer.StartSpan("new").context().flags(), trace_flags::kSampled | trace_flags::kRandom);
}

TEST(TraceContext, JoinsTracestateHeadersInTheirOrder) {
  EXPECT_EQ(State({"foo=1", "bar=2"}), "foo=1,bar=2");
  EXPECT_EQ(State({"foo=1 \t , \t bar=2, \t baz=3"}), "foo=1,bar=2,baz=3");
  EXPECT_EQ(State({"foo=1,", "", ",bar=2"}), "foo=1,bar=2") << "empty members";
  EXPECT_EQ(State({}), "");
}

TEST(TraceContext, KeepsTheFirstOfMembersWithTheSameKey) { EXPECT_EQ(State({"foo=1,bar=2,foo=3"}), "foo=1,bar=2"); }

TEST(TraceContext, DropsTheWholeTracestateWhenOneMemberIsBad) {
  for (const std::string bad :
       {"foo", "=1", "foo@=1,Bar=2", "foo =1", "FOO=1", "foo.bar=1", "@foo=1", "-foo=1", "*foo=1",
        "foo=", "foo=bar=baz", "foo=\x7f", "foo=\x01", "f\xc3\xb6=1", "foo=\xc3\xb6", "foo 1"}) {
    EXPECT_EQ(State({"good=1," + bad}), "") << bad;
  }
}

TEST(TraceContext, TakesEveryKeyAndValueThatIsAllowed) {
  for (const std::string good : {"foo=1", "0foo=1", "foo-_*/bar=1", "foo@bar=1", "foo@=1", "foo@@bar=1", "foo= 1",
                                 "foo=a b", "foo=!\"#$%&'()*+-./:;<>?@[]^_`{|}~"}) {
    EXPECT_EQ(State({good}), good);
  }
  const std::string long_key(256, 'k');
  EXPECT_EQ(State({long_key + "=1"}), long_key + "=1");
  EXPECT_EQ(State({"k" + long_key + "=1"}), "");
  EXPECT_EQ(State({"k=" + std::string(256, 'v')}), "k=" + std::string(256, 'v'));
  EXPECT_EQ(State({"k=" + std::string(257, 'v')}), "");
}

TEST(TraceContext, TakesThirtyTwoMembersAndNoMore) {
  std::string list;
  for (int i = 0; i < 32; ++i) list += (i == 0 ? "k" : ",k") + std::to_string(i) + "=" + std::to_string(i);
  EXPECT_EQ(State({list}), list);
  EXPECT_EQ(State({list + ",k32=32"}), "");
  EXPECT_EQ(State({list + ",k1=1"}), "");
}

TEST(TraceState, PutsWhatIsSetLeftmostAndKeepsTheOrderOfTheRest) {
  const TraceState state = *TraceState::FromHeader("a=1,b=2,c=3");
  EXPECT_EQ(state.Set("b", "9").ToHeader(), "b=9,a=1,c=3");
  EXPECT_EQ(state.Set("new", "1").ToHeader(), "new=1,a=1,b=2,c=3");
  EXPECT_EQ(state.Set("Bad", "1"), state);
  EXPECT_EQ(state.Set("a", "x,y"), state);
  EXPECT_EQ(state.Delete("b").ToHeader(), "a=1,c=3");
  EXPECT_EQ(state.Delete("zzz"), state);
  EXPECT_EQ(state.ToHeader(), "a=1,b=2,c=3") << "it is immutable";
  EXPECT_EQ(*state.Get("c"), "3");
  EXPECT_FALSE(state.Get("d"));
}

TEST(TraceState, LosesItsLastMemberWhenOneIsSetBeyondTheMost) {
  TraceState state;
  for (int i = 0; i < 33; ++i) state = state.Set("k" + std::to_string(i), "1");
  EXPECT_EQ(state.size(), 32u);
  EXPECT_FALSE(state.Get("k0"));
  EXPECT_TRUE(state.Get("k32"));
}

TEST(TraceState, CutsWholeMembersTheLongOnesFirst) {
  const std::string longest(140, 'x'), usual(100, 'y');
  TraceState state =
      *TraceState::FromHeader("a=" + usual + ",b=" + longest + ",c=" + usual + ",d=" + usual + ",e=" + usual);
  EXPECT_EQ(state.ToHeader(), "a=" + usual + ",c=" + usual + ",d=" + usual + ",e=" + usual);
  state = *TraceState::FromHeader("a=" + usual + ",c=" + usual + ",d=" + usual + ",e=" + usual + ",f=" + usual);
  EXPECT_EQ(state.ToHeader(), "a=" + usual + ",c=" + usual + ",d=" + usual + ",e=" + usual);
}

}  // namespace
}  // namespace spoor::trace
