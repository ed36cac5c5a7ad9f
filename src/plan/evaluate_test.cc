#include "plan/evaluate.h"

#include <gtest/gtest.h>

#include <set>

#include "model/span_batch_builder.h"
#include "plan/may_match.h"
#include "plan/naive_filter.h"
#include "plan/random_spans.h"

namespace spoor {
namespace {

Filter Compare(Intrinsic field, CompareOp op, Literal value) {
  return Filter{CompareIntrinsic{field, op, std::move(value)}};
}

// Columns that note what was asked for, and show some text as if it were stored raw: with codes above all others that
// Find does not know.
class WatchedColumns final : public SpanColumns {
 public:
  WatchedColumns(const SpanBatch& batch, bool raw) : columns_(ColumnsOf(batch)), raw_(raw) {}

  uint32_t size() const override { return columns_->size(); }
  Result<Column<uint64_t>> Get(Fixed64 column) override { return Asked("fixed64"), columns_->Get(column); }
  Result<Column<uint8_t>> Get(Byte8 column) override { return Asked("byte8"), columns_->Get(column); }
  Result<Column<uint32_t>> Get(Code32 column) override {
    Asked("code32");
    ASSIGN_OR_RETURN(auto codes, columns_->Get(column));
    if (!raw_) return codes;
    auto changed = std::make_shared<std::vector<uint32_t>>(codes.values.begin(), codes.values.end());
    for (uint32_t& code : *changed) code = Rawed(code);
    return Column<uint32_t>{*changed, changed};
  }
  Result<std::vector<AttributeCells>> Attributes(std::string_view key) override {
    Asked("attributes");
    ASSIGN_OR_RETURN(auto all, columns_->Attributes(key));
    for (AttributeCells& cells : all) {
      if (raw_ && IsCode(cells.type)) Raw(cells);
    }
    return all;
  }
  Result<AttributeCells> EventNames() override {
    Asked("events");
    ASSIGN_OR_RETURN(auto cells, columns_->EventNames());
    if (raw_) Raw(cells);
    return cells;
  }
  std::string_view String(uint32_t code) const override { return columns_->String(IsRaw(code) ? code - kRaw : code); }
  std::optional<uint32_t> Find(std::string_view text) const override {
    const auto code = columns_->Find(text);
    return code && Rawed(*code) != *code ? std::nullopt : code;
  }
  bool IsRaw(uint32_t code) const override { return code >= kRaw; }

  std::set<std::string> asked_for;

 private:
  static constexpr uint32_t kRaw = 1'000'000;
  void Asked(const char* what) { asked_for.insert(what); }
  uint32_t Rawed(uint32_t code) const { return raw_ && code % 2 == 1 ? code + kRaw : code; }
  void Raw(AttributeCells& cells) const {
    for (uint64_t& cell : cells.cells) cell = Rawed(static_cast<uint32_t>(cell));
  }

  std::unique_ptr<SpanColumns> columns_;
  const bool raw_;
};

void ExpectSameAsNaive(const Filter& filter, uint64_t min, uint64_t max, const SpanBatch& batch, bool raw) {
  WatchedColumns columns(batch, raw);
  const auto selection = Evaluate(filter, min, max, columns);
  ASSERT_TRUE(selection.has_value()) << selection.error().message;
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    const bool in_window = batch.start_ns[row] >= min && batch.start_ns[row] <= max;
    ASSERT_EQ(selection->Has(row), in_window && NaiveMatches(filter, batch, row)) << "row " << row;
  }
}

TEST(Evaluate, AgreesWithTheNaiveEvaluatorOnRandomSpansAndFilters) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto batch = RandomBatch(random, 200);
    for (int i = 0; i < 40; ++i) {
      const Filter filter = RandomFilter(random, 3);
      const bool bounded = random() % 2 == 0;
      const uint64_t min = bounded ? kRandomStartNs + random() % 1000 : 0;
      const uint64_t max = bounded ? kRandomStartNs + random() % 1000 : UINT64_MAX;
      ExpectSameAsNaive(filter, min, max, *batch, i % 2 == 1);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(Evaluate, NeverPrunesASetWithAMatch) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    const auto batch = RandomBatch(random, 10);
    const TextKnowledge knowledge{[&](std::string_view text) { return batch->Find(text).has_value(); }};
    for (int i = 0; i < 40; ++i) {
      const Filter filter = RandomFilter(random, 3);
      if (MayMatch(filter, knowledge)) continue;
      for (uint32_t row = 0; row < batch->span_count(); ++row) {
        ASSERT_FALSE(NaiveMatches(filter, *batch, row)) << "seed " << seed;
      }
    }
  }
}

