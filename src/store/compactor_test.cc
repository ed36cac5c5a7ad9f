// What compaction leaves on the disk, and what becomes of it where blocks are damaged, the disk is full or retention
// comes in between. That answers stay the same is tested in store_differential_test.cc, and across power cuts in
// store_crash_test.cc.
#include "store/compactor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/fault_file_system.h"
#include "base/log.h"
#include "plan/contract/same_answers.h"
#include "plan/reference_store.h"
#include "store/seal.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;

constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;

class CompactorTest : public ::testing::Test {
 protected:
  CompactorTest() { options_ = TestStoreOptions(files_, budget_, clock_); }

  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  // A trace of its own, and a span of the trace that all share, in a block.
  void SendBlock(uint64_t number) {
    ASSERT_TRUE(AppendNow(*store_, Batch(number)));
    reference_.Add(Batch(number));
    ASSERT_TRUE(store_->SealAll());
  }
  static std::shared_ptr<const SpanBatch> Batch(uint64_t number) {
    return MakeTestBatch({{.trace = 100 + number, .id = 1, .start_ns = kStartNs + number, .service = "own"},
                          {.trace = 100 + number, .id = 2, .parent = 1, .start_ns = kStartNs + number, .name = "child"},
                          {.trace = 1,
                           .id = 10 + number,
                           .parent = 9 + number,
                           .start_ns = kStartNs + 10 * number,
                           .service = "shared"}});
  }
  void ExpectAnswers() { ExpectSameAnswers(*store_, reference_, {{AllOf{}}}, kStartNs, kStartNs + 100); }
  std::vector<std::string> Files(std::string_view ending) {
    std::vector<std::string> found;
    for (const std::string& path : files_.Paths()) {
      if (path.ends_with(ending)) found.push_back(path.substr(path.rfind('/') + 1));
    }
    return found;
  }
  static std::string Name(uint64_t id, std::string_view ending) {
    std::string name = BlockFileName(id);
    return name.substr(0, name.find('.')) + std::string(ending);
  }

  ManualClock clock_;
  FaultFileSystem files_;
  MemoryBudget budget_{size_t{256} << 20};
  StoreOptions options_;
  std::unique_ptr<Store> store_;
  ReferenceStore reference_;
};

TEST_F(CompactorTest, LeavesOneFileOfEachKindWhereSeveralWere) {
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  ASSERT_EQ(Files(".block").size(), 3u);
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_THAT(Files(".block"), ElementsAre(Name(4, ".block")));
  EXPECT_THAT(Files(".rollup"), ElementsAre(Name(4, ".rollup")));
  EXPECT_THAT(Files(".straddlers"), ElementsAre(Name(4, ".straddlers")));
  EXPECT_TRUE(Files(".tmp").empty());
  ExpectAnswers();
  const StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.blocks, 1u);
  EXPECT_EQ(stats.spans_stored, 9u);
  EXPECT_EQ(stats.compactions, 1u);
  EXPECT_EQ(stats.compacted_blocks, 3u);
  EXPECT_GT(stats.compaction_read_bytes, 0u);
  EXPECT_GT(stats.compaction_written_bytes, 0u);
  EXPECT_FALSE(stats.compacting);
  ASSERT_TRUE(store_->CompactAll()) << "nothing is left to do";
  EXPECT_EQ(store_->Stats().compactions, 1u);
}

TEST_F(CompactorTest, MergesFourBlocksOfASizeByItself) {
  LogCapture log;
  options_.compaction.enabled = true;
  Open();
  for (uint64_t i = 0; i < 4; ++i) SendBlock(i);
  Until([&] { return store_->Stats().blocks == 1; });
  ExpectAnswers();
}

TEST_F(CompactorTest, AnswersManyAtATimeWhileSpansArriveAndBlocksAreMerged) {
  LogCapture log;
  options_.clock = &SystemClock();
  options_.compaction.enabled = true;
  options_.live.rows = 30;
  Open();
  constexpr uint64_t kBatches = 300;
  std::atomic<uint64_t> acknowledged{0};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (acknowledged < kBatches) {
        const uint64_t before = acknowledged;
        if (before == 0) continue;
        EXPECT_TRUE(store_->GetTrace(TestTraceId(100 + before - 1), {}));
        const auto shared = store_->GetTrace(TestTraceId(1), {});
        ASSERT_TRUE(shared) << shared.error().message;
        EXPECT_GE(shared->spans.size(), before);
        const auto found = store_->Search({.limit = 10'000}, {});
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->complete);
        EXPECT_GE(found->traces.size(), before + 1);
      }
    });
  }
  for (uint64_t i = 0; i < kBatches; ++i) {
    EXPECT_TRUE(AppendNow(*store_, Batch(i)));
    reference_.Add(Batch(i));
    acknowledged = i + 1;
  }
  for (std::thread& reader : readers) reader.join();
  ASSERT_TRUE(store_->SealAll());
  // A merge has idle priority, and the readers may have left it nothing.
  for (uint64_t i = kBatches; store_->Stats().compactions == 0; ++i) SendBlock(i);
  ExpectAnswers();
}

