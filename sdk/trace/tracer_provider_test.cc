#include "api/tracer_provider.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>

#include "api/tracing.h"
#include "testing/http_receiver.h"
#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Environment;
using testing::Recording;

TEST(TracerProvider, MakesTracersThatDoNotRecordWithoutAProcessor) {
  TracerProvider provider({});
  const Tracer tracer = provider.GetTracer("test");
  EXPECT_FALSE(tracer.Enabled());
  const Scope scope(Span(SpanContext({1, 2}, {3}, 1, true)));
  EXPECT_EQ(tracer.StartSpan("span").context(), CurrentSpan().context()) << "the parent is passed on";
  EXPECT_EQ(Tracer().StartSpan("span").context(), CurrentSpan().context());
  EXPECT_FALSE(Tracer().Enabled());
}

TEST(TracerProvider, ChangesReachTracersThatThereAre) {
  TracerProvider provider({});
  const Tracer tracer = provider.GetTracer("test");
  const auto memory = std::make_shared<SpansInMemory>();
  provider.AddProcessor(SimpleProcessor(InMemoryExporter(memory)));
  EXPECT_TRUE(tracer.Enabled());
  tracer.StartSpan("one").End();
  provider.SetSampler(AlwaysOffSampler());
  tracer.StartSpan("two").End();
  provider.SetSampler(nullptr);
  provider.AddProcessor(nullptr);
  tracer.StartSpan("three").End();
  const auto spans = memory->Take();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[1].name(), "three");
}

TEST(TracerProvider, GivesTheSameTracerForTheSameArguments) {
  Recording recording;
  for (int i = 0; i < 2; ++i) recording.provider.GetTracer("a", "1", "url", {{"k", 1}}).StartSpan("span").End();
  recording.provider.GetTracer("a", "1", "url", {{"k", 2}}).StartSpan("span").End();
  const auto spans = recording.Take();
  EXPECT_EQ(&spans[0].scope(), &spans[1].scope());
  EXPECT_NE(&spans[0].scope(), &spans[2].scope());
}

TEST(TracerProvider, GivesATracerWithoutANameAndSaysSo) {
  const testing::Diagnostics diagnostics;
  Recording recording;
  recording.provider.GetTracer("").StartSpan("span").End();
  EXPECT_EQ(recording.Take().size(), 1u);
  EXPECT_NE(diagnostics.text().find("no name"), std::string::npos);
}

TEST(TracerProvider, LetsTracersFromBeforeFollowTheGlobalOne) {
  const Tracer tracer = GetTracer("early");
  EXPECT_FALSE(tracer.Enabled());
  const auto memory = std::make_shared<SpansInMemory>();
  const auto provider = std::make_shared<TracerProvider>(
      TracerProviderOptions{Resource(), nullptr, {SimpleProcessor(InMemoryExporter(memory))}, {}, nullptr});
  TracerProvider::SetGlobal(provider);
  EXPECT_EQ(TracerProvider::Global(), provider);
  tracer.StartSpan("span").End();
  EXPECT_EQ(memory->Take().size(), 1u);
  TracerProvider::SetGlobal(nullptr);
  EXPECT_FALSE(tracer.Enabled());
}

TEST(TracerProvider, OutlivesItselfInItsTracersAndSpans) {
  const auto memory = std::make_shared<SpansInMemory>();
  Tracer tracer;
  Span span;
  {
    TracerProvider provider({Resource(), nullptr, {SimpleProcessor(InMemoryExporter(memory))}, {}, nullptr});
    tracer = provider.GetTracer("test");
    span = tracer.StartSpan("span");
  }
  span.SetAttribute("k", 1);
  span.End();
  EXPECT_TRUE(memory->Take().empty()) << "it was shut down";
  EXPECT_FALSE(tracer.StartSpan("late").IsRecording());
}

