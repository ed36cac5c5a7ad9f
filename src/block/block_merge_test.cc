#include "block/block_merger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "block/expect_block.h"
#include "block/random_batches.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

class BlockMergeTest : public ::testing::Test {
 protected:
  BlockMergeTest() { SPOOR_CHECK(files_.CreateFolder("blocks").has_value()); }

  // Writes `batches` as the next block.
  void Write(const Input& batches) {
    const uint64_t id = paths_.size() + 1;
    const auto info = WriteBlock(files_, "blocks",
                                 {.id = id,
                                  .batches = batches,
                                  .arrival_min_ns = id * 100,
                                  .arrival_max_ns = id * 100 + 99,
                                  .wal_first_sequence = id * 10,
                                  .wal_last_sequence = id * 10 + 9});
    ASSERT_TRUE(info) << info.error().message;
    paths_.push_back("blocks/" + std::string(20 - std::to_string(id).size(), '0') + std::to_string(id) + ".block");
    all_.insert(all_.end(), batches.begin(), batches.end());
  }

  Result<BlockInfo> Merge(size_t page_bytes_max = size_t{64} << 20) {
    return MergeBlocks(files_, "blocks",
                       {.id = 99, .paths = paths_, .page_bytes_max = page_bytes_max, .on_progress = nullptr});
  }

  std::shared_ptr<Block> MergeAndOpen() {
    const auto info = Merge();
    EXPECT_TRUE(info) << info.error().message;
    EXPECT_TRUE(PublishMerged(files_, "blocks", 99));
    auto block = Block::Open(files_, kMerged, cache_);
    EXPECT_TRUE(block) << block.error().message;
    EXPECT_EQ((*block)->info().span_count, info->span_count);
    EXPECT_EQ((*block)->info().file_bytes, info->file_bytes);
    EXPECT_EQ((*block)->info().start_max_ns, info->start_max_ns);
    return *block;
  }

  static constexpr const char* kMerged = "blocks/00000000000000000099.block";
  FaultFileSystem files_;
  PageCache cache_{size_t{64} << 20};
  std::vector<std::string> paths_;
  Input all_;
};

TEST_F(BlockMergeTest, HoldsWhatAllOfItsInputsHoldWhateverItIs) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    RandomBatches random(seed);
    paths_.clear();
    all_.clear();
    const uint64_t blocks = 2 + random.Below(4);
    for (uint64_t block = 0; block < blocks; ++block) {
      // Traces of their own, and some that the block before has too.
      random.SetTraces(1 + block * random.Below(50), 1 + random.Below(60));
      Input batches = random.Make(1 + random.Below(3), 1 + random.Below(150));
      if (!all_.empty() && random.Below(2) == 0) batches.push_back(all_[random.Below(all_.size())]);
      ASSERT_NO_FATAL_FAILURE(Write(batches));
    }
    const std::shared_ptr<Block> block = MergeAndOpen();
    ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, all_));
    ASSERT_NO_FATAL_FAILURE(ExpectParents(*block));
    for (const std::string& path : files_.Paths()) ASSERT_TRUE(files_.Remove(path.substr(1)));
  }
}

TEST_F(BlockMergeTest, HoldsManyPagesOfInputsOfDifferentSize) {
  RandomBatches random(5);
  random.SetTraces(1, 3000);
  ASSERT_NO_FATAL_FAILURE(Write(random.Make(3, 9000)));
  random.SetTraces(2900, 200);
  ASSERT_NO_FATAL_FAILURE(Write(random.Make(1, 20)));
  random.SetTraces(2950, 2000);
  ASSERT_NO_FATAL_FAILURE(Write(random.Make(2, 6000)));
  const std::shared_ptr<Block> block = MergeAndOpen();
  EXPECT_GT(block->page_count(), 4u);
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, all_));
  ExpectParents(*block);
}

