#include "model/span_batch_builder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace spoor {
namespace {

using List = SpanBatchBuilder::AttributeList;

void AddString(SpanBatchBuilder& builder, std::string_view key, std::string_view value) {
  const StringCode key_code = builder.InternKey(key);
  ASSERT_TRUE(builder.AddAttribute(key_code, ValueType::kString, builder.InternValue(key_code, value)));
}

List OneString(SpanBatchBuilder& builder, std::string_view key, std::string_view value) {
  builder.BeginAttributes();
  AddString(builder, key, value);
  return builder.EndAttributes();
}

void AddPlainSpan(SpanBatchBuilder& builder, SpanId id) {
  builder.BeginSpan();
  builder.EndSpan({.trace_id = {1, 2}, .span_id = id});
}

std::shared_ptr<const SpanBatch> Finish(SpanBatchBuilder& builder) {
  auto batch = builder.Finish();
  EXPECT_TRUE(batch.has_value());
  return *batch;
}

// The batch again, from its bytes.
std::shared_ptr<const SpanBatch> Reparse(const SpanBatch& batch) {
  auto buffer = std::make_unique<std::byte[]>(batch.bytes().size());
  std::memcpy(buffer.get(), batch.bytes().data(), batch.bytes().size());
  auto parsed = SpanBatch::Parse(std::move(buffer), batch.bytes().size());
  EXPECT_TRUE(parsed.has_value()) << parsed.error().message;
  return *parsed;
}

TEST(SpanBatchBuilder, WithoutSpansThereIsNoBatch) {
  SpanBatchBuilder builder;
  EXPECT_EQ(Finish(builder), nullptr);
}

TEST(SpanBatchBuilder, KeepsEveryFieldOfASpan) {
  SpanBatchBuilder builder;
  builder.AddResource(OneString(builder, "service.name", "cart"), 3, builder.InternString("url:r"));
  builder.AddScope(builder.InternString("lib"), builder.InternString("1.2"), OneString(builder, "k", "v"), 4,
                   builder.InternString("url:s"));
  builder.BeginSpan();
  builder.AddEvent({.time_ns = 7, .name = builder.InternString("boom"), .dropped_attributes = 5},
                   OneString(builder, "message", "no"));
  builder.SetSpanAttributes(OneString(builder, "k", "w"));
  builder.AddLink({.trace_id = {8, 9},
                   .span_id = 10,
                   .trace_state = builder.InternString("l=1"),
                   .flags = 11,
                   .dropped_attributes = 12},
                  OneString(builder, "why", "because"));
  builder.EndSpan({.trace_id = {1, 2},
                   .span_id = 3,
                   .parent_span_id = 4,
                   .start_ns = 100,
                   .end_ns = 150,
                   .name = builder.InternString("GET /"),
                   .trace_state = builder.InternString("a=b"),
                   .status_message = builder.InternString("bad"),
                   .flags = 0x101,
                   .dropped_attributes = 6,
                   .dropped_events = 7,
                   .dropped_links = 8,
                   .kind = 2,
                   .status_code = 1});
  const auto built = Finish(builder);
  for (const auto& batch : {built, Reparse(*built)}) {
    ASSERT_EQ(batch->span_count(), 1u);
    EXPECT_EQ(batch->trace_id(0), (TraceId{1, 2}));
    EXPECT_EQ(batch->span_id[0], 3u);
    EXPECT_EQ(batch->parent_span_id[0], 4u);
    EXPECT_EQ(batch->start_ns[0], 100u);
    EXPECT_EQ(batch->end_ns[0], 150u);
    EXPECT_EQ(batch->duration_ns(0), 50u);
    EXPECT_EQ(batch->String(batch->name[0]), "GET /");
    EXPECT_EQ(batch->String(batch->trace_state[0]), "a=b");
    EXPECT_EQ(batch->String(batch->status_message[0]), "bad");
    EXPECT_EQ(batch->flags[0], 0x101u);
    EXPECT_EQ(batch->dropped_attributes[0], 6u);
    EXPECT_EQ(batch->dropped_events[0], 7u);
    EXPECT_EQ(batch->dropped_links[0], 8u);
    EXPECT_EQ(batch->kind[0], 2u);
    EXPECT_EQ(batch->status_code[0], 1u);
    EXPECT_EQ(batch->String(batch->service_name(0)), "cart");

    ASSERT_EQ(batch->event_begin[1], 1u);
    EXPECT_EQ(batch->event_time_ns[0], 7u);
    EXPECT_EQ(batch->String(batch->event_name[0]), "boom");
    EXPECT_EQ(batch->event_dropped_attributes[0], 5u);
    ASSERT_EQ(batch->link_begin[1], 1u);
    EXPECT_EQ(batch->link_trace_id_high[0], 8u);
    EXPECT_EQ(batch->link_trace_id_low[0], 9u);
    EXPECT_EQ(batch->link_span_id[0], 10u);
    EXPECT_EQ(batch->String(batch->link_trace_state[0]), "l=1");
    EXPECT_EQ(batch->link_flags[0], 11u);
    EXPECT_EQ(batch->link_dropped_attributes[0], 12u);
    EXPECT_EQ(batch->String(batch->resource_schema_url[0]), "url:r");
    EXPECT_EQ(batch->resource_dropped_attributes[0], 3u);
    EXPECT_EQ(batch->String(batch->scope_name[0]), "lib");
    EXPECT_EQ(batch->String(batch->scope_version[0]), "1.2");
    EXPECT_EQ(batch->String(batch->scope_schema_url[0]), "url:s");
    EXPECT_EQ(batch->scope_dropped_attributes[0], 4u);

    const auto text = [&](const AttributeListColumns& list) {
      const uint32_t shape = list.shape[0];
      EXPECT_EQ(batch->ShapeKeys(shape).size(), 1u);
      EXPECT_EQ(batch->ShapeTypes(shape)[0], ValueType::kString);
      return std::string(batch->String(batch->ShapeKeys(shape)[0])) + "=" +
             std::string(batch->String(static_cast<StringCode>(batch->values[list.value_begin[0]])));
    };
    EXPECT_EQ(text(batch->attributes), "k=w");
    EXPECT_EQ(text(batch->event_attributes), "message=no");
    EXPECT_EQ(text(batch->link_attributes), "why=because");
    EXPECT_EQ(text(batch->resource_attributes), "service.name=cart");
    EXPECT_EQ(text(batch->scope_attributes), "k=v");
  }
}

TEST(SpanBatchBuilder, KeepsEveryTypeOfValueAndDuplicateKeysInOrder) {
  SpanBatchBuilder builder;
  builder.BeginSpan();
  builder.BeginAttributes();
  const StringCode key = builder.InternKey("k");
  const StringCode bytes = builder.AddBytes({"\xFF\x00", 2});
  const StringCode array = builder.AddBytes("\x2A");
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kEmpty, 0));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kBool, 1));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kInt, static_cast<uint64_t>(INT64_MIN)));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kDouble, DoubleToCell(0.5)));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kBytes, bytes));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kArray, array));
  ASSERT_TRUE(builder.AddAttribute(key, ValueType::kString, builder.InternValue(key, "")));
  builder.SetSpanAttributes(builder.EndAttributes());
  builder.EndSpan({.span_id = 1});
  const auto batch = Reparse(*Finish(builder));
  const auto types = batch->ShapeTypes(batch->attributes.shape[0]);
  const std::vector<ValueType> expected = {ValueType::kEmpty, ValueType::kBool,  ValueType::kInt,   ValueType::kDouble,
                                           ValueType::kBytes, ValueType::kArray, ValueType::kString};
  EXPECT_EQ(std::vector(types.begin(), types.end()), expected);
  EXPECT_EQ(batch->values[2], static_cast<uint64_t>(INT64_MIN));
  EXPECT_EQ(CellToDouble(batch->values[3]), 0.5);
  EXPECT_EQ(batch->String(static_cast<StringCode>(batch->values[4])), std::string_view("\xFF\x00", 2));
  EXPECT_EQ(batch->values[6], 0u);
}

