// That nothing is allocated between StartSpan and End once a program is warm: every way to memory is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "api/tracer_provider.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SPOOR_HAS_OWN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SPOOR_HAS_OWN_MALLOC 1
#endif
#endif

namespace {

thread_local uint64_t allocations = 0;  // of this thread

}  // namespace

#ifndef SPOOR_HAS_OWN_MALLOC
// glibc's own, which the program's take the place of; operator new comes through malloc.
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* memory, size_t size);

void* malloc(size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
}
#endif

namespace spoor::trace {
namespace {

// Lets every span go at once.
class Discard final : public SpanExporter {
 public:
  ExportResult Export(ListView<FinishedSpan>, std::chrono::milliseconds) noexcept override {
    return ExportResult::kSuccess;
  }
};

TEST(Allocation, IsCounted) {
#ifdef SPOOR_HAS_OWN_MALLOC
  GTEST_SKIP() << "a sanitizer has its own malloc";
#endif
  const uint64_t before = allocations;
  const auto text = std::make_unique<std::string>(1000, 'x');
  EXPECT_GE(allocations - before, 2u);
}

TEST(Allocation, HappensNeverBetweenStartAndEndOfAWarmProgram) {
  const auto batch = BatchProcessor::Make(std::make_unique<Discard>());
  TracerProvider provider({Resource(), nullptr, {batch}, {}, nullptr});
  const Tracer tracer = provider.GetTracer("test");
  const auto tell = [&](Span& span, int i) {
    span.SetAttribute("url.full", "http://localhost:8080/api/users/17?page=2").SetAttribute("i", i);
    span.SetAttribute("ratio", 0.5).SetAttribute("list", ListView<int64_t>({1, 2, 3}));
    span.AddEvent("cache.miss", {{"key", "user:17"}}).AddLink(SpanContext({1, 2}, {3}, 1), {{"why", "test"}});
    span.SetStatus(StatusCode::kError, "not there").UpdateName("renamed");
  };
  const auto span_of_every_kind = [&](int i) {
    Span plain = tracer.StartSpan("plain");
    plain.End();
    const ActiveSpan active(tracer, "active");
    const Attribute at_start[] = {{"http.request.method", "GET"}, {"server.port", 8080}};
    SpanOptions options;
    options.kind = SpanKind::kClient;
    options.attributes = {at_start, 2};
    Span child = tracer.StartSpan("child", options);
    tell(child, i);
    const Span copy = child;
    child.End();
  };
  // Warm are more records than can be in use at once: those of a full queue, of a batch, and what two threads keep.
  {
    std::vector<Span> open;
    for (int i = 0; i < 4'000; ++i) {
      open.push_back(tracer.StartSpan("open"));
      tell(open.back(), i);
      open.back().SetAttribute("more", "so that the room is more than enough");
    }
  }
  for (int i = 0; i < 100; ++i) span_of_every_kind(i);
  ASSERT_TRUE(provider.ForceFlush());
  [[maybe_unused]] const uint64_t before = allocations;
  for (int i = 0; i < 1'000; ++i) span_of_every_kind(i);
#ifndef SPOOR_HAS_OWN_MALLOC
  EXPECT_EQ(allocations - before, 0u);
#endif
  ASSERT_TRUE(provider.Shutdown());
  const BatchCounts counts = batch->counts();
  EXPECT_EQ(counts.ended, counts.exported + counts.dropped);
}

TEST(Allocation, HappensNeverForSpansThatDoNotRecord) {
  TracerProvider provider(
      {Resource(), AlwaysOffSampler(), {BatchProcessor::Make(std::make_unique<Discard>())}, {}, nullptr});
  const Tracer unsampled = provider.GetTracer("test");
  const Tracer none;
  const auto spans = [&] {
    for (const Tracer& tracer : {unsampled, none}) {
      const ActiveSpan span(tracer, "span");
      span->SetAttribute("k", "v").AddEvent("e");
    }
  };
  spans();
  const uint64_t before = allocations;
  for (int i = 0; i < 1'000; ++i) spans();
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace spoor::trace
