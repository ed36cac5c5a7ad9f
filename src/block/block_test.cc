#include "block/block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <tuple>

#include "block/expect_block.h"
#include "block/random_batches.h"

namespace spoor {
namespace {

using BlockFileTest = BlockOnDisk;

TEST_F(BlockFileTest, HoldsWhatWasWrittenWhateverItIs) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    RandomBatches random(seed);
    const Input batches = random.Make(1 + random.Below(5), 1 + random.Below(120));
    const std::shared_ptr<Block> block = WriteAndOpen(batches);
    ASSERT_NO_FATAL_FAILURE(ExpectHolds(*block, batches));
    ExpectParents(*block);
    ASSERT_TRUE(files_.Remove(kPath));
  }
}

TEST_F(BlockFileTest, SaysOfItselfWhatItHolds) {
  RandomBatches random(7);
  const Input batches = random.Make(2, 50);
  const std::shared_ptr<Block> block = WriteAndOpen(batches);
  const BlockInfo& info = block->info();
  EXPECT_EQ(info.id, 42u);
  EXPECT_EQ(info.arrival_min_ns, 1u);
  EXPECT_EQ(info.arrival_max_ns, 2u);
  EXPECT_EQ(info.wal_first_sequence, 3u);
  EXPECT_EQ(info.wal_last_sequence, 4u);
  EXPECT_EQ(info.file_bytes, files_.Contents(kPath).size());
  const auto rows = block->ReadRows(0, info.span_count).value();
  EXPECT_EQ(info.start_min_ns, std::ranges::min(rows->start_ns));
  EXPECT_EQ(info.start_max_ns, std::ranges::max(rows->start_ns));
  EXPECT_EQ(info.trace_start_max_ns, block->Traces()->start_ns.back());
  EXPECT_EQ(written_.file_bytes, info.file_bytes);
  EXPECT_EQ(written_.span_count, info.span_count);
  EXPECT_EQ(written_.start_max_ns, info.start_max_ns);
  EXPECT_EQ(files_.Paths(), std::vector<std::string>{"/" + std::string(kPath)}) << "nothing else is left behind";

  std::set<std::tuple<std::string, std::string, uint8_t>> expected, found;
  for (uint32_t row = 0; row < rows->span_count(); ++row) {
    expected.emplace(rows->String(rows->service_name(row)), rows->String(rows->name[row]), rows->kind[row]);
  }
  for (const BlockOperation& operation : block->operations()) {
    found.emplace(operation.service, operation.name, operation.kind);
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(block->operations().size(), expected.size());
}

TEST_F(BlockFileTest, PrunesTextsThatItDoesNotHold) {
  RandomBatches random(8);
  const std::shared_ptr<Block> block = WriteAndOpen(random.Make(2, 50));
  EXPECT_TRUE(block->FindText("service 1").value().any());
  EXPECT_TRUE(block->FindText("key 1").value().any());
  EXPECT_FALSE(block->FindText("service").value().any());
  EXPECT_FALSE(block->FindText("zzz").value().any());
  EXPECT_FALSE(block->FindText(" ").value().any());
}

TEST_F(BlockFileTest, DoesNotFindTracesThatItDoesNotHold) {
  RandomBatches random(9);
  const std::shared_ptr<Block> block = WriteAndOpen(random.Make(2, 50));
  int wrong = 0;
  for (uint64_t i = 0; i < 10'000; ++i) {
    const TraceId id{1, 1'000'000 + i};
    wrong += block->MayHoldTrace(id);
    EXPECT_FALSE(block->FindTrace(id).value());
  }
  EXPECT_LT(wrong, 80);
}

TEST_F(BlockFileTest, AnswersManyThreadsAtOnce) {
  RandomBatches random(10);
  const Input batches = random.Make(3, 80);
  WriteAndOpen(batches);
  // So small that pages push each other out.
  PageCache cache(20'000);
  const std::shared_ptr<Block> block = Block::Open(files_, kPath, cache).value();
  const auto expected = block->ReadRows(0, block->info().span_count).value();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        const auto rows = block->ReadRows(0, block->info().span_count);
        ASSERT_TRUE(rows);
        EXPECT_TRUE(std::ranges::equal((*rows)->bytes(), expected->bytes()));
        const auto page = block->Page(0);
        ASSERT_TRUE(page);
        EXPECT_TRUE((*page)->Attributes("key 1"));
        EXPECT_TRUE(block->FindTrace(expected->trace_id(0)).value());
      }
    });
  }
}

}  // namespace
}  // namespace spoor