TEST(SpanBatchBuilder, SharesStringsAndShapes) {
  SpanBatchBuilder builder;
  for (SpanId id = 1; id <= 100; ++id) {
    builder.BeginSpan();
    builder.SetSpanAttributes(OneString(builder, "key", id % 2 ? "odd" : "even"));
    builder.EndSpan({.span_id = id});
  }
  const auto batch = Finish(builder);
  EXPECT_EQ(batch->string_count(), 4u);  // "", key, odd, even
  EXPECT_EQ(batch->shape_count(), 2u);
  EXPECT_EQ(batch->attributes.shape[0], batch->attributes.shape[99]);
  EXPECT_EQ(batch->Find("odd"), static_cast<StringCode>(batch->values[0]));
  EXPECT_EQ(batch->Find("neither"), std::nullopt);
}

TEST(SpanBatchBuilder, FindsTextButNotBytesOfTheSameContent) {
  SpanBatchBuilder builder;
  const StringCode bytes = builder.AddBytes("same");
  for (int i = 0; i < 40; ++i) builder.InternString("filler " + std::to_string(i));
  const StringCode text = builder.InternString("same");
  AddPlainSpan(builder, 1);
  EXPECT_NE(text, bytes);
  EXPECT_EQ(Finish(builder)->Find("same"), text);
}

