#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <thread>

#include "api/tracer_provider.h"
#include "testing/recording.h"
#include "testing/sanitizers.h"
#include "testing/scripted_exporter.h"

namespace spoor::trace {
namespace {

using std::chrono::milliseconds;
using testing::ExportScript;

struct Batching {
  explicit Batching(const BatchOptions& options) : batch(Make(script, options)) {}

  static std::shared_ptr<BatchProcessor> Make(const std::shared_ptr<ExportScript>& script,
                                              const BatchOptions& options) {
    return BatchProcessor::Make(std::make_unique<testing::ScriptedExporter>(script), options);
  }
  void EndSpans(int count) {
    for (int i = 0; i < count; ++i) tracer.StartSpan("span").End();
  }

  const std::shared_ptr<ExportScript> script = std::make_shared<ExportScript>();
  const std::shared_ptr<BatchProcessor> batch;
  TracerProvider provider{{Resource(), nullptr, {batch}, {}, nullptr}};
  const Tracer tracer = provider.GetTracer("test");
};

constexpr milliseconds kNever = std::chrono::hours(1);

TEST(BatchProcessor, ExportsABatchAsSoonAsItIsFull) {
  Batching batching({100, 10, kNever, kNever});
  batching.EndSpans(10);
  EXPECT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.spans == 10; }));
  EXPECT_EQ(batching.script->batches, std::vector<size_t>{10});
}

TEST(BatchProcessor, ExportsWhatHasWaitedLongEnough) {
  Batching batching({100, 10, milliseconds(5), kNever});
  batching.EndSpans(3);
  EXPECT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.spans == 3; }));
  batching.EndSpans(2);
  EXPECT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.spans == 5; }));
}

TEST(BatchProcessor, ExportsWithoutDelayWhereThereIsNone) {
  Batching batching({100, 10, milliseconds(0), kNever});
  batching.EndSpans(1);
  EXPECT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.spans == 1; }));
}

TEST(BatchProcessor, FlushesEverythingThatHasEnded) {
  Batching batching({100, 10, kNever, kNever});
  batching.EndSpans(25);
  EXPECT_TRUE(batching.provider.ForceFlush());
  EXPECT_EQ(batching.script->spans, 25u);
  EXPECT_EQ(batching.script->flushes, 1) << "what the exporter keeps back, too";
  EXPECT_TRUE(batching.provider.ForceFlush()) << "nothing to do";
  for (const size_t size : batching.script->batches) EXPECT_LE(size, 10u);
}

TEST(BatchProcessor, GivesUpAFlushAtItsDeadline) {
  Batching batching({100, 10, kNever, kNever});
  batching.script->Set([](ExportScript& script) { script.is_held = true; });
  batching.EndSpans(1);
  EXPECT_FALSE(batching.provider.ForceFlush(milliseconds(10)));
  batching.script->Set([](ExportScript& script) { script.is_held = false; });
  EXPECT_TRUE(batching.provider.ForceFlush(milliseconds::max()));
}

TEST(BatchProcessor, DropsAndCountsWhatComesWhileTheQueueIsFull) {
  for (const size_t queue : {size_t{1}, size_t{7}, size_t{8}}) {
    testing::Diagnostics diagnostics;
    Batching batching({queue, 1, kNever, kNever});
    batching.script->Set([](ExportScript& script) { script.is_held = true; });
    batching.EndSpans(1);
    ASSERT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.waiting == 1; }));
    batching.EndSpans(static_cast<int>(queue) + 5);
    EXPECT_EQ(batching.batch->counts().dropped, 5u);
    batching.script->Set([](ExportScript& script) { script.is_held = false; });
    EXPECT_TRUE(batching.provider.Shutdown());
    const BatchCounts counts = batching.batch->counts();
    EXPECT_EQ(counts.ended, queue + 6);
    EXPECT_EQ(counts.ended, counts.exported + counts.dropped + counts.failed);
    EXPECT_NE(diagnostics.text().find("dropped"), std::string::npos);
  }
}

TEST(BatchProcessor, CountsWhatTheExporterGivesUp) {
  Batching batching({100, 10, kNever, kNever});
  batching.script->Set([](ExportScript& script) { script.fails = true; });
  batching.EndSpans(25);
  EXPECT_FALSE(batching.provider.ForceFlush());
  const BatchCounts counts = batching.batch->counts();
  EXPECT_EQ(counts.failed, 25u);
  EXPECT_EQ(counts.exported, 0u);
}

