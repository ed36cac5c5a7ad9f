// What becomes of counts when files are lost, damaged or come back, blocks are sealed out of order, and the disk is
// full. That they are right in every ordinary state is tested in store_differential_test.cc, and across power cuts in
// store_crash_test.cc.
#include "store/rollups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/fault_file_system.h"
#include "base/log.h"
#include "model/rollup_builder.h"
#include "plan/contract/same_answers.h"
#include "plan/reference_store.h"
#include "plan/rollup_query.h"
#include "store/seal.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;

class RollupsTest : public ::testing::Test {
 protected:
  RollupsTest() {
    options_ = TestStoreOptions(files_, budget_, clock_);
    folder_ = options_.folder + "/rollups/";
  }

  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  void Send(const std::vector<TestSpan>& spans) {
    const auto batch = MakeTestBatch(spans);
    ASSERT_TRUE(AppendNow(*store_, batch));
    reference_.Add(batch);
  }
  // Two traces, of which one also stands in all other parts: its root is in part 0, and each part has the last span of
  // the part before, too.
  void SendPart(uint64_t part) {
    const uint64_t start_ns = kStartNs + part * kNanosPerMinute;
    const auto shared = [&](uint64_t i) {
      return TestSpan{.trace = 1,
                      .id = 100 + i,
                      .parent = i == 0 ? 0 : 99 + i,
                      .start_ns = kStartNs + i,
                      .service = i % 2 == 0 ? "a" : "b",
                      .name = "x"};
    };
    std::vector<TestSpan> spans{{.trace = 10 + part, .id = 1, .start_ns = start_ns, .service = "a", .name = "x"},
                                {.trace = 10 + part, .id = 2, .parent = 1, .start_ns = start_ns, .service = "b"},
                                shared(part)};
    if (part > 0) spans.push_back(shared(part - 1));
    Send(spans);
  }
  void SendAndSeal(uint64_t part) {
    SendPart(part);
    ASSERT_TRUE(store_->SealAll());
  }
  void ExpectCounts() { ExpectSameCounts(*store_, reference_, kStartNs); }
  std::string Path(uint64_t block_id) { return folder_ + RollupFileName(block_id); }
  int64_t SpanCount() {
    int64_t count = 0;
    const auto answer = store_->Red({}, {});
    EXPECT_TRUE(answer);
    if (!answer) return -1;
    for (const RedSeries& one : answer->series) count += one.total.count();
    return count;
  }

  ManualClock clock_;
  FaultFileSystem files_;
  MemoryBudget budget_{size_t{256} << 20};
  StoreOptions options_;
  std::string folder_;
  std::unique_ptr<Store> store_;
  ReferenceStore reference_;
};

TEST_F(RollupsTest, CountsAnewWhatIsDamagedAndTellsWhere) {
  LogCapture log;
  Open();
  for (uint64_t part = 0; part < 3; ++part) SendAndSeal(part);
  ExpectCounts();
  const std::string path = Path(2);
  const std::string whole = files_.Contents(path);
  for (uint64_t offset = 0; offset < whole.size(); offset += 5) {
    store_.reset();
    files_.FlipBits(path, offset);
    Open();
    ASSERT_NO_FATAL_FAILURE(ExpectCounts()) << offset;
    ASSERT_TRUE(store_->SealAll());
    ASSERT_NO_FATAL_FAILURE(ExpectCounts()) << offset;
  }
  EXPECT_THAT(log.text(), HasSubstr(path + " at "));
  store_.reset();
  files_.Plant(path, "");
  Open();
  SendAndSeal(3);
  EXPECT_TRUE(ReadRollup(files_, path)) << "it is written anew";
  ExpectCounts();
}

TEST_F(RollupsTest, CountsAnewWhatIsMissing) {
  Open();
  for (uint64_t part = 0; part < 3; ++part) SendAndSeal(part);
  store_.reset();
  for (uint64_t id = 1; id <= 3; ++id) ASSERT_TRUE(files_.Remove(Path(id)));
  Open();
  ExpectCounts();
  SendPart(3);
  ExpectCounts();
  ASSERT_TRUE(store_->SealAll());
  EXPECT_TRUE(ReadRollup(files_, Path(1)));
  ExpectCounts();
}