TEST(SpanBatchBuilder, RefusesTextThatIsNotUtf8) {
  SpanBatchBuilder builder;
  EXPECT_EQ(builder.InternString("\xC0\x80"), SpanBatchBuilder::kNotUtf8);
  EXPECT_EQ(builder.InternKey("\xED\xA0\x80"), SpanBatchBuilder::kNotUtf8);
  EXPECT_NE(builder.InternString("\xE2\x82\xAC"), SpanBatchBuilder::kNotUtf8);
}

TEST(SpanBatchBuilder, ForgetsADroppedSpanWithItsEventsAndLinks) {
  SpanBatchBuilder builder;
  AddPlainSpan(builder, 1);
  builder.BeginSpan();
  builder.SetSpanAttributes(OneString(builder, "gone", "gone"));
  builder.AddEvent({}, OneString(builder, "gone", "gone"));
  builder.AddLink({}, {});
  builder.DropSpan();
  builder.BeginSpan();
  builder.AddEvent({.time_ns = 5}, {});
  builder.EndSpan({.span_id = 2});
  const auto batch = Reparse(*Finish(builder));
  EXPECT_EQ(batch->span_count(), 2u);
  EXPECT_EQ(batch->values.size(), 0u);
  EXPECT_EQ(batch->event_begin[1], 0u);
  EXPECT_EQ(batch->event_begin[2], 1u);
}

TEST(SpanBatchBuilder, SharesEqualResourcesAlsoWhereTheyHoldNestedValues) {
  SpanBatchBuilder builder;
  const auto resource = [&](std::string_view name, std::string_view nested) {
    builder.BeginAttributes();
    AddString(builder, "service.name", name);
    const StringCode key = builder.InternKey("args");
    EXPECT_TRUE(builder.AddAttribute(key, ValueType::kArray, builder.AddBytes(nested)));
    return builder.EndAttributes();
  };
  for (int i = 0; i < 3; ++i) {
    builder.AddResource(resource("a", "[1]"), 0, 0);
    builder.AddScope(builder.InternString("s"), 0, {}, 0, 0);
    AddPlainSpan(builder, 1);
    builder.AddResource(resource("a", "[2]"), 0, 0);
    AddPlainSpan(builder, 2);
  }
  const auto batch = Reparse(*Finish(builder));
  EXPECT_EQ(batch->resource_schema_url.size(), 2u);
  EXPECT_EQ(batch->scope_name.size(), 1u);
  EXPECT_EQ(batch->resource[0], batch->resource[2]);
  EXPECT_NE(batch->resource[0], batch->resource[1]);
  EXPECT_EQ(batch->String(batch->service_name(5)), "a");
}

