#include "model/span_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/span_batch_builder.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using List = SpanBatchBuilder::AttributeList;

struct Value {
  std::string key;
  ValueType type = ValueType::kString;
  std::string text;
  uint64_t number = 0;
};

List Write(SpanBatchBuilder& builder, const std::vector<Value>& values) {
  builder.BeginAttributes();
  for (const Value& value : values) {
    uint64_t cell = value.type == ValueType::kString ? builder.InternString(value.text) : value.number;
    EXPECT_TRUE(builder.AddAttribute(builder.InternString(value.key), value.type, cell));
  }
  return builder.EndAttributes();
}

// Three spans: two of service "cart", whose resource has k = "r"; one of "shop" without it.
std::shared_ptr<const SpanBatch> ThreeSpans() {
  SpanBatchBuilder builder;
  builder.AddResource(Write(builder, {{"service.name", ValueType::kString, "cart"}, {"k", ValueType::kString, "r"}}), 0,
                      0);
  builder.AddScope(builder.InternString("lib"), builder.InternString("1"),
                   Write(builder, {{"k", ValueType::kInt, "", 7}}), 0, 0);
  builder.BeginSpan();
  builder.SetSpanAttributes(Write(builder, {{"k", ValueType::kString, "x"},
                                            {"other", ValueType::kBool, "", 1},
                                            {"k", ValueType::kString, "y"},
                                            {"k", ValueType::kInt, "", 5}}));
  builder.AddEvent({.time_ns = 1, .name = builder.InternString("start")},
                   Write(builder, {{"k", ValueType::kInt, "", 8}}));
  builder.AddEvent({.time_ns = 2, .name = builder.InternString("stop")},
                   Write(builder, {{"k", ValueType::kInt, "", 9}}));
  builder.EndSpan({.trace_id = {1, 2},
                   .span_id = 3,
                   .parent_span_id = 4,
                   .start_ns = 5,
                   .end_ns = 6,
                   .name = builder.InternString("one"),
                   .trace_state = builder.InternString("t=1"),
                   .status_message = builder.InternString("bad"),
                   .kind = 2,
                   .status_code = 2});
  builder.BeginSpan();
  builder.EndSpan({.trace_id = {1, 2}, .span_id = 13, .name = builder.InternString("two")});
  builder.AddResource(Write(builder, {{"service.name", ValueType::kString, "shop"}}), 0, 0);
  builder.AddScope(builder.InternString("bib"), builder.InternString("2"), {}, 0, 0);
  builder.BeginSpan();
  builder.SetSpanAttributes(Write(builder, {{"k", ValueType::kString, "z"}}));
  builder.AddEvent({.name = builder.InternString("start")}, {});
  builder.AddLink({.span_id = 9}, Write(builder, {{"k", ValueType::kString, "link"}}));
  builder.EndSpan({.trace_id = {1, 2}, .span_id = 23, .name = builder.InternString("three")});
  return builder.Finish().value();
}

class ColumnsOfBatch : public ::testing::Test {
 protected:
  std::vector<std::string> Texts(Code32 column) {
    std::vector<std::string> texts;
    const Column<uint32_t> codes = columns_->Get(column).value();
    for (const uint32_t code : codes.values) texts.emplace_back(columns_->String(code));
    return texts;
  }
  // The cells of that owner and type; all cells as text.
  std::vector<std::string> Cells(std::string_view key, AttributeOwner owner, ValueType type) {
    std::vector<std::string> cells;
    const std::vector<AttributeCells> all = columns_->Attributes(key).value();
    for (const AttributeCells& one : all) {
      EXPECT_FALSE(one.rows.empty());
      EXPECT_EQ(one.rows.size(), one.cells.size());
      if (one.owner != owner || one.type != type) continue;
      for (size_t i = 0; i < one.rows.size(); ++i) {
        const std::string cell = type == ValueType::kString
                                     ? std::string(columns_->String(static_cast<uint32_t>(one.cells[i])))
                                     : std::to_string(one.cells[i]);
        cells.push_back(std::to_string(one.rows[i]) + ":" + cell);
      }
    }
    return cells;
  }

  const std::shared_ptr<const SpanBatch> batch_ = ThreeSpans();
  const std::unique_ptr<SpanColumns> columns_ = ColumnsOf(*batch_);
};