TEST_F(RollupsTest, OutliveTheirBlocksUntilTheirOwnRetention) {
  constexpr int64_t kHour = 3'600'000'000'000;
  options_.retention = std::chrono::hours(24);
  options_.rollup_retention = std::chrono::hours(240);
  Open();
  SendAndSeal(0);
  SendAndSeal(1);
  clock_.Advance(25 * kHour);
  Send({{.trace = 50, .start_ns = kStartNs}});
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->Stats().blocks, 1u);
  ExpectCounts();
  Open();
  ExpectCounts();
  clock_.Advance(239 * kHour);
  Send({{.trace = 51, .start_ns = kStartNs}});
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(SpanCount(), 2) << "those of the first day are gone";
  EXPECT_FALSE(files_.Exists(Path(1)));
  Open();
  EXPECT_EQ(SpanCount(), 2);
}

TEST_F(RollupsTest, NeverGivesTheNumberOfABlockThatIsGoneAnew) {
  options_.retention = std::chrono::hours(1);
  Open();
  SendAndSeal(0);
  SendAndSeal(1);
  clock_.Advance(2 * int64_t{3'600'000'000'000});
  ASSERT_TRUE(store_->SealAll());
  Until([&] {
    clock_.Advance(11'000'000'000);  // the committer looks at the clock
    EXPECT_TRUE(AppendNow(*store_, MakeTestBatch({{.trace = 99, .start_ns = kStartNs}})));
    return store_->Stats().blocks == 0;
  });
  store_.reset();
  Open();
  ASSERT_TRUE(store_->SealAll());
  EXPECT_TRUE(files_.Exists(Path(3)));
  EXPECT_EQ(SpanCount(), 3 + 3 + 1);
  Open();
  EXPECT_EQ(SpanCount(), 3 + 3 + 1);
}

TEST_F(RollupsTest, CountsOnceWhatComesBackFromTheLogBecauseItsBlockIsDamaged) {
  LogCapture log;
  Open();
  SendPart(0);
  files_.Inject({.kind = DiskFaultKind::kEio, .and_after = true, .calls = {DiskCall::kRemove}, .path_part = ".wal"});
  ASSERT_TRUE(store_->SealAll());
  store_.reset();
  files_.ClearFaults();
  const std::string block = options_.folder + "/blocks/00000000000000000001.block";
  files_.FlipBits(block, files_.Contents(block).size() - 10);  // in the footer
  Open();
  ASSERT_EQ(store_->Stats().spans_live, 3u) << "the log had it still";
  EXPECT_EQ(SpanCount(), 3);
  EXPECT_THAT(log.text(), HasSubstr("have come back from the log"));
  EXPECT_FALSE(files_.Exists(Path(1)));
}

TEST_F(RollupsTest, SaysThatCountsAreNotCompleteWhereBlockAndRollupAreLost) {
  LogCapture log;
  Open();
  SendAndSeal(0);
  SendAndSeal(1);
  store_.reset();
  const std::string block = options_.folder + "/blocks/00000000000000000001.block";
  files_.FlipBits(block, files_.Contents(block).size() - 10);
  Open();
  EXPECT_EQ(SpanCount(), 6) << "the rollup is there";
  EXPECT_FALSE(store_->Red({}, {})->complete) << "but not what stands in other blocks, too";
  store_.reset();
  files_.FlipBits(Path(1), files_.Contents(Path(1)).size() - 10);
  Open();
  const auto answer = store_->Red({}, {});
  EXPECT_FALSE(answer->complete);
  EXPECT_FALSE(answer->warnings.empty());
  EXPECT_FALSE(store_->Calls(0, UINT64_MAX, {})->complete);
}

TEST_F(RollupsTest, KeepsCountsInMemoryUntilTheDiskTakesThem) {
  LogCapture log;
  Open();
  files_.Inject(
      {.kind = DiskFaultKind::kEnospc, .and_after = true, .calls = {DiskCall::kAppend}, .path_part = ".rollup"});
  SendAndSeal(0);
  SendAndSeal(1);
  ExpectCounts();
  EXPECT_FALSE(files_.Exists(Path(1)));
  EXPECT_THAT(log.text(), HasSubstr("rollup not written"));
  files_.ClearFaults();
  SendAndSeal(2);
  for (uint64_t id = 1; id <= 3; ++id) EXPECT_TRUE(files_.Exists(Path(id)));
  ExpectCounts();
  Open();
  ExpectCounts();
}

// Holds the writing of one block until it is let go.
class BlockGate {
 public:
  BlockGate(FaultFileSystem& files, const std::string& name) : files_(files) {
    files_.Observe([this, name](DiskCall, const std::string& path) {
      if (path.find(name) == std::string::npos) return;
      std::unique_lock lock(mutex_);
      reached_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    });
  }
  ~BlockGate() {
    Open();
    files_.Observe(nullptr);
  }
  void WaitUntilReached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  FaultFileSystem& files_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
  bool open_ = false;
};

TEST_F(RollupsTest, AreNotWrittenWithoutWhatADiskDoesNotGiveForAWhile) {
  LogCapture log;
  options_.page_cache_bytes = 0;
  Open();
  SendAndSeal(0);
  files_.Inject({.and_after = true, .calls = {DiskCall::kRead}, .path_part = "1.block"});
  SendAndSeal(1);
  for (int question = 0; question < 10; ++question) EXPECT_FALSE(store_->Red({}, {})->complete);
  EXPECT_FALSE(files_.Exists(Path(2)));
  files_.ClearFaults();
  SendAndSeal(2);
  EXPECT_TRUE(files_.Exists(Path(2)));
  ExpectCounts();
  Open();
  ExpectCounts();
}

TEST_F(RollupsTest, AreWrittenBeforeRetentionTakesTheirBlockHoweverLongTheDiskIsFull) {
  LogCapture log;
  options_.retention = std::chrono::hours(1);
  Open();
  files_.Inject(
      {.kind = DiskFaultKind::kEnospc, .and_after = true, .calls = {DiskCall::kAppend}, .path_part = ".rollup"});
  SendAndSeal(0);
  clock_.Advance(90 * static_cast<int64_t>(kNanosPerMinute));
  SendAndSeal(1);
  EXPECT_EQ(store_->Stats().blocks, 2u) << "the first one is too old, but not written";
  Open();
  ExpectCounts();
  files_.ClearFaults();
  SendAndSeal(2);
  EXPECT_EQ(store_->Stats().blocks, 2u);
  ExpectCounts();
  Open();
  ExpectCounts();
}

TEST_F(RollupsTest, AreExactWhileBlocksAreSealedOutOfOrder) {
  options_.live.rows = 1;
  Open();
  SendAndSeal(0);
  clock_.Advance(60'000'000'000);  // the next block is not urgent, and waits alone
  {
    BlockGate gate(files_, "00000000000000000002.block.tmp");
    SendPart(1);
    gate.WaitUntilReached();
    SendPart(2);
    Until([&] { return store_->Stats().blocks == 2; });  // the third one has overtaken the second
    ExpectCounts();
    SendPart(3);
    ExpectCounts();
    EXPECT_FALSE(files_.Exists(Path(3))) << "what stands before it is in no block yet";
    gate.Open();
  }
  ASSERT_TRUE(store_->SealAll());
  ExpectCounts();
  const auto killed = files_.Crash(CrashPolicy::kDropUnsynced);
  store_.reset();
  options_.files = killed.get();
  Open();
  ExpectCounts();
  store_.reset();
}

TEST_F(RollupsTest, AreExactAfterACrashBetweenBlocksSealedOutOfOrder) {
  options_.live.rows = 1;
  Open();
  SendAndSeal(0);
  clock_.Advance(60'000'000'000);  // the next block is not urgent, and waits alone
  std::unique_ptr<FaultFileSystem> killed;
  {
    BlockGate gate(files_, "00000000000000000002.block.tmp");
    SendPart(1);
    gate.WaitUntilReached();
    SendPart(2);
    Until([&] { return store_->Stats().blocks == 2; });
    SendPart(3);
    killed = files_.Crash(CrashPolicy::kDropUnsynced);
  }
  store_.reset();
  options_.files = killed.get();
  options_.live.rows = 1'000;
  Open();
  ExpectCounts();
  ASSERT_TRUE(store_->SealAll());
  ExpectCounts();
  Open();
  ExpectCounts();
  store_.reset();
}

TEST_F(RollupsTest, AnswerManyAtATimeWhileSpansArriveAndBlocksAreSealed) {
  options_.clock = &SystemClock();
  options_.live.rows = 100;
  options_.page_cache_bytes = 64 << 10;
  Open();
  constexpr int64_t kBatches = 200;
  std::atomic<int64_t> acknowledged{0};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (acknowledged < kBatches) {
        const int64_t before = acknowledged;
        EXPECT_GE(SpanCount(), 2 * before);
        EXPECT_LE(SpanCount(), 2 * kBatches);
        EXPECT_TRUE(store_->Calls(0, UINT64_MAX, {})->complete);
      }
    });
  }
  for (int64_t i = 0; i < kBatches; ++i) {
    const auto number = static_cast<uint64_t>(i);
    const auto batch = MakeTestBatch({{.trace = 10 + number, .id = 1, .start_ns = kStartNs + number, .service = "a"},
                                      {.trace = 1,
                                       .id = 10 + number,
                                       .parent = 9 + number,
                                       .start_ns = kStartNs,
                                       .service = number % 2 ? "a" : "b"}});
    Until([&] { return AppendNow(*store_, batch).has_value(); });
    reference_.Add(batch);
    ++acknowledged;
  }
  for (std::thread& reader : readers) reader.join();
  ExpectCounts();
  ASSERT_TRUE(store_->SealAll());
  ExpectCounts();
}