TEST(SpanBatchBuilder, AssignsAResourceThatStandsBehindItsSpans) {
  SpanBatchBuilder builder;
  AddPlainSpan(builder, 1);
  builder.AssignResource(0, OneString(builder, "service.name", "a"), 0, 0);
  builder.AssignScope(0, builder.InternString("one"), 0, {}, 0, 0);
  // Equal to the first, read before spans without attributes: its cells go again.
  const List again = OneString(builder, "service.name", "a");
  AddPlainSpan(builder, 2);
  builder.BeginAttributes();
  builder.SetSpanAttributes(builder.EndAttributes());
  AddPlainSpan(builder, 3);
  builder.AssignResource(1, again, 0, 0);
  builder.AssignScope(1, builder.InternString("two"), 0, {}, 0, 0);
  const auto batch = Reparse(*Finish(builder));
  EXPECT_EQ(batch->resource_schema_url.size(), 1u);
  EXPECT_EQ(batch->values.size(), 1u);
  EXPECT_EQ(batch->String(batch->scope_name[batch->scope[0]]), "one");
  EXPECT_EQ(batch->String(batch->scope_name[batch->scope[2]]), "two");
}

TEST(SpanBatchBuilder, WithoutResourceAndScopeSpansHaveEmptyOnes) {
  SpanBatchBuilder builder;
  AddPlainSpan(builder, 1);
  const auto batch = Reparse(*Finish(builder));
  EXPECT_EQ(batch->String(batch->service_name(0)), "");
  EXPECT_EQ(batch->String(batch->scope_name[batch->scope[0]]), "");
}

TEST(SpanBatchBuilder, ClearForgetsEverything) {
  SpanBatchBuilder builder;
  builder.AddResource(OneString(builder, "service.name", "old"), 0, 0);
  AddPlainSpan(builder, 1);
  ASSERT_NE(Finish(builder), nullptr);
  builder.Clear();
  EXPECT_EQ(builder.span_count(), 0u);
  AddPlainSpan(builder, 2);
  const auto batch = Reparse(*Finish(builder));
  EXPECT_EQ(batch->span_count(), 1u);
  EXPECT_EQ(batch->string_count(), 1u);
  EXPECT_EQ(batch->Find("old"), std::nullopt);
}

TEST(SpanBatchBuilder, GivesMemoryBackAfterAGiantRequest) {
  SpanBatchBuilder builder;
  const size_t empty_bytes = builder.size_bytes();
  const std::string large(1 << 20, 'x');
  for (int i = 0; i < 40; ++i) builder.InternString(large + std::to_string(i));
  AddPlainSpan(builder, 1);
  EXPECT_GT(builder.size_bytes(), size_t{40} << 20);
  builder.Clear();
  EXPECT_LE(builder.size_bytes(), empty_bytes);
  AddPlainSpan(builder, 1);
  EXPECT_EQ(Reparse(*Finish(builder))->span_count(), 1u);
}

TEST(SpanBatchBuilder, SizeCoversTheBatch) {
  SpanBatchBuilder builder;
  for (SpanId id = 1; id <= 1000; ++id) {
    builder.BeginSpan();
    builder.SetSpanAttributes(OneString(builder, "key " + std::to_string(id % 50), std::to_string(id)));
    builder.AddEvent({}, {});
    builder.AddLink({}, {});
    builder.EndSpan({.span_id = id});
  }
  const size_t expected_bytes = builder.size_bytes();
  EXPECT_GE(expected_bytes, Finish(builder)->bytes().size());
}

TEST(SpanBatchBuilder, TakesAMillionAttributes) {
  SpanBatchBuilder builder;
  builder.BeginSpan();
  builder.BeginAttributes();
  for (int i = 0; i < 1'000'000; ++i) AddString(builder, "k" + std::to_string(i), "v");
  builder.SetSpanAttributes(builder.EndAttributes());
  builder.EndSpan({.span_id = 1});
  const auto batch = Reparse(*Finish(builder));
  const auto keys = batch->ShapeKeys(batch->attributes.shape[0]);
  ASSERT_EQ(keys.size(), 1'000'000u);
  EXPECT_EQ(batch->String(keys[999'999]), "k999999");
}

TEST(SpanBatchBuilder, TellsWhenAListIsFull) {
  SpanBatchBuilder builder;
  builder.BeginAttributes();
  const StringCode key = builder.InternKey("k");
  for (size_t i = 0; i < limits::kAttributesPerListMax; ++i) {
    ASSERT_TRUE(builder.AddAttribute(key, ValueType::kInt, i));
  }
  EXPECT_FALSE(builder.AddAttribute(key, ValueType::kInt, 0));
}

}  // namespace
}  // namespace spoor
