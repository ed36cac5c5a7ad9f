// What building a batch allocates once the builder is warm.
#include <gtest/gtest.h>

#include <cstdio>

#include "base/allocation_count.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

// Builds a batch of `spans` spans with ten attributes, every second one a text of its own, and an event.
size_t AllocationsOfABatch(SpanBatchBuilder& builder, uint32_t spans) {
  char text[32];
  const size_t before = AllocationCount();
  builder.Clear();
  for (uint32_t span = 0; span < spans; ++span) {
    builder.BeginSpan();
    builder.BeginAttributes();
    for (uint32_t i = 0; i < 10; ++i) {
      const StringCode key = builder.InternKey({text, static_cast<size_t>(std::snprintf(text, 32, "key %u", i))});
      const uint32_t unique = i % 2 == 0 ? span : 0;
      const auto size = static_cast<size_t>(std::snprintf(text, 32, "value %u of %u", i, unique));
      EXPECT_TRUE(builder.AddAttribute(key, ValueType::kString, builder.InternValue(key, {text, size})));
    }
    builder.SetSpanAttributes(builder.EndAttributes());
    builder.AddEvent({}, {});
    builder.EndSpan({.span_id = span + 1});
  }
  const auto batch = builder.Finish();
  EXPECT_EQ((*batch)->span_count(), spans);
  return AllocationCount() - before;
}

TEST(SpanBatchBuilder, OnceWarmALargeBatchAllocatesNoMoreThanASmallOne) {
  SpanBatchBuilder builder;
  AllocationsOfABatch(builder, 5120);
  const size_t small = AllocationsOfABatch(builder, 512);
  const size_t large = AllocationsOfABatch(builder, 5120);
  EXPECT_LE(large, small + 16);
  EXPECT_LE(small, 16u);
}

}  // namespace
}  // namespace spoor
