// B3 and Jaeger's header.
#include <gtest/gtest.h>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Headers;

const std::string kTrace = "463ac35c9f6413ad48485a3953bb6124";
const std::string kSpan = "a2fb4a1d1a96d312";

Context Extract(const PropagatorPtr& propagator, const Headers& headers) { return propagator->Extract(headers); }
Headers Inject(const PropagatorPtr& propagator, const Context& context) {
  Headers out;
  propagator->Inject(context, out);
  return out;
}

TEST(B3, ReadsTheSingleHeader) {
  const Context sampled = Extract(B3SinglePropagator(), {{"b3", kTrace + "-" + kSpan + "-1-05e3ac9a4f6e3b90"}});
  EXPECT_EQ(sampled.span().context().trace_id().ToHex(), kTrace);
  EXPECT_EQ(sampled.span().context().span_id().ToHex(), kSpan);
  EXPECT_TRUE(sampled.span().context().IsSampled());
  EXPECT_TRUE(sampled.span().context().IsRemote());
  EXPECT_FALSE(Extract(B3SinglePropagator(), {{"b3", kTrace + "-" + kSpan + "-0"}}).span().context().IsSampled());
  EXPECT_TRUE(Extract(B3SinglePropagator(), {{"b3", kTrace + "-" + kSpan}}).span().context().IsValid());
}

TEST(B3, ReadsTheHeadersOneByOne) {
  for (const std::string sampled : {"1", "true"}) {
    const Context context =
        Extract(B3MultiPropagator(), {{"x-b3-traceid", kTrace}, {"x-b3-spanid", kSpan}, {"x-b3-sampled", sampled}});
    EXPECT_EQ(context.span().context().trace_id().ToHex(), kTrace);
    EXPECT_TRUE(context.span().context().IsSampled());
  }
  EXPECT_FALSE(
      Extract(B3MultiPropagator(), {{"x-b3-traceid", kTrace}, {"x-b3-spanid", kSpan}, {"x-b3-sampled", "false"}})
          .span()
          .context()
          .IsSampled());
}

TEST(B3, ReadsBothFormsAndPrefersTheSingleOne) {
  const std::string other(32, 'b');
  const Headers both = {{"b3", kTrace + "-" + kSpan + "-1"}, {"x-b3-traceid", other}, {"x-b3-spanid", kSpan}};
  for (const auto& propagator : {B3SinglePropagator(), B3MultiPropagator()}) {
    EXPECT_EQ(Extract(propagator, both).span().context().trace_id().ToHex(), kTrace);
    EXPECT_EQ(Extract(propagator, {{"b3", "nonsense"}, {"x-b3-traceid", other}, {"x-b3-spanid", kSpan}})
                  .span()
                  .context()
                  .trace_id()
                  .ToHex(),
              other);
  }
}

TEST(B3, WidensShortTraceIdsAndTakesUpperCase) {
  const Context context = Extract(B3SinglePropagator(), {{"b3", "48485A3953BB6124-A2FB4A1D1A96D312-1"}});
  EXPECT_EQ(context.span().context().trace_id().ToHex(), "000000000000000048485a3953bb6124");
  EXPECT_EQ(context.span().context().span_id().ToHex(), kSpan);
}

TEST(B3, RefusesWhatIsNoContext) {
  for (const std::string bad :
       {"", "0", "1", "d", "-", "x-y-1", "463ac35c9f6413ad-", "00000000000000000000000000000000-a2fb4a1d1a96d312",
        "463ac35c9f6413ad48485a3953bb6124-0000000000000000", "463ac35c9f6413ad48485a3953bb612-a2fb4a1d1a96d312"}) {
    EXPECT_FALSE(Extract(B3SinglePropagator(), {{"b3", bad}}).span().context().IsValid()) << bad;
  }
  EXPECT_FALSE(Extract(B3MultiPropagator(), {{"x-b3-traceid", kTrace}}).span().context().IsValid());
}