// Spans of `service`, each a trace of its own with a text that no other has.
std::shared_ptr<const SpanBatch> DifferentTexts(const std::string& service, uint64_t first, uint64_t count) {
  SpanBatchBuilder builder;
  builder.Clear();
  builder.BeginAttributes();
  SPOOR_CHECK(
      builder.AddAttribute(builder.InternString("service.name"), ValueType::kString, builder.InternString(service)));
  builder.AddResource(builder.EndAttributes(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  for (uint64_t i = first; i < first + count; ++i) {
    builder.BeginSpan();
    builder.BeginAttributes();
    SPOOR_CHECK(builder.AddAttribute(builder.InternString("user"), ValueType::kString,
                                     builder.InternString("user " + std::to_string(i))));
    builder.SetSpanAttributes(builder.EndAttributes());
    builder.EndSpan({.trace_id = {1, i}, .span_id = 1, .start_ns = i * 1000, .end_ns = i * 1000 + 1 + i % 97});
  }
  return builder.Finish().value();
}

TEST_F(BlockMergeTest, FindsTextsAndBoundsTracesLikeABlockThatWasWrittenInOneGo) {
  constexpr uint64_t kSpans = 50'000;
  ASSERT_NO_FATAL_FAILURE(Write({DifferentTexts("front", 0, kSpans), DifferentTexts("back", 3 * kSpans, kSpans)}));
  ASSERT_NO_FATAL_FAILURE(Write({DifferentTexts("back", kSpans, 2 * kSpans)}));
  ASSERT_TRUE(WriteBlock(files_, "blocks", {.id = 50, .batches = all_}));
  const auto at_once = Block::Open(files_, "blocks/00000000000000000050.block", cache_).value();
  const std::shared_ptr<Block> merged = MergeAndOpen();
  ASSERT_GT(merged->page_count(), 20u);
  ASSERT_EQ(merged->page_count(), at_once->page_count());
  for (uint64_t i = 0; i < 4 * kSpans; i += 997) {
    const std::string text = "user " + std::to_string(i);
    const TextPlaces places = merged->FindText(text).value();
    ASSERT_EQ(places.raw.size(), 1u) << text;
    EXPECT_EQ(places.raw[0].begin, at_once->FindText(text).value().raw.at(0).begin);
    EXPECT_LE(merged->page_begin(places.raw[0].begin), i);
    EXPECT_GT(merged->page_begin(places.raw[0].end), i);
  }
  EXPECT_FALSE(merged->FindText("user -1").value().any());
  const auto bounds = merged->Bounds().value(), expected = at_once->Bounds().value();
  ASSERT_EQ(bounds->entries.size(), expected->entries.size());
  for (uint32_t page = 0; page < merged->page_count(); ++page) {
    for (const std::string_view service : {"front", "back"}) {
      const TraceBoundsEntry* entry = bounds->Of(page, bounds->FindService(service).value());
      const TraceBoundsEntry* other = expected->Of(page, expected->FindService(service).value());
      ASSERT_EQ(entry == nullptr, other == nullptr);
      if (entry == nullptr) continue;
      EXPECT_EQ(entry->start_max_ns, other->start_max_ns);
      EXPECT_EQ(entry->duration_max_ns, other->duration_max_ns);
      EXPECT_EQ(entry->span_count_max, other->span_count_max);
    }
  }
}

TEST_F(BlockMergeTest, SaysOfItselfWhatItReplaces) {
  RandomBatches random(7);
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(Write(random.Make(1, 30)));
  const std::shared_ptr<Block> block = MergeAndOpen();
  EXPECT_EQ(block->info().id, 99u);
  EXPECT_EQ(block->info().replaces, (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_EQ(block->info().arrival_min_ns, 100u);
  EXPECT_EQ(block->info().arrival_max_ns, 399u);
  EXPECT_EQ(block->info().wal_first_sequence, 10u);
  EXPECT_EQ(block->info().wal_last_sequence, 39u);
}

// A key that is rare in every input, and a column whose texts are different in one and few in the other.
TEST_F(BlockMergeTest, DecidesAnewWhichKeysAreRareAndKeepsRawColumnsRaw) {
  const auto make = [](int begin, bool distinct) {
    SpanBatchBuilder builder;
    builder.Clear();
    for (int i = begin; i < begin + 100; ++i) {
      builder.AddResource({}, 0, 0);
      builder.AddScope(0, 0, {}, 0, 0);
      builder.BeginSpan();
      builder.BeginAttributes();
      SPOOR_CHECK(builder.AddAttribute(builder.InternString("number"), ValueType::kInt, static_cast<uint64_t>(i)));
      for (int n = 0; n < 2; ++n) {
        SPOOR_CHECK(builder.AddAttribute(builder.InternString("text"), ValueType::kString,
                                         builder.InternString(distinct ? std::to_string(i * 2 + n) : "same")));
      }
      builder.SetSpanAttributes(builder.EndAttributes());
      builder.EndSpan(
          {.trace_id = {1, static_cast<uint64_t>(i)}, .span_id = 1, .start_ns = 1000u + static_cast<uint64_t>(i)});
    }
    return Input{builder.Finish().value()};
  };
  ASSERT_NO_FATAL_FAILURE(Write(make(0, true)));
  ASSERT_NO_FATAL_FAILURE(Write(make(100, false)));
  const std::shared_ptr<Block> block = MergeAndOpen();
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, all_));
  auto columns = block->Page(0).value();
  const auto numbers = columns->Attributes("number").value();
  ASSERT_EQ(numbers.size(), 1u);
  EXPECT_EQ(numbers[0].cells.size(), 200u);
  EXPECT_TRUE(columns->IsRaw(static_cast<uint32_t>(columns->Attributes("text").value()[0].cells[0])));
}

TEST_F(BlockMergeTest, KeepsResourcesApartOfInputsThatHaveOneEach) {
  for (uint64_t i = 0; i < 3; ++i) {
    SpanBatchBuilder builder;
    builder.Clear();
    builder.BeginAttributes();
    SPOOR_CHECK(builder.AddAttribute(builder.InternString("service.name"), ValueType::kString,
                                     builder.InternString("service " + std::to_string(i))));
    builder.AddResource(builder.EndAttributes(), 0, 0);
    builder.AddScope(builder.InternString("scope " + std::to_string(i)), 0, {}, 0, 0);
    builder.BeginSpan();
    builder.EndSpan({.trace_id = {1, i}, .span_id = 1, .start_ns = 1000 + i});
    ASSERT_NO_FATAL_FAILURE(Write({builder.Finish().value()}));
  }
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*MergeAndOpen(), all_));
}