TEST(TracerProvider, UsesTheIdsThatItIsGiven) {
  struct Counting final : IdGenerator {
    TraceId NewTraceId() noexcept override { return {7, ++last}; }
    SpanId NewSpanId() noexcept override { return {gives_none ? 0 : ++last}; }
    uint64_t last = 0;
    bool gives_none = false;
  };
  const auto ids = std::make_shared<Counting>();
  Recording recording({Resource(), nullptr, {}, {}, ids});
  const Span span = recording.tracer.StartSpan("span");
  EXPECT_EQ(span.context().trace_id(), (TraceId{7, 1}));
  EXPECT_EQ(span.context().span_id(), SpanId{2});
  EXPECT_EQ(span.context().flags(), trace_flags::kSampled) << "they do not claim to be random";
  ids->gives_none = true;
  EXPECT_TRUE(recording.tracer.StartSpan("span").context().IsValid());
}

TEST(TracerProvider, MayBeChangedWhileSpansBeginAndEnd) {
  Recording recording;
  std::atomic<bool> is_over{false};
  std::thread tracing([&] {
    while (!is_over) {
      const ActiveSpan outer(recording.provider.GetTracer("a"), "outer");
      ActiveSpan(recording.tracer, "inner")->SetAttribute("k", 1);
    }
  });
  for (int i = 0; i < 200; ++i) {
    recording.provider.SetSampler(i % 2 == 0 ? AlwaysOffSampler() : TraceIdRatioSampler(0.5));
    recording.Take();
  }
  is_over = true;
  tracing.join();
}

TEST(SpanLimits, ComeFromTheEnvironment) {
  const Environment environment{
      {"OTEL_ATTRIBUTE_COUNT_LIMIT", "10"},        {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "20"},
      {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "30"}, {"OTEL_SPAN_EVENT_COUNT_LIMIT", "40"},
      {"OTEL_SPAN_LINK_COUNT_LIMIT", "50"},        {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "60"}};
  const SpanLimits limits = SpanLimits::FromEnvironment();
  EXPECT_EQ(limits.attributes_max, 20u);
  EXPECT_EQ(limits.attribute_value_characters_max, 30u);
  EXPECT_EQ(limits.events_max, 40u);
  EXPECT_EQ(limits.links_max, 50u);
  EXPECT_EQ(limits.event_attributes_max, 60u);
  EXPECT_EQ(limits.link_attributes_max, 10u);
}

TEST(SamplerFromEnvironment, MakesWhatIsNamed) {
  const testing::Diagnostics diagnostics;
  const auto description = [](const char* name, const char* argument) {
    const Environment environment{{"OTEL_TRACES_SAMPLER", name}, {"OTEL_TRACES_SAMPLER_ARG", argument}};
    const std::string text = SamplerFromEnvironment()->Description();
    return text.substr(0, text.find(",remote"));
  };
  EXPECT_EQ(description("", ""), "ParentBased{root=AlwaysOnSampler");
  EXPECT_EQ(description("always_on", ""), "AlwaysOnSampler");
  EXPECT_EQ(description("Always_OFF", ""), "AlwaysOffSampler") << "case does not count";
  EXPECT_EQ(description("always_off", ""), "AlwaysOffSampler");
  EXPECT_EQ(description("traceidratio", "0.25"), "TraceIdRatioBased{0.250000}");
  EXPECT_EQ(description("traceidratio", ""), "TraceIdRatioBased{1.000000}");
  EXPECT_EQ(description("parentbased_always_off", ""), "ParentBased{root=AlwaysOffSampler");
  EXPECT_EQ(description("parentbased_traceidratio", "0.5"), "ParentBased{root=TraceIdRatioBased{0.500000}");
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(description("traceidratio", "2"), "TraceIdRatioBased{1.000000}");
  EXPECT_EQ(description("traceidratio", "half"), "TraceIdRatioBased{1.000000}");
  EXPECT_EQ(description("xray", ""), "ParentBased{root=AlwaysOnSampler");
  EXPECT_NE(diagnostics.text().find("xray"), std::string::npos);
}