TEST(BatchProcessor, ExportsWhatWaitsBeforeItShutsDownAndTakesNothingAfterwards) {
  Batching batching({100, 10, kNever, kNever});
  Span open = batching.tracer.StartSpan("open");
  batching.EndSpans(25);
  EXPECT_TRUE(batching.provider.Shutdown());
  EXPECT_EQ(batching.script->spans, 25u);
  EXPECT_EQ(batching.script->last_calls, 1);
  EXPECT_EQ(batching.script->flushes, 1);
  EXPECT_EQ(batching.script->shutdowns, 1);
  open.End();
  EXPECT_EQ(batching.batch->counts().dropped, 1u);
  EXPECT_FALSE(batching.tracer.Enabled());
  EXPECT_FALSE(batching.tracer.StartSpan("late").IsRecording());
  EXPECT_FALSE(batching.provider.Shutdown()) << "only once";
}

TEST(BatchProcessor, CutsAnExporterThatHangsWhenItShutsDown) {
  Batching batching({100, 10, kNever, kNever});
  batching.script->Set([](ExportScript& script) { script.is_held = true; });
  batching.EndSpans(25);
  EXPECT_TRUE(batching.provider.Shutdown(milliseconds(10)));
  const BatchCounts counts = batching.batch->counts();
  EXPECT_EQ(counts.failed, 25u);
  EXPECT_EQ(counts.ended, 25u);
}

TEST(BatchProcessor, LeavesAnExporterBehindThatCannotBeCut) {
  const testing::Diagnostics diagnostics;
  Batching batching({100, 10, kNever, kNever});
  batching.script->Set([](ExportScript& script) { script.is_held = script.is_stubborn = true; });
  batching.EndSpans(1);
  EXPECT_FALSE(batching.provider.Shutdown(milliseconds(10)));
  EXPECT_NE(diagnostics.text().find("left behind"), std::string::npos);
  batching.script->Set([](ExportScript& script) { script.is_held = false; });
  EXPECT_TRUE(batching.script->WaitFor([](const ExportScript& script) { return script.spans == 1; }));
}

TEST(BatchProcessor, StopsAtOnceWhereNothingEverEnded) {
  Batching batching({100, 10, kNever, kNever});
  EXPECT_TRUE(batching.provider.ForceFlush(milliseconds(0)));
  EXPECT_TRUE(batching.provider.Shutdown(milliseconds(0)));
}

TEST(BatchProcessor, HasNoLimitForAnExportWhereThatIsZero) {
  struct Limited final : SpanExporter {
    ExportResult Export(ListView<FinishedSpan>, milliseconds timeout) noexcept override {
      limit = timeout;
      return ExportResult::kSuccess;
    }
    milliseconds limit{0};
  };
  auto exporter = std::make_unique<Limited>();
  const Limited& limited = *exporter;
  TracerProvider provider({Resource(),
                           nullptr,
                           {BatchProcessor::Make(std::move(exporter), {100, 10, kNever, milliseconds(0)})},
                           {},
                           nullptr});
  provider.GetTracer("test").StartSpan("span").End();
  EXPECT_TRUE(provider.ForceFlush());
  EXPECT_GE(limited.limit, std::chrono::hours(1));
}

TEST(BatchProcessor, MakesSenseOfSenselessOptions) {
  Batching batching({0, 0, milliseconds::min(), milliseconds::max()});
  batching.EndSpans(1);
  EXPECT_TRUE(batching.provider.ForceFlush());
  EXPECT_EQ(batching.script->spans, 1u);
}

TEST(BatchProcessor, DoesNotRecordWhatItsExporterTraces) {
  struct Tracing final : SpanExporter {
    ExportResult Export(ListView<FinishedSpan>, milliseconds) noexcept override {
      is_recording = GetTracer("exporter").StartSpan("request").IsRecording();
      return ExportResult::kSuccess;
    }
    bool is_recording = true;
  };
  auto exporter = std::make_unique<Tracing>();
  const Tracing& tracing = *exporter;
  auto provider = std::make_shared<TracerProvider>(
      TracerProviderOptions{Resource(), nullptr, {BatchProcessor::Make(std::move(exporter))}, {}, nullptr});
  TracerProvider::SetGlobal(provider);
  GetTracer("test").StartSpan("span").End();
  EXPECT_TRUE(provider->ForceFlush());
  EXPECT_FALSE(tracing.is_recording);
  TracerProvider::SetGlobal(nullptr);
}