TEST(Evaluate, AsksTheCheapestColumnFirstAndStopsWhereNothingIsLeft) {
  Random random(7);
  const auto batch = RandomBatch(random, 100);
  WatchedColumns columns(*batch, false);
  const Filter filter{AllOf{{Filter{AttributeText{"a", "b"}}, Compare(Intrinsic::kDurationNs, CompareOp::kGreater, 5),
                             Compare(Intrinsic::kKind, CompareOp::kEqual, 77)}}};
  const auto selection = Evaluate(filter, 0, UINT64_MAX, columns);
  ASSERT_TRUE(selection.has_value());
  EXPECT_FALSE(selection->Any());
  EXPECT_EQ(columns.asked_for, std::set<std::string>{"byte8"});
}

TEST(Evaluate, ReadsNothingForAnEmptyFilterWithoutAWindow) {
  Random random(7);
  const auto batch = RandomBatch(random, 100);
  WatchedColumns columns(*batch, false);
  const auto selection = Evaluate(Filter{AllOf{}}, 0, UINT64_MAX, columns);
  ASSERT_TRUE(selection.has_value());
  EXPECT_EQ(selection->Count(), batch->span_count());
  EXPECT_TRUE(columns.asked_for.empty());
}

TEST(Evaluate, DoesNotSearchTheAttributesOfLinks) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.BeginAttributes();
  ASSERT_TRUE(builder.AddAttribute(builder.InternString("k"), ValueType::kString, builder.InternString("v")));
  builder.AddLink({.trace_id = {1, 2}, .span_id = 3}, builder.EndAttributes());
  builder.EndSpan({.trace_id = {1, 2}, .span_id = 1});
  const auto batch = *builder.Finish();
  ExpectSameAsNaive(Filter{AttributeText{"k", "v"}}, 0, UINT64_MAX, *batch, false);
  EXPECT_FALSE(NaiveMatches(Filter{AttributeText{"k", "v"}}, *batch, 0));
}

TEST(MayMatch, PrunesWhatNeedsAnAbsentText) {
  const TextKnowledge nothing{[](std::string_view) { return false; }};
  EXPECT_FALSE(MayMatch(Compare(Intrinsic::kName, CompareOp::kEqual, std::string("x")), nothing));
  EXPECT_FALSE(MayMatch(Filter{AttributeText{"k", "500"}}, nothing));
  EXPECT_FALSE(MayMatch(Compare(Intrinsic::kKind, CompareOp::kLess, 0), nothing));
  EXPECT_FALSE(MayMatch(Filter{AnyOf{}}, nothing));
  EXPECT_TRUE(MayMatch(Compare(Intrinsic::kName, CompareOp::kNotEqual, std::string("x")), nothing));
  EXPECT_TRUE(MayMatch(Compare(Intrinsic::kStatusMessage, CompareOp::kEqual, std::string()), nothing));
  EXPECT_TRUE(MayMatch(Filter{AllOf{}}, nothing));

  TextKnowledge only_key{[](std::string_view text) { return text == "k"; }};
  EXPECT_TRUE(MayMatch(Filter{AttributeText{"k", "500"}}, only_key));
  EXPECT_FALSE(MayMatch(Filter{AttributeText{"k", "no such text"}}, only_key));
  only_key.may_hold_other_types = [](std::string_view) { return false; };
  EXPECT_FALSE(MayMatch(Filter{AttributeText{"k", "500"}}, only_key));
}

TEST(Selection, KeepsBitsBeyondItsRowsZero) {
  for (const uint32_t rows : {0u, 1u, 63u, 64u, 65u, 200u}) {
    Selection all(rows, true);
    EXPECT_EQ(all.Count(), rows);
    all.Invert();
    EXPECT_FALSE(all.Any());
    all.Invert();
    EXPECT_EQ(all.Count(), rows);
    EXPECT_EQ(all.Rows().size(), rows);
  }
}

TEST(Selection, CombinesRowByRow) {
  Selection a(130), b(130);
  for (uint32_t row = 0; row < 130; row += 2) a.Set(row);
  for (uint32_t row = 0; row < 130; row += 3) b.Set(row);
  Selection both = a, either = a;
  both.And(b);
  either.Or(b);
  for (uint32_t row = 0; row < 130; ++row) {
    EXPECT_EQ(both.Has(row), row % 6 == 0);
    EXPECT_EQ(either.Has(row), row % 2 == 0 || row % 3 == 0);
  }
  EXPECT_EQ(both.Rows().back(), 126u);
}

}  // namespace
}  // namespace spoor