TEST(StartTracing, SendsToWhereTheEnvironmentSays) {
  testing::HttpReceiver receiver;
  const std::string endpoint = "http://127.0.0.1:" + std::to_string(receiver.port());
  const Environment environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.c_str()}};
  {
    const Tracing tracing = StartTracing("shop", {{"service.version", "1.2"}});
    const ActiveSpan span(GetTracer("shop"), "process_order");
  }
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 1u) << "it is sent before the program goes on";
  const auto wire = testing::ReadStrictly(requests[0].body);
  EXPECT_EQ(wire.violations, std::vector<std::string>());
  ASSERT_EQ(wire.spans.size(), 1u);
  EXPECT_EQ(wire.spans[0].name, "process_order");
  EXPECT_EQ(wire.spans[0].resource.at("service.name"), "s:shop");
  EXPECT_EQ(wire.spans[0].resource.at("service.version"), "s:1.2");
  EXPECT_EQ(wire.spans[0].resource.at("telemetry.sdk.language"), "s:cpp");
  EXPECT_EQ(wire.spans[0].resource.count("process.pid"), 1u);
  TracerProvider::SetGlobal(nullptr);
}

TEST(StartTracing, LetsTheEnvironmentNameTheService) {
  const auto name = [](const char* service, const char* attributes) {
    const Environment environment{
        {"OTEL_SERVICE_NAME", service}, {"OTEL_RESOURCE_ATTRIBUTES", attributes}, {"OTEL_TRACES_EXPORTER", "none"}};
    const Tracing tracing = StartTracing("own");
    const auto memory = std::make_shared<SpansInMemory>();
    tracing.provider().AddProcessor(SimpleProcessor(InMemoryExporter(memory)));
    GetTracer("test").StartSpan("span").End();
    return memory->Take().at(0).resource().Text("service.name");
  };
  EXPECT_EQ(name("", ""), "own");
  EXPECT_EQ(name("env", ""), "env");
  EXPECT_EQ(name("", "service.name=attributes"), "attributes");
  TracerProvider::SetGlobal(nullptr);
}

TEST(StartTracing, DoesNothingWhereItIsSwitchedOff) {
  for (const auto& variable : {std::pair("OTEL_SDK_DISABLED", "TRUE"), std::pair("OTEL_TRACES_EXPORTER", "none")}) {
    const Environment environment{variable};
    const Tracing tracing = StartTracing("shop");
    EXPECT_FALSE(GetTracer("shop").Enabled());
  }
  TracerProvider::SetGlobal(nullptr);
}

TEST(StartTracing, SaysWhichExporterItDoesNotKnow) {
  const testing::Diagnostics diagnostics;
  const Environment environment{{"OTEL_TRACES_EXPORTER", "zipkin,none"}};
  const Tracing tracing = StartTracing("shop");
  EXPECT_NE(diagnostics.text().find("zipkin"), std::string::npos);
  TracerProvider::SetGlobal(nullptr);
}

TEST(StartTracing, SendsASpanOnceWhereItsExporterIsNamedTwice) {
  testing::HttpReceiver receiver;
  const std::string endpoint = "http://127.0.0.1:" + std::to_string(receiver.port());
  const Environment environment{{"OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.c_str()},
                                {"OTEL_TRACES_EXPORTER", "otlp, OTLP,otlp"}};
  {
    const Tracing tracing = StartTracing("shop");
    GetTracer("shop").StartSpan("span").End();
  }
  EXPECT_EQ(receiver.requests().size(), 1u);
  TracerProvider::SetGlobal(nullptr);
}

TEST(StartTracing, SaysWhichSettingsItDoesNotUnderstand) {
  const testing::Diagnostics diagnostics;
  const Environment environment{
      {"OTEL_TRACES_EXPORTER", "none"}, {"OTEL_SDK_DISABLED", "yes"}, {"OTEL_CONFIG_FILE", "otel.yaml"}};
  const Tracing tracing = StartTracing("shop");
  EXPECT_NE(diagnostics.text().find("OTEL_SDK_DISABLED=yes"), std::string::npos);
  EXPECT_NE(diagnostics.text().find("OTEL_CONFIG_FILE"), std::string::npos);
  TracerProvider::SetGlobal(nullptr);
}

}  // namespace
}  // namespace spoor::trace