// The files of a folder without any blocks, or with some, looked at directly.
class RollupFilesTest : public ::testing::Test {
 protected:
  RollupFilesTest() { EXPECT_TRUE(files_.CreateFolder(kFolder)); }

  // So many spans of a block's, counted.
  static Rollup Counts(int32_t spans) {
    RollupBuilder builder;
    builder.Add(builder.SpanSeries(builder.Text("a"), builder.Text("x"), 1, 0), kStartNs, 10, spans);
    return builder.Build();
  }
  void Write(const CountedBlock& block, int32_t spans) {
    ASSERT_TRUE(WriteRollup(files_, kFolder, {.blocks = {block}, .arrival_max_ns = 1}, Counts(spans)));
  }
  int64_t CountIn(Rollups& rollups, const View& view) {
    const RedPlan plan;
    RedQuery query(plan);
    std::vector<std::string> warnings;
    EXPECT_TRUE(
        rollups.ForEach(view, {query.window()}, {}, [&](const Rollup& rollup) { query.Add(rollup); }, warnings));
    EXPECT_TRUE(warnings.empty());
    int64_t count = 0;
    for (const RedSeries& one : std::move(query).Finish()) count += one.total.count();
    return count;
  }

  static inline const std::string kFolder = "/rollups";
  FaultFileSystem files_;
  PageCache cache_{size_t{1} << 20};
  DamageLog damage_;
  Straddlers straddlers_{files_, "/blocks", damage_};
  Rollups rollups_{{files_, kFolder, cache_, straddlers_, damage_}};
};