TEST_F(CompactorTest, LeavesADamagedBlockAsItIsTellsItOnceAndMergesTheOthers) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 5; ++i) SendBlock(i);
  const std::string damaged = options_.folder + "/blocks/" + BlockFileName(3);
  files_.FlipBits(damaged, 20);  // in its first page
  const std::string before = files_.Contents(damaged);
  Open();  // nothing of it is cached
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 3u) << "two in front of it, it, two behind it";
  EXPECT_EQ(files_.Contents(damaged), before);
  EXPECT_EQ(store_->Stats().damage, 1u);
  EXPECT_EQ(store_->Stats().compaction_failures, 1u);
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().compaction_failures, 1u) << "it is not tried again";
  EXPECT_TRUE(store_->GetTrace(TestTraceId(100), {}));
  EXPECT_TRUE(store_->GetTrace(TestTraceId(104), {}));
  EXPECT_FALSE(store_->GetTrace(TestTraceId(102), {})) << "the damaged one";
  files_.FlipBits(damaged, 20);
  Open();
  ExpectAnswers();
}

TEST_F(CompactorTest, DoesNothingWhereTheDiskIsNearlyFull) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  options_.free_bytes_floor = FaultFileSystem::kUnlimitedBytes;
  Open();
  const Status compacted = store_->CompactAll();
  ASSERT_FALSE(compacted);
  EXPECT_EQ(compacted.error().code, Code::kFull);
  EXPECT_EQ(store_->Stats().blocks, 3u);
  ExpectAnswers();
}

TEST_F(CompactorTest, DoesNothingWhereMemoryIsShort) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  MemoryReservation taken = budget_.Reserve();
  ASSERT_TRUE(taken.Resize(budget_.limit_bytes() - budget_.used_bytes() - 1000));
  EXPECT_EQ(store_->CompactAll().error().code, Code::kBusy);
  taken.Release();
  EXPECT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 1u);
  ExpectAnswers();
}

TEST_F(CompactorTest, RetentionWaitsUntilItsBlocksAreMerged) {
  LogCapture log;
  options_.retention = std::chrono::hours(1);
  Open();
  for (uint64_t i = 0; i < 2; ++i) SendBlock(i);
  std::mutex mutex;
  std::condition_variable changed;
  bool is_reached = false, is_open = false;
  files_.Observe([&](DiskCall call, const std::string& path) {
    if (call != DiskCall::kOpen || path.find(Name(3, ".block.tmp")) == std::string::npos) return;
    std::unique_lock lock(mutex);
    is_reached = true;
    changed.notify_all();
    changed.wait(lock, [&] { return is_open; });
  });
  std::thread compact([&] { EXPECT_TRUE(store_->CompactAll()); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_reached; });
  }
  clock_.Advance(2 * 3'600'000'000'000);
  ASSERT_TRUE(AppendNow(*store_, Batch(7)));  // whose block is sealed with retention behind it
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->Stats().blocks, 3u) << "two of them are being merged";
  {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  compact.join();
  files_.Observe(nullptr);
  EXPECT_EQ(store_->Stats().blocks, 2u);
  ASSERT_TRUE(AppendNow(*store_, Batch(8)));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->Stats().blocks, 2u) << "the merged one is gone";
  EXPECT_TRUE(store_->GetTrace(TestTraceId(107), {}));
  EXPECT_EQ(store_->GetTrace(TestTraceId(100), {}).error().code, Code::kNotFound);
  EXPECT_TRUE(Files(".tmp").empty());
  EXPECT_EQ(Files(".block").size(), 2u);
}

TEST_F(CompactorTest, RetentionRemovesABlockThatCannotBeReadAsAnyOther) {
  LogCapture log;
  options_.retention = std::chrono::hours(1);
  Open();
  for (uint64_t i = 0; i < 2; ++i) SendBlock(i);
  files_.FlipBits(options_.folder + "/blocks/" + BlockFileName(1), 0);  // its head
  Open();
  ASSERT_EQ(Files(".block").size(), 2u);
  EXPECT_EQ(store_->Stats().blocks, 1u);
  clock_.Advance(2 * 3'600'000'000'000);
  ASSERT_TRUE(AppendNow(*store_, Batch(7)));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(Files(".block").size(), 1u);
  EXPECT_EQ(store_->Stats().blocks, 1u);
  EXPECT_TRUE(store_->GetTrace(TestTraceId(107), {}));
  EXPECT_TRUE(store_->Search({}, {})->complete) << "what is gone is missed by nobody";
}