TEST(BatchProcessor, LetsNoSignalsToItsThreadButThoseOfACrash) {
  struct Masked final : SpanExporter {
    ExportResult Export(ListView<FinishedSpan>, milliseconds) noexcept override {
      pthread_sigmask(SIG_SETMASK, nullptr, &mask);
      return ExportResult::kSuccess;
    }
    sigset_t mask;
  };
  auto exporter = std::make_unique<Masked>();
  const Masked& masked = *exporter;
  TracerProvider provider({Resource(), nullptr, {BatchProcessor::Make(std::move(exporter))}, {}, nullptr});
  provider.GetTracer("test").StartSpan("span").End();
  EXPECT_TRUE(provider.ForceFlush());
  for (const int kept_off : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGPIPE}) {
    EXPECT_EQ(sigismember(&masked.mask, kept_off), 1) << kept_off;
  }
  for (const int crash : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    EXPECT_EQ(sigismember(&masked.mask, crash), 0) << crash << " is for whoever reports crashes";
  }
}

TEST(BatchProcessor, WorksBesideOthers) {
  const auto script = std::make_shared<ExportScript>();
  testing::Recording recording({Resource(), nullptr, {Batching::Make(script, {100, 10, kNever, kNever})}, {}, nullptr});
  recording.tracer.StartSpan("span").End();
  EXPECT_TRUE(recording.provider.ForceFlush());
  EXPECT_EQ(script->spans, 1u);
  EXPECT_EQ(recording.Take().size(), 1u);
}

TEST(BatchProcessor, ReadsItsOptionsFromTheEnvironment) {
  const testing::Diagnostics diagnostics;
  const testing::Environment environment{{"OTEL_BSP_MAX_QUEUE_SIZE", "100"},
                                         {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0"},
                                         {"OTEL_BSP_SCHEDULE_DELAY", "7"},
                                         {"OTEL_BSP_EXPORT_TIMEOUT", "soon"}};
  const BatchOptions options = BatchOptions::FromEnvironment();
  EXPECT_EQ(options.queue_spans_max, 100u);
  EXPECT_EQ(options.batch_spans_max, 512u);
  EXPECT_EQ(options.schedule_delay, milliseconds(7));
  EXPECT_EQ(options.export_timeout, milliseconds(30'000));
  EXPECT_NE(diagnostics.text().find("OTEL_BSP_EXPORT_TIMEOUT=soon"), std::string::npos);
}

// Fewer under a sanitizer and without optimisation, as the many are for the races of full speed.
#if defined(NDEBUG) && !defined(SPOOR_HAS_SANITIZER)
constexpr uint64_t kManySpans = 10'000'000;
#else
constexpr uint64_t kManySpans = 400'000;
#endif

TEST(BatchProcessor, LosesNoSpanUncountedAtFullSpeedFromEightThreadsAndAShutdown) {
  constexpr uint64_t total = kManySpans;
  constexpr int kThreads = 8;
  Batching batching({2048, 512, milliseconds(1), kNever});
  std::atomic<bool> is_over{false};
  // Some fail, some are flushed, and at the end threads still end spans while it shuts down.
  std::thread disturbing([&] {
    for (bool fails = false; !is_over; fails = !fails) {
      batching.script->Set([&](ExportScript& script) { script.fails = fails; });
      batching.provider.ForceFlush(milliseconds(1));
    }
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (uint64_t n = 0; n < total / kThreads; ++n) batching.tracer.StartSpan("span").SetAttribute("n", n).End();
    });
  }
  for (std::thread& thread : threads) thread.join();
  is_over = true;
  disturbing.join();

  std::vector<Span> open;
  for (int i = 0; i < 1000; ++i) open.push_back(batching.tracer.StartSpan("open"));
  std::thread late([&] {
    for (Span& span : open) span.End();
  });
  EXPECT_TRUE(batching.provider.Shutdown());
  late.join();
  const BatchCounts counts = batching.batch->counts();
  EXPECT_EQ(counts.ended, total + 1000);
  EXPECT_EQ(counts.ended, counts.exported + counts.dropped + counts.failed);
  EXPECT_EQ(batching.script->spans, counts.exported + counts.failed);
}

}  // namespace
}  // namespace spoor::trace
