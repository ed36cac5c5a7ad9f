// What decoding a batch allocates once the builder is warm.
#include <gtest/gtest.h>

#include <string>

#include "base/allocation_count.h"
#include "decode/jaeger_thrift.h"
#include "decode/thrift_writer.h"

namespace spoor::thrift_test {
namespace {

// Spans with tags of every type and meaning, two scopes in turn, a log and references; half of the texts unique.
std::string Body(int64_t spans) {
  std::vector<std::string> written;
  for (int64_t i = 1; i <= spans; ++i) {
    const Span span = {.id = i,
                       .name = "operation " + std::to_string(i % 7),
                       .references = {Reference(0, 1, 2, i + 1), Reference(1, 3, 4, 5)},
                       .tags = {TextTag("user.id", "a text of its own " + std::to_string(i)), LongTag("size", i),
                                DoubleTag("ratio", 0.5), BoolTag("cached", true), BinaryTag("raw", "\xff\xfe"),
                                TextTag("span.kind", "client"), BoolTag("error", true),
                                TextTag("otel.status_description", "why " + std::to_string(i % 3)),
                                TextTag("otel.scope.name", i % 2 == 0 ? "even" : "odd")},
                       .logs = {Log(i, {TextTag("event", "retry"), LongTag("attempt", i)})}};
    written.push_back(span.Write());
  }
  return Batch(Process("shop", {TextTag("hostname", "h")}), written);
}

size_t AllocationsOf(const std::string& body, SpanBatchBuilder& builder) {
  MemoryBudget budget(size_t{1} << 30);
  MemoryReservation reservation = budget.Reserve();
  const size_t before = AllocationCount();
  DecodeMemory memory(reservation, body.size());
  EXPECT_TRUE(DecodeJaegerThrift(body, builder, memory));
  const auto batch = builder.Finish();
  const size_t made = AllocationCount() - before;
  EXPECT_NE(*batch, nullptr);
  return made;
}

TEST(JaegerThrift, OnceWarmALargeBatchAllocatesNoMoreThanASmallOne) {
  const std::string small = Body(512), large = Body(5120);
  SpanBatchBuilder builder;
  AllocationsOf(large, builder);
  const size_t by_small = AllocationsOf(small, builder);
  EXPECT_LE(AllocationsOf(large, builder), by_small + 16);
  EXPECT_LE(by_small, 16u);
}

}  // namespace
}  // namespace spoor::thrift_test