// A merge of the first two came to nothing, but its file could not be removed; the last two were merged. All blocks are
// gone by now.
TEST_F(RollupFilesTest, CountOnceWhatIsInAFileOfAMergeThatCameToNothing) {
  LogCapture log;
  Write({1, 1, 5}, 1);
  Write({4, 1, 10}, 11);
  Write({5, 6, 15}, 110);
  ASSERT_TRUE(rollups_.Load());
  rollups_.Match({});
  EXPECT_EQ(CountIn(rollups_, {}), 111);
  EXPECT_FALSE(files_.Exists(kFolder + "/" + RollupFileName(4)));
}

// A question sees blocks that were merged since it began, and the merged one has gone by now, too.
TEST_F(RollupFilesTest, AreNotCountedBesideTheBlocksOfAnOlderView) {
  ASSERT_TRUE(files_.CreateFolder("/blocks"));
  View view;
  for (uint64_t id = 1; id <= 2; ++id) {
    Live live(id);
    live.Append(MakeTestBatch({{.trace = id, .start_ns = kStartNs}}), {}, 1, id);
    live.Close(id + 1);
    view.blocks.push_back(*SealLive(files_, "/blocks", cache_, live, id));
  }
  ASSERT_TRUE(rollups_.Load());
  rollups_.Match(view);
  EXPECT_EQ(CountIn(rollups_, view), 2);
  BlockInfo merged = view.blocks[0]->info();
  merged.id = 3;
  merged.wal_last_sequence = 2;
  ASSERT_TRUE(rollups_.Prepare(merged, Counts(2)));
  rollups_.Outlive(std::span(&merged.id, 1));
  EXPECT_EQ(CountIn(rollups_, view), 2);
  EXPECT_EQ(CountIn(rollups_, {}), 2);
}

TEST_F(RollupsTest, TakeAFewPercentOfTheDiskAtMost) {
  options_.disk_bytes_max = 20'000;
  options_.live.rows = 1;
  Open();
  for (uint64_t part = 0; part < 60; ++part) SendAndSeal(part);
  EXPECT_LE(store_->Stats().rollup_bytes, options_.disk_bytes_max / 4 + 1'000);
  EXPECT_LE(store_->Stats().disk_bytes, options_.disk_bytes_max + 2'000);
  EXPECT_GT(store_->Stats().blocks, 5u);
  EXPECT_FALSE(files_.Exists(Path(1)));
}

}  // namespace
}  // namespace spoor