// With the merged one gone, the next start would take what it replaces for blocks as any others.
TEST_F(CompactorTest, RetentionTakesAMergedBlockOnlyOnceWhatItReplacesIsGone) {
  LogCapture log;
  options_.retention = std::chrono::hours(1);
  Open();
  for (uint64_t i = 0; i < 2; ++i) SendBlock(i);
  files_.Inject({.and_after = true, .calls = {DiskCall::kRemove}, .path_part = Name(1, ".block")});
  ASSERT_TRUE(store_->CompactAll());
  clock_.Advance(2 * 3'600'000'000'000);
  SendBlock(2);
  EXPECT_EQ(store_->Stats().blocks, 2u);
  Open();
  SendBlock(3);
  EXPECT_EQ(store_->Stats().blocks, 3u) << "it still cannot be removed";
  files_.ClearFaults();
  SendBlock(4);
  EXPECT_EQ(store_->Stats().blocks, 3u);
  Open();
  EXPECT_EQ(store_->GetTrace(TestTraceId(100), {}).error().code, Code::kNotFound);
  ExpectSameCounts(*store_, reference_, kStartNs);
}

TEST_F(CompactorTest, IsDoneWithWhatWasThereHoweverMuchIsSealedMeanwhile) {
  LogCapture log;
  options_.has_threads = false;
  Open();
  uint64_t sent = 0;
  const auto send_block = [&] {
    store_->Append(Batch(sent++), {}, [](const Status& status) { EXPECT_TRUE(status); });
    store_->AskToSeal();
    while (store_->Step(Store::Work::kCommit) || store_->Step(Store::Work::kSealUrgently) ||
           store_->Step(Store::Work::kSeal)) {
    }
  };
  for (int i = 0; i < 2; ++i) send_block();
  int sealed_meanwhile = 0;
  bool is_sealing = false;
  files_.Observe([&](DiskCall call, const std::string& path) {
    if (call == DiskCall::kOpen && path.ends_with(".block.tmp") && sealed_meanwhile < 20 && !is_sealing) {
      is_sealing = true;
      ++sealed_meanwhile;
      send_block();
      is_sealing = false;
    }
  });
  EXPECT_TRUE(store_->Step(Store::Work::kCompactAll));
  files_.Observe(nullptr);
  EXPECT_EQ(store_->Stats().compactions, 1u);
  EXPECT_GT(sealed_meanwhile, 0);
}

// The next start may find a block whose folder could not be synced after it was removed again.
TEST_F(CompactorTest, MergesNothingOfABlockThatCameToNothingAndMayBeThereAtTheNextStart) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  files_.Inject(
      {.kind = DiskFaultKind::kEio, .and_after = true, .calls = {DiskCall::kSyncFolder}, .path_part = "/blocks"});
  EXPECT_FALSE(store_->CompactAll());
  files_.ClearFaults();
  for (uint64_t i = 3; i < 5; ++i) SendBlock(i);
  EXPECT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 4u) << "the last two have become one";
  ExpectAnswers();
  Open();
  EXPECT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 1u);
  ExpectAnswers();
}

// A block that replaces others cannot be read for a while, and these are still there.
TEST_F(CompactorTest, MergesNothingThatABlockHoldsWhichMayBeReadTheNextTime) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  std::vector<std::pair<std::string, std::string>> before;
  for (const std::string& path : files_.Paths()) {
    if (!path.ends_with(".wal")) before.emplace_back(path, files_.Contents(path));
  }
  ASSERT_TRUE(store_->CompactAll());
  SendBlock(3);
  store_.reset();
  for (const auto& [path, bytes] : before) files_.Plant(path, bytes);
  files_.Inject({.and_after = true, .calls = {DiskCall::kRead}, .path_part = Name(4, ".block")});
  options_.compaction.spans_max = 6;  // of two of the blocks
  Open();
  ASSERT_EQ(store_->Stats().blocks, 4u);
  ASSERT_TRUE(store_->CompactAll());
  files_.ClearFaults();
  Open();
  EXPECT_EQ(store_->Stats().spans_stored, 12u) << "each once";
  ExpectAnswers();
}

// What a crash leaves between the new block's name and the removal of its inputs.
TEST_F(CompactorTest, FinishesAtTheNextStartWhatACrashLeftUndone) {
  LogCapture log;
  Open();
  for (uint64_t i = 0; i < 3; ++i) SendBlock(i);
  std::vector<std::pair<std::string, std::string>> before;
  for (const std::string& path : files_.Paths()) {
    if (!path.ends_with(".wal")) before.emplace_back(path, files_.Contents(path));
  }
  ASSERT_TRUE(store_->CompactAll());
  store_.reset();
  for (const auto& [path, bytes] : before) files_.Plant(path, bytes);
  Open();
  EXPECT_EQ(store_->Stats().blocks, 1u);
  ExpectAnswers();
  EXPECT_THAT(Files(".block"), ElementsAre(Name(4, ".block")));
  EXPECT_THAT(Files(".rollup"), ElementsAre(Name(4, ".rollup")));
  EXPECT_THAT(Files(".straddlers"), ElementsAre(Name(4, ".straddlers")));
}

}  // namespace
}  // namespace spoor