TEST_F(ColumnsOfBatch, ShowNumbersAsTheyStand) {
  EXPECT_EQ(columns_->size(), 3u);
  EXPECT_THAT(columns_->Get(Fixed64::kTraceIdHigh).value().values, ElementsAre(1, 1, 1));
  EXPECT_THAT(columns_->Get(Fixed64::kTraceIdLow).value().values, ElementsAre(2, 2, 2));
  EXPECT_THAT(columns_->Get(Fixed64::kSpanId).value().values, ElementsAre(3, 13, 23));
  EXPECT_THAT(columns_->Get(Fixed64::kParentSpanId).value().values, ElementsAre(4, 0, 0));
  EXPECT_THAT(columns_->Get(Fixed64::kStartNs).value().values, ElementsAre(5, 0, 0));
  EXPECT_THAT(columns_->Get(Fixed64::kEndNs).value().values, ElementsAre(6, 0, 0));
  EXPECT_THAT(columns_->Get(Byte8::kKind).value().values, ElementsAre(2, 0, 0));
  EXPECT_THAT(columns_->Get(Byte8::kStatusCode).value().values, ElementsAre(2, 0, 0));
}

TEST_F(ColumnsOfBatch, ShowTextsOfSpansResourcesAndScopesASpanEach) {
  EXPECT_THAT(Texts(Code32::kName), ElementsAre("one", "two", "three"));
  EXPECT_THAT(Texts(Code32::kServiceName), ElementsAre("cart", "cart", "shop"));
  EXPECT_THAT(Texts(Code32::kTraceState), ElementsAre("t=1", "", ""));
  EXPECT_THAT(Texts(Code32::kStatusMessage), ElementsAre("bad", "", ""));
  EXPECT_THAT(Texts(Code32::kScopeName), ElementsAre("lib", "lib", "bib"));
  EXPECT_THAT(Texts(Code32::kScopeVersion), ElementsAre("1", "1", "2"));
  EXPECT_THAT(Texts(Code32::kServiceName), ElementsAre("cart", "cart", "shop")) << "a second time";
}

TEST_F(ColumnsOfBatch, ShowAKeyByOwnerAndTypeWithItsDuplicates) {
  EXPECT_THAT(Cells("k", AttributeOwner::kSpan, ValueType::kString), ElementsAre("0:x", "0:y", "2:z"));
  EXPECT_THAT(Cells("k", AttributeOwner::kSpan, ValueType::kInt), ElementsAre("0:5"));
  EXPECT_THAT(Cells("k", AttributeOwner::kResource, ValueType::kString), ElementsAre("0:r", "1:r"));
  EXPECT_THAT(Cells("k", AttributeOwner::kScope, ValueType::kInt), ElementsAre("0:7", "1:7"));
  EXPECT_THAT(Cells("k", AttributeOwner::kEvent, ValueType::kInt), ElementsAre("0:8", "0:9"));
  EXPECT_THAT(Cells("k", AttributeOwner::kLink, ValueType::kString), ElementsAre("2:link"));
  EXPECT_EQ(columns_->Attributes("k").value().size(), 6u);
  EXPECT_THAT(Cells("service.name", AttributeOwner::kResource, ValueType::kString),
              ElementsAre("0:cart", "1:cart", "2:shop"));
}

TEST_F(ColumnsOfBatch, ShowNothingOfAKeyThatIsOnlyAValueOrNowhere) {
  EXPECT_THAT(columns_->Attributes("cart").value(), IsEmpty());
  EXPECT_THAT(columns_->Attributes("nowhere").value(), IsEmpty());
}

TEST_F(ColumnsOfBatch, ShowTheNamesOfEvents) {
  const AttributeCells names = columns_->EventNames().value();
  EXPECT_EQ(names.owner, AttributeOwner::kEvent);
  EXPECT_EQ(names.type, ValueType::kString);
  EXPECT_THAT(names.rows, ElementsAre(0, 0, 2));
  ASSERT_EQ(names.cells.size(), 3u);
  EXPECT_EQ(columns_->String(static_cast<uint32_t>(names.cells[1])), "stop");
  EXPECT_EQ(names.cells[0], names.cells[2]);
}

TEST_F(ColumnsOfBatch, FindTextsOfTheDictionary) {
  const std::optional<uint32_t> code = columns_->Find("shop");
  ASSERT_TRUE(code);
  EXPECT_EQ(columns_->String(*code), "shop");
  EXPECT_FALSE(columns_->IsRaw(*code));
  EXPECT_FALSE(columns_->Find("nowhere"));
}

}  // namespace
}  // namespace spoor
