// Values and spans that are unlike others: each must be read again as it was sent.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "block/expect_block.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

class BlockValues : public BlockOnDisk {
 protected:
  // Adds a span of trace {7, `trace`} with the attributes that were begun.
  void AddSpan(uint64_t trace, SpanId id, SpanId parent = 0, uint64_t start_ns = 100) {
    const SpanBatchBuilder::AttributeList attributes = builder_.EndAttributes();
    builder_.BeginSpan();
    builder_.SetSpanAttributes(attributes);
    builder_.EndSpan({.trace_id = {7, trace},
                      .span_id = id,
                      .parent_span_id = parent,
                      .start_ns = start_ns,
                      .end_ns = start_ns + 10,
                      .name = name_});
  }
  void Add(std::string_view key, ValueType type, uint64_t cell) {
    SPOOR_CHECK(builder_.AddAttribute(builder_.InternString(key), type, cell));
  }
  void AddText(std::string_view key, std::string_view text) {
    Add(key, ValueType::kString, builder_.InternString(text));
  }
  void BeginOrigin(std::string_view service) {
    builder_.BeginAttributes();
    AddText("service.name", service);
    builder_.AddResource(builder_.EndAttributes(), 0, 0);
    builder_.AddScope(0, 0, {}, 0, 0);
    name_ = builder_.InternString("work");
  }
  Input Finish() {
    Input input{builder_.Finish().value()};
    builder_.Clear();
    return input;
  }
  void ExpectRoundTrip(const Input& input) {
    const std::shared_ptr<Block> block = WriteAndOpen(input);
    ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, input));
    ExpectParents(*block);
  }

  SpanBatchBuilder builder_;
  StringCode name_ = 0;
};