TEST(B3, PassesDebugOnThroughTheSpansOfThisProcess) {
  testing::Recording recording;
  const Context caller = Extract(B3SinglePropagator(), {{"b3", kTrace + "-" + kSpan + "-d"}});
  EXPECT_TRUE(caller.is_debug());
  EXPECT_TRUE(caller.span().context().IsSampled());
  const Scope scope(caller);
  const ActiveSpan server(recording.tracer, "server");
  const ActiveSpan client(recording.tracer, "client");
  const Headers single = Inject(B3SinglePropagator(), Context::Current());
  EXPECT_EQ(single["b3"], kTrace + "-" + client->context().span_id().ToHex() + "-d");
  const Headers multi = Inject(B3MultiPropagator(), Context::Current());
  EXPECT_EQ(multi["x-b3-flags"], "1");
  EXPECT_EQ(multi["x-b3-sampled"], "") << "debug implies it";
  EXPECT_TRUE(Extract(B3MultiPropagator(), multi).is_debug());
}

TEST(B3, SendsOneHeaderOrThree) {
  const Context context = Extract(B3SinglePropagator(), {{"b3", kTrace + "-" + kSpan + "-1"}});
  const Headers single = Inject(B3SinglePropagator(), context);
  EXPECT_EQ(single.size(), 1u);
  EXPECT_EQ(single["b3"], kTrace + "-" + kSpan + "-1");
  const Headers multi = Inject(B3MultiPropagator(), context);
  EXPECT_EQ(multi.size(), 3u) << "and no parent";
  EXPECT_EQ(multi["x-b3-traceid"], kTrace);
  EXPECT_EQ(multi["x-b3-spanid"], kSpan);
  EXPECT_EQ(multi["x-b3-sampled"], "1");
  EXPECT_EQ(Inject(B3SinglePropagator(), Context()).size(), 0u);
}

TEST(JaegerHeader, ReadsIdsOfAnyLengthAlsoEncoded) {
  const auto context = [](const std::string& value) {
    return Extract(JaegerPropagator(), {{"uber-trace-id", value}}).span().context();
  };
  EXPECT_EQ(context(kTrace + ":" + kSpan + ":0:1").trace_id().ToHex(), kTrace);
  EXPECT_EQ(context("abc:1f:0:1").trace_id().ToHex(), std::string(29, '0') + "abc");
  EXPECT_EQ(context("abc:1f:0:1").span_id().ToHex(), "000000000000001f");
  EXPECT_TRUE(context("abc%3A1f%3A0%3A1").IsSampled());
  EXPECT_FALSE(context("abc:1f:0:0").IsSampled());
  EXPECT_TRUE(context("abc:1f:ff:3").IsSampled());
  for (const std::string bad :
       {"", "abc", "abc:1f", "abc:1f:0", "0:1f:0:1", "abc:0:0:1", "abc:1f:0:", "abc:1f:0:1:2", "xyz:1f:0:1", "%3"}) {
    EXPECT_FALSE(context(bad).IsValid()) << bad;
  }
}

TEST(JaegerHeader, SendsWhatItReadsAndPassesDebugOn) {
  const Context plain = Extract(JaegerPropagator(), {{"uber-trace-id", kTrace + ":" + kSpan + ":77:1"}});
  EXPECT_EQ(Inject(JaegerPropagator(), plain)["uber-trace-id"], kTrace + ":" + kSpan + ":0:1");
  const Context debug = Extract(JaegerPropagator(), {{"uber-trace-id", kTrace + ":" + kSpan + ":0:3"}});
  EXPECT_EQ(Inject(JaegerPropagator(), debug)["uber-trace-id"], kTrace + ":" + kSpan + ":0:3");
}

TEST(PropagatorFromEnvironment, MakesWhatIsNamedAndSaysWhatItDoesNotKnow) {
  const testing::Diagnostics diagnostics;
  const auto fields = [](const char* names) {
    const testing::Environment environment{{"OTEL_PROPAGATORS", names}};
    std::string text;
    for (const std::string& field : PropagatorFromEnvironment()->Fields()) text += field + " ";
    return text;
  };
  EXPECT_EQ(fields(""), "traceparent tracestate baggage ");
  EXPECT_EQ(fields("b3"), "b3 ");
  EXPECT_EQ(fields(" jaeger , tracecontext,jaeger"), "uber-trace-id traceparent tracestate ");
  EXPECT_EQ(fields("none"), "");
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(fields("xray,baggage"), "baggage ");
  EXPECT_NE(diagnostics.text().find("xray"), std::string::npos);
}

}  // namespace
}  // namespace spoor::trace