TEST_F(BlockMergeTest, CanBeMergedAgain) {
  RandomBatches random(8);
  for (int i = 0; i < 2; ++i) {
    random.SetTraces(1 + static_cast<uint64_t>(i) * 20, 40);
    ASSERT_NO_FATAL_FAILURE(Write(random.Make(2, 100)));
  }
  MergeAndOpen();
  ASSERT_TRUE(files_.Rename(kMerged, paths_[0]));
  random.SetTraces(30, 60);
  const Input more = random.Make(2, 100);
  paths_.resize(1);
  all_.insert(all_.end(), more.begin(), more.end());
  ASSERT_TRUE(
      WriteBlock(files_, "blocks", {.id = 2, .batches = more, .wal_first_sequence = 50, .wal_last_sequence = 60}));
  paths_.push_back("blocks/00000000000000000002.block");
  const std::shared_ptr<Block> block = MergeAndOpen();
  ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, all_));
  ExpectParents(*block);
}

TEST_F(BlockMergeTest, WritesNothingWhereAByteOfAnInputIsDamaged) {
  RandomBatches random(9);
  ASSERT_NO_FATAL_FAILURE(Write(random.Make(1, 40)));
  ASSERT_NO_FATAL_FAILURE(Write(random.Make(1, 40)));
  const auto whole = Merge();
  ASSERT_TRUE(whole) << whole.error().message;
  const std::string good = files_.Contents("blocks/00000000000000000099.block.tmp");
  ASSERT_TRUE(files_.Remove("blocks/00000000000000000099.block.tmp"));
  const size_t input_bytes = files_.Contents(paths_[1]).size();
  int refused = 0;
  for (size_t at = 0; at < input_bytes; ++at) {
    const auto mask = static_cast<uint8_t>(1 << (at % 8));
    files_.FlipBits(paths_[1], at, mask);
    const auto merged = Merge();
    files_.FlipBits(paths_[1], at, mask);
    if (merged) {
      // Only what is made anew may be damaged: filters and bounds.
      EXPECT_EQ(files_.Contents("blocks/00000000000000000099.block.tmp"), good) << at;
      ASSERT_TRUE(files_.Remove("blocks/00000000000000000099.block.tmp"));
      continue;
    }
    ++refused;
    EXPECT_NE(merged.error().message.find(paths_[1]), std::string::npos) << merged.error().message;
    EXPECT_EQ(files_.Paths().size(), 2u) << "the temporary file is removed";
  }
  EXPECT_GT(refused, static_cast<int>(input_bytes * 9 / 10));
}

TEST_F(BlockMergeTest, GivesUpWherePagesDoNotFitIntoMemory) {
  RandomBatches random(10);
  random.SetTraces(1, 20'000);
  for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(Write(random.Make(4, 9000)));
  const auto merged = Merge(1);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code, Code::kTooLarge) << merged.error().message;
  EXPECT_EQ(files_.Paths().size(), 2u);
}

TEST_F(BlockMergeTest, StopsWhereItIsToldTo) {
  RandomBatches random(11);
  for (int i = 0; i < 2; ++i) ASSERT_NO_FATAL_FAILURE(Write(random.Make(1, 100)));
  const auto merged = MergeBlocks(files_, "blocks",
                                  {.id = 99, .paths = paths_, .on_progress = [](uint64_t, uint64_t) { return false; }});
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code, Code::kCancelled);
  EXPECT_EQ(files_.Paths().size(), 2u);
}

}  // namespace
}  // namespace spoor