TEST_F(BlockValues, NumbersAtTheirEdgesSurvive) {
  BeginOrigin("s");
  builder_.BeginAttributes();
  for (const double value : {0.0, -0.0, 1e308, -1e-308, HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    Add("double", ValueType::kDouble, DoubleToCell(value));
  }
  Add("double", ValueType::kDouble, 0x7FF0000000000001);  // a signalling NaN
  for (const int64_t value : {int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX}) {
    Add("int", ValueType::kInt, static_cast<uint64_t>(value));
  }
  Add("bool", ValueType::kBool, 0);
  Add("bool", ValueType::kBool, 1);
  Add("empty", ValueType::kEmpty, 0);
  AddSpan(1, UINT64_MAX, UINT64_MAX, UINT64_MAX - 10);
  ExpectRoundTrip(Finish());
}

TEST_F(BlockValues, TextsAndBytesOfEverySizeSurvive) {
  BeginOrigin(std::string(100'000, 's'));
  std::mt19937_64 random(1);
  SpanId id = 0;
  for (const size_t size : {0, 1, 7, 64, 32'767, 32'768, 65'535, 65'536, 65'537, 1'000'000, 5'000'000}) {
    std::string noise(size, ' ');
    for (char& c : noise) c = static_cast<char>(random());
    builder_.BeginAttributes();
    AddText("text", std::string(size, 'x'));
    AddText("text", std::string(size, 'x') + "y");
    Add("bytes", ValueType::kBytes, builder_.AddBytes(noise));
    Add("array", ValueType::kArray, builder_.AddBytes(noise));
    Add("map", ValueType::kMap, builder_.AddBytes(std::string_view("\xFF\x00\xC0", 3)));
    AddSpan(1 + size % 3, ++id);
  }
  ExpectRoundTrip(Finish());
}

TEST_F(BlockValues, AMillionAttributesOnOneSpanSurvive) {
  BeginOrigin("s");
  builder_.BeginAttributes();
  for (int i = 0; i < 1'000'000; ++i) Add("k" + std::to_string(i), ValueType::kInt, static_cast<uint64_t>(i));
  AddSpan(1, 1);
  builder_.BeginAttributes();
  AddText("k5", "five");
  AddSpan(1, 2, 1);
  const Input input = Finish();
  const std::shared_ptr<Block> block = WriteAndOpen(input);
  const auto rows = block->ReadRows(0, 2);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_TRUE(SameSpan(**rows, 0, *input[0], 0));
  EXPECT_TRUE(SameSpan(**rows, 1, *input[0], 1));
  const auto cells = block->Page(0).value()->Attributes("k777777").value();
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0].cells, std::vector<uint64_t>{777'777});
}

// More rows than a page has, in one trace: parents stand in other pages, and texts that all differ outside of the
// dictionary.
TEST_F(BlockValues, ATraceOverManyPagesSurvives) {
  BeginOrigin("s");
  for (uint64_t i = 0; i < 20'000; ++i) {
    builder_.BeginAttributes();
    AddText("distinct", "text " + std::to_string(i * 7919));
    AddText("fixed length", std::to_string(10'000'000 + i * 4'099));
    Add("distinct bytes", ValueType::kBytes, builder_.AddBytes("bytes " + std::to_string(i)));
    AddText("shared", i % 3 == 0 ? "one" : "two");
    name_ = builder_.InternString(i % 2 == 0 ? "even" : "odd");
    AddSpan(1, i + 1, i == 0 ? 0 : i < 10'000 ? 1 : i, 1000 + i * 3);
  }
  const Input input = Finish();
  const std::shared_ptr<Block> block = WriteAndOpen(input);
  EXPECT_GE(block->page_count(), 3u);
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, input));
  ExpectParents(*block);
  EXPECT_FALSE(block->FindText("nothing like it").value().any());
  auto page = block->Page(1).value();
  EXPECT_TRUE(page->Find("one"));
  EXPECT_FALSE(page->Find("text 0"));
  const auto cells = page->Attributes("distinct").value();
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_TRUE(page->IsRaw(static_cast<uint32_t>(cells[0].cells[0])));
}

TEST_F(BlockValues, NamesThatAllDifferSurvive) {
  BeginOrigin("s");
  for (uint64_t i = 0; i < 9'000; ++i) {
    builder_.BeginAttributes();
    AddText("key", std::to_string(i % 10));
    name_ = i % 100 == 0 ? 0 : builder_.InternString("GET /thing/" + std::to_string(i));
    AddSpan(i % 500, i + 1, 0, 1000 + i);
  }
  const Input input = Finish();
  ExpectRoundTrip(input);
  EXPECT_EQ(Open()->operations().size(), 9'000u - 90 + 1);
}

TEST_F(BlockValues, LongTextsThatAllDifferEndPagesEarly) {
  BeginOrigin("s");
  std::mt19937_64 random(2);
  for (uint64_t i = 0; i < 400; ++i) {
    std::string text(20'000 + i, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    builder_.BeginAttributes();
    AddText("long", text);
    AddSpan(i / 20, i + 1, 0, 1000 + i);
  }
  const Input input = Finish();
  ExpectRoundTrip(input);
  EXPECT_GE(Open()->page_count(), 3u);
}

// Zipkin's shared spans, a cycle, a parent that is not here, and itself as a parent.
TEST_F(BlockValues, OddFamiliesSurvive) {
  BeginOrigin("s");
  const auto add = [&](uint64_t trace, SpanId id, SpanId parent, uint8_t kind, uint64_t start_ns) {
    builder_.BeginSpan();
    builder_.EndSpan({.trace_id = {7, trace},
                      .span_id = id,
                      .parent_span_id = parent,
                      .start_ns = start_ns,
                      .end_ns = start_ns + 5,
                      .name = name_,
                      .kind = kind});
  };
  add(1, 10, 0, 3, 100);
  add(1, 10, 0, 2, 101);
  add(1, 11, 10, 1, 102);
  add(2, 20, 21, 1, 100);
  add(2, 21, 22, 1, 101);
  add(2, 22, 20, 1, 99);
  add(3, 30, 999, 1, 100);
  add(3, 31, 31, 1, 100);
  add(4, 0, 0, 1, 100);
  add(4, 0, 0, 1, 101);
  ExpectRoundTrip(Finish());
}

TEST_F(BlockValues, ManySpansThatShareAnIdAndAStartAreToldApart) {
  BeginOrigin("s");
  for (uint64_t i = 0; i < 600; ++i) {
    builder_.BeginAttributes();
    Add("i", ValueType::kInt, i % 300);
    AddSpan(1, 5, 0, 100);
  }
  const Input input = Finish();
  EXPECT_EQ(WriteAndOpen(input)->info().span_count, 300u);
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*Open(), input));
}

}  // namespace
}  // namespace spoor
