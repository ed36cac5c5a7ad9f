#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "base/fault_file_system.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/small_file.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint64_t kMebi = uint64_t{1} << 20;

// Stops the first call that fits, until it is let go.
class Barrier {
 public:
  Barrier(FaultFileSystem& files, DiskCall call, std::string path_part) : files_(files) {
    files_.Observe([this, call, path_part](DiskCall made, const std::string& path) {
      if (made != call || path.find(path_part) == std::string::npos) return;
      std::unique_lock lock(mutex_);
      reached_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    });
  }
  ~Barrier() {
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

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() { options_ = TestStoreOptions(files_, budget_, clock_); }

  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  Status Send(const std::vector<TestSpan>& spans) { return AppendNow(*store_, MakeTestBatch(spans)); }
  std::future<Status> SendLater(const std::vector<TestSpan>& spans) {
    auto answered = std::make_shared<std::promise<Status>>();
    store_->Append(MakeTestBatch(spans), {}, [answered](Status status) { answered->set_value(std::move(status)); });
    return answered->get_future();
  }
  bool Has(uint64_t trace) { return store_->GetTrace(TestTraceId(trace), {}).has_value(); }
  // The trace ids' numbers, in order.
  std::vector<uint64_t> Found(const SearchPlan& plan = {}) {
    std::vector<uint64_t> numbers;
    const auto answer = store_->Search(plan, {});
    for (const TraceSummary& summary : answer->traces) numbers.push_back(summary.id.low);
    return numbers;
  }
  uint64_t LogSyncs() {
    uint64_t syncs = 0;
    for (const DiskCallRecord& one : files_.history()) {
      if (one.call == DiskCall::kSync && one.path.ends_with(".wal")) ++syncs;
    }
    return syncs;
  }
  std::string OnlyPath(const std::string& suffix) {
    std::vector<std::string> paths;
    for (const std::string& path : files_.Paths()) {
      if (path.ends_with(suffix)) paths.push_back(path);
    }
    EXPECT_EQ(paths.size(), 1u) << suffix;
    return paths.empty() ? "" : paths.front();
  }

  ManualClock clock_;
  FaultFileSystem files_;
  MemoryBudget budget_{256 * kMebi};
  StoreOptions options_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, StoresAnExactRetryOnceWhetherDurableOrUnderWay) {
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  ASSERT_TRUE(Send({{.trace = 1}}));
  EXPECT_EQ(store_->Stats().spans_received, 1u);
  {
    Barrier sync(files_, DiskCall::kSync, ".wal");
    auto first = SendLater({{.trace = 2}});
    sync.WaitUntilReached();
    auto second = SendLater({{.trace = 3}});
    auto retry = SendLater({{.trace = 3}});
    EXPECT_EQ(retry.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it is not durable yet";
    sync.Open();
    EXPECT_TRUE(first.get() && second.get() && retry.get());
  }
  EXPECT_EQ(store_->Stats().spans_received, 3u);
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  EXPECT_EQ(store_->Stats().spans_received, 0u) << "the log remembers";
  EXPECT_EQ(store_->Stats().spans_stored, 3u);
}

TEST_F(StoreTest, SharesOneSyncAmongAllThatWaitForIt) {
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  const uint64_t before = files_.calls(DiskCall::kSync);
  std::vector<std::future<Status>> answers;
  {
    Barrier sync(files_, DiskCall::kSync, ".wal");
    answers.push_back(SendLater({{.trace = 2}}));
    sync.WaitUntilReached();
    for (uint64_t trace = 3; trace < 103; ++trace) answers.push_back(SendLater({{.trace = trace}}));
    sync.Open();
    for (auto& answer : answers) EXPECT_TRUE(answer.get());
  }
  EXPECT_EQ(files_.calls(DiskCall::kSync) - before, 2u);
  EXPECT_EQ(Found({.limit = 1000}).size(), 102u);
}

TEST_F(StoreTest, ShowsNothingBeforeItIsDurable) {
  Open();
  Barrier sync(files_, DiskCall::kSync, ".wal");
  auto answer = SendLater({{.trace = 1}});
  sync.WaitUntilReached();
  EXPECT_FALSE(Has(1));
  EXPECT_THAT(Found(), ElementsAre());
  sync.Open();
  EXPECT_TRUE(answer.get());
  EXPECT_TRUE(Has(1));
}

TEST_F(StoreTest, SyncsByPolicy) {
  options_.sync = SyncPolicy::kOff;
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  EXPECT_EQ(LogSyncs(), 0u);
  options_.sync = SyncPolicy::kInterval;
  Open();
  const uint64_t before = LogSyncs();
  ASSERT_TRUE(Send({{.trace = 2}}));
  ASSERT_TRUE(Send({{.trace = 3}}));
  EXPECT_EQ(LogSyncs(), before);
  clock_.Advance(1'000'000'000);
  ASSERT_TRUE(Send({{.trace = 4}}));
  Until([&] { return LogSyncs() > before; });
}

TEST_F(StoreTest, MakesEverythingDurableWhenItStopsAndRefusesWhatComesThen) {
  options_.sync = SyncPolicy::kOff;
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  store_->Stop();
  EXPECT_EQ(Send({{.trace = 2}}).error().code, Code::kCancelled);
  EXPECT_TRUE(Has(1)) << "questions are still answered";
  const auto after = files_.Crash(CrashPolicy::kDropUnsynced);
  options_.files = after.get();
  Open();
  EXPECT_TRUE(Has(1));
  store_.reset();
}

TEST_F(StoreTest, SealsInTheBackgroundAtItsLimit) {
  options_.live.rows = 2;
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  EXPECT_EQ(store_->Stats().blocks, 0u);
  ASSERT_TRUE(Send({{.trace = 2}}));
  Until([&] { return store_->Stats().blocks == 1; });
  ASSERT_TRUE(Send({{.trace = 3}}));
  EXPECT_THAT(Found(), ::testing::UnorderedElementsAre(1, 2, 3));
  EXPECT_EQ(store_->Stats().spans_live, 1u);
}

TEST_F(StoreTest, TellsWhatItHoldsAndWhere) {
  Open();
  const StoreStats empty = store_->Stats();
  EXPECT_EQ(empty.arrival_min_ns, std::nullopt);
  EXPECT_EQ(empty.arrival_max_ns, std::nullopt);
  EXPECT_EQ(empty.block_bytes, 0u);

  const auto first_ns = static_cast<uint64_t>(clock_.WallNanos());
  ASSERT_TRUE(Send({{.trace = 1}, {.trace = 2}}));
  const StoreStats live = store_->Stats();
  EXPECT_EQ(live.spans_live, 2u);
  EXPECT_GT(live.live_bytes, 0u);
  EXPECT_GT(live.wal_bytes, empty.wal_bytes);
  EXPECT_EQ(live.arrival_min_ns, first_ns);
  EXPECT_EQ(live.sealing, 0u);

  ASSERT_TRUE(store_->SealAll());
  clock_.Advance(5'000'000'000);
  ASSERT_TRUE(Send({{.trace = 3}}));
  const StoreStats both = store_->Stats();
  EXPECT_EQ(both.spans_live, 1u);
  EXPECT_EQ(both.spans_stored, 3u);
  EXPECT_EQ(both.blocks, 1u);
  EXPECT_GT(both.block_bytes, 0u);
  EXPECT_EQ(both.disk_bytes, both.wal_bytes + both.block_bytes + both.rollup_bytes);
  EXPECT_EQ(both.arrival_min_ns, first_ns);
  EXPECT_EQ(both.arrival_max_ns, first_ns + 5'000'000'000);
  EXPECT_EQ(both.damage, 0u);
}

TEST_F(StoreTest, TellsWhatWaitsToBeSealed) {
  options_.live.rows = 1;
  Open();
  Barrier seal(files_, DiskCall::kSync, ".block");
  ASSERT_TRUE(Send({{.trace = 1}}));
  seal.WaitUntilReached();
  EXPECT_EQ(store_->Stats().sealing, 1u);
  seal.Open();
  Until([&] { return store_->Stats().sealing == 0; });
}

TEST_F(StoreTest, SealsWhatIsOld) {
  options_.live.age = std::chrono::hours(1);
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  clock_.Advance(3'600'000'000'000);
  ASSERT_TRUE(Send({{.trace = 2}}));
  Until([&] { return store_->Stats().blocks == 1; });
}

TEST_F(StoreTest, IsBusyWhileTooMuchWaitsToBeSealedAndTakesMoreAfterwards) {
  options_.live.rows = 1;
  options_.sealing_max = 1;
  options_.lives_bytes_max = 2 * MakeTestBatch({{.trace = 1}})->bytes().size();
  Open();
  Barrier seal(files_, DiskCall::kSync, ".block");
  ASSERT_TRUE(Send({{.trace = 1}}));
  seal.WaitUntilReached();
  ASSERT_TRUE(Send({{.trace = 2}}));
  Until([&] { return !Send({{.trace = 3}}); });
  EXPECT_EQ(Send({{.trace = 4}}).error().code, Code::kBusy);
  EXPECT_TRUE(Has(1) && Has(2));
  EXPECT_FALSE(Has(4));
  seal.Open();
  Until([&] { return Send({{.trace = 4}}).has_value(); });
  EXPECT_TRUE(Has(4));
}

TEST_F(StoreTest, HoldsTheMemoryOfWhatIsLiveAndGivesItBack) {
  Open();
  MemoryReservation memory = budget_.Reserve();
  ASSERT_TRUE(memory.Resize(1'000));
  ASSERT_TRUE(AppendNow(*store_, MakeTestBatch({{.trace = 1}}), std::move(memory)));
  EXPECT_EQ(budget_.used_bytes(), 1'000u);
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(budget_.used_bytes(), 0u);
}

TEST_F(StoreTest, RefusesOnAFullDiskServesWhatItHasAndGoesOn) {
  LogCapture log;
  files_.SetCapacity(options_.free_bytes_floor + kMebi);
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  files_.SetCapacity(options_.free_bytes_floor);
  const Status refused = Send({{.trace = 2}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFull);
  EXPECT_THAT(refused.error().message, HasSubstr("make room"));
  EXPECT_TRUE(Has(1));
  EXPECT_FALSE(Has(2));
  ASSERT_TRUE(store_->SealAll()) << "what is kept free is for this";
  Open();
  EXPECT_TRUE(Has(1));
  EXPECT_EQ(Send({{.trace = 2}}).error().code, Code::kFull);
  files_.SetCapacity(options_.free_bytes_floor + kMebi);
  EXPECT_TRUE(Send({{.trace = 2}}));
  EXPECT_THAT(log.text(), HasSubstr("spans refused"));
}

TEST_F(StoreTest, GoesOnAfterEveryFailureOfTheLog) {
  LogCapture log;
  Open();
  uint64_t trace = 1;
  for (const DiskCall call : {DiskCall::kAppend, DiskCall::kSync, DiskCall::kOpen, DiskCall::kSyncFolder}) {
    for (const DiskFaultKind kind : {DiskFaultKind::kEio, DiskFaultKind::kEnospc}) {
      ASSERT_TRUE(Send({{.trace = trace}}));
      if (call == DiskCall::kOpen || call == DiskCall::kSyncFolder) {
        // A new segment is begun after a failure only.
        files_.Inject({.kind = kind, .calls = {DiskCall::kAppend}});
        ASSERT_FALSE(Send({{.trace = 1'000}}));
      }
      files_.Inject({.kind = kind, .calls = {call}});
      const Status refused = Send({{.trace = 1'000}});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, kind == DiskFaultKind::kEio ? Code::kIo : Code::kFull);
      EXPECT_FALSE(Has(1'000)) << "refused is not shown";
      ASSERT_TRUE(Send({{.trace = trace + 1}}));
      EXPECT_TRUE(Has(trace) && Has(trace + 1));
      trace += 2;
    }
  }
  EXPECT_TRUE(Send({{.trace = 1'000}})) << "a refused batch is not taken for a retry";
  EXPECT_TRUE(Has(1'000));
  Open();
  EXPECT_EQ(Found({.limit = 1'000}).size(), trace);
  EXPECT_THAT(log.text(), ::testing::Not(HasSubstr("damage"))) << "what was refused was taken back";
}

TEST_F(StoreTest, RefusesForGoodWhatNoBlockCanHold) {
  Open();
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  for (size_t i = 0; i <= limits::kShapesPerRequestMax; ++i) {
    builder.BeginAttributes();
    (void)builder.AddAttribute(builder.InternString(std::to_string(i)), ValueType::kBool, 1);
    builder.AddEvent({}, builder.EndAttributes());
  }
  builder.EndSpan({.trace_id = TestTraceId(1), .span_id = 1});
  auto batch = builder.Finish();
  ASSERT_TRUE(batch);
  const Status refused = AppendNow(*store_, *std::move(batch));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kTooLarge);
  EXPECT_FALSE(Has(1));
}

TEST_F(StoreTest, KeepsWhatCannotBeSealedAndSealsItLater) {
  LogCapture log;
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  files_.Inject(
      {.kind = DiskFaultKind::kEnospc, .and_after = true, .calls = {DiskCall::kAppend}, .path_part = ".block"});
  EXPECT_EQ(store_->SealAll().error().code, Code::kFull);
  EXPECT_TRUE(Has(1));
  ASSERT_TRUE(Send({{.trace = 2}}));
  files_.ClearFaults();
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->Stats().blocks, 2u);
  EXPECT_TRUE(Has(1) && Has(2));
  EXPECT_THAT(log.text(), HasSubstr("block not written"));
}

TEST_F(StoreTest, TriesAgainByItselfToSealWhatFailed) {
  LogCapture log;
  options_.live.rows = 1;
  Open();
  files_.Inject({.kind = DiskFaultKind::kEio, .calls = {DiskCall::kAppend}, .path_part = ".block"});
  ASSERT_TRUE(Send({{.trace = 1}}));
  Until([&] { return log.text().find("block not written") != std::string::npos; });
  Until([&] {
    clock_.Advance(1'000'000'000);
    EXPECT_TRUE(Send({{.trace = 2}}));  // the committer looks at the clock
    return store_->Stats().spans_live == 0;
  });
}

TEST_F(StoreTest, LeavesNothingOfTheLogBehindBlocksButAnEmptySegment) {
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(files_.Contents(OnlyPath(".wal")), "");
  EXPECT_EQ(store_->Stats().rollup_bytes, files_.Contents(OnlyPath(".rollup")).size());
  EXPECT_EQ(store_->Stats().disk_bytes, files_.Contents(OnlyPath(".block")).size() + store_->Stats().rollup_bytes);
}

TEST_F(StoreTest, RemovesTheOldestBlocksOverTheSizeAndNeverBringsThemBack) {
  LogCapture log;
  Open();
  for (uint64_t trace = 1; trace <= 4; ++trace) {
    ASSERT_TRUE(Send({{.trace = trace}}));
    ASSERT_TRUE(store_->SealAll());
    clock_.Advance(1);
  }
  options_.disk_bytes_max = store_->Stats().disk_bytes - 1;
  Open();
  Until([&] { return store_->Stats().blocks == 3; });
  ASSERT_TRUE(store_->SealAll());
  EXPECT_FALSE(Has(1));
  EXPECT_TRUE(Has(2) && Has(3) && Has(4));
  EXPECT_THAT(log.text(), HasSubstr("removed by retention"));
  const auto after = files_.Crash(CrashPolicy::kDropUnsynced);
  options_.files = after.get();
  Open();
  EXPECT_FALSE(Has(1));
  EXPECT_TRUE(Has(4));
  store_.reset();
}

TEST_F(StoreTest, RemovesWhatArrivedLongerAgoThanTheRetention) {
  options_.retention = std::chrono::hours(24);
  Open();
  ASSERT_TRUE(Send({{.trace = 1, .start_ns = 1}}));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_TRUE(Has(1)) << "the time that a span claims counts for nothing";
  clock_.Advance(25 * int64_t{3'600'000'000'000});
  ASSERT_TRUE(Send({{.trace = 2, .start_ns = 1}}));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_FALSE(Has(1));
  EXPECT_TRUE(Has(2));
  EXPECT_THAT(*store_->Services({}), ElementsAre("service"));
}

TEST_F(StoreTest, ServesTheRestOfABlockThatCannotBeOpenedAndTellsWhere) {
  LogCapture log;
  Open();
  ASSERT_TRUE(Send({{.trace = 1, .id = 1}, {.trace = 2, .id = 1}}));
  ASSERT_TRUE(store_->SealAll());
  const std::string first = OnlyPath(".block");
  ASSERT_TRUE(Send({{.trace = 2, .id = 2}, {.trace = 3, .id = 1}}));
  ASSERT_TRUE(store_->SealAll());
  files_.FlipBits(first, files_.Contents(first).size() - 10);  // in the footer
  Open();
  EXPECT_EQ(store_->GetTrace(TestTraceId(1), {}).error().code, Code::kNotFound);
  EXPECT_EQ(store_->GetTrace(TestTraceId(2), {}).error().code, Code::kCorrupt) << "never a part of a trace";
  EXPECT_TRUE(Has(3));
  const auto answer = store_->Search({}, {});
  EXPECT_FALSE(answer->complete);
  EXPECT_EQ(answer->warnings.size(), 1u);
  const auto longest = store_->Search({.order = TraceOrder::kLongest, .count = true}, {});
  EXPECT_FALSE(longest->complete);
  EXPECT_EQ(longest->warnings, answer->warnings);
  EXPECT_FALSE(store_->GetOverview({}, {}, {})->complete);
  EXPECT_TRUE(files_.Exists(first)) << "it is left where it is";
  ASSERT_TRUE(Send({{.trace = 4}}));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_TRUE(Has(4));
  const std::string text = log.text();
  const size_t told = text.find("damage on disk");
  ASSERT_NE(told, std::string::npos);
  EXPECT_EQ(text.find("damage on disk", told + 1), std::string::npos) << "told once";
  EXPECT_THAT(text, HasSubstr("00000000000000000001.block"));
}

TEST_F(StoreTest, NeverShowsWrongContentWhereAnyByteOfABlockIsFlipped) {
  LogCapture log;
  Open();
  const std::vector<TestSpan> spans{{.trace = 1, .id = 7, .start_ns = 5, .service = "a", .name = "alpha"},
                                    {.trace = 2, .id = 8, .start_ns = 6, .service = "b", .name = "beta"}};
  const auto batch = MakeTestBatch(spans);
  ASSERT_TRUE(AppendNow(*store_, batch));
  ASSERT_TRUE(store_->SealAll());
  const std::string path = OnlyPath(".block");
  store_.reset();
  const uint64_t size = files_.Contents(path).size();
  for (uint64_t offset = 0; offset < size; ++offset) {
    files_.FlipBits(path, offset, 0x20);
    Open();
    for (uint32_t row = 0; row < 2; ++row) {
      const auto trace = store_->GetTrace(batch->trace_id(row), {});
      if (!trace) continue;
      ASSERT_EQ(trace->spans.size(), 1u);
      ASSERT_TRUE(SameSpan(*trace->spans[0].batch, trace->spans[0].row, *batch, row)) << offset;
    }
    const auto answer = store_->Search({}, {});
    ASSERT_TRUE(answer);
    ASSERT_TRUE(answer->traces.size() == 2 || !answer->complete) << offset;
    const auto longest = store_->Search({.order = TraceOrder::kLongest, .count = true}, {});
    ASSERT_TRUE(longest);
    ASSERT_TRUE(longest->traces.size() == 2 || !longest->complete) << offset;
    const auto overview = store_->GetOverview({}, {.points = 2}, {});
    ASSERT_TRUE(overview);
    ASSERT_TRUE(overview->trace_count == 2 || !overview->complete) << offset;
    (void)store_->Dependencies(0, UINT64_MAX, {});
    store_.reset();
    files_.FlipBits(path, offset, 0x20);
  }
}

TEST_F(StoreTest, ServesTheRestOfADamagedLogAndTellsWhere) {
  LogCapture log;
  Open();
  for (uint64_t trace = 1; trace <= 3; ++trace) ASSERT_TRUE(Send({{.trace = trace}}));
  store_.reset();
  const std::string path = OnlyPath(".wal");
  const uint64_t third = files_.Contents(path).size() / 3;
  files_.FlipBits(path, third + 100);
  Open();
  EXPECT_TRUE(Has(1) && Has(3));
  EXPECT_FALSE(Has(2));
  EXPECT_THAT(log.text(), HasSubstr(path + " at " + std::to_string(third)));
  ASSERT_TRUE(Send({{.trace = 2}}));
  Open();
  EXPECT_TRUE(Has(1) && Has(2) && Has(3));
}

TEST_F(StoreTest, SetsATornEndOfTheLogAside) {
  LogCapture log;
  Open();
  ASSERT_TRUE(Send({{.trace = 1}}));
  store_.reset();
  const std::string path = OnlyPath(".wal");
  const std::string whole = files_.Contents(path);
  files_.Plant(path, whole + whole.substr(0, whole.size() / 2));
  Open();
  EXPECT_TRUE(Has(1));
  EXPECT_THAT(log.text(), HasSubstr("torn"));
  EXPECT_THAT(log.text(), HasSubstr("offset=" + std::to_string(whole.size())));
  EXPECT_TRUE(files_.Exists(path + ".torn-" + std::to_string(whole.size())));
}

TEST_F(StoreTest, KeepsColoursOverRestartsAndMakesThemAnewWhereTheirFileIsLost) {
  Open();
  ASSERT_TRUE(Send({{.service = "b"}, {.service = "a"}}));
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->ServiceColour("b"), 1u);
  EXPECT_EQ(store_->ServiceColour("a"), 2u);
  EXPECT_EQ(store_->ServiceColour("nowhere"), 0u);
  Open();
  EXPECT_EQ(store_->ServiceColour("b"), 1u);
  EXPECT_EQ(store_->ServiceColour("a"), 2u);
  store_.reset();
  ASSERT_TRUE(files_.Remove(options_.folder + "/service_colours"));
  Open();
  EXPECT_NE(store_->ServiceColour("a"), 0u);
  EXPECT_NE(store_->ServiceColour("a"), store_->ServiceColour("b"));
}

TEST_F(StoreTest, PutsTracesTogetherWhateverBecomesOfTheListsOfStraddlers) {
  LogCapture log;
  Open();
  ASSERT_TRUE(Send({{.trace = 1, .id = 1, .start_ns = 10}, {.trace = 2, .id = 1, .start_ns = 20}}));
  ASSERT_TRUE(store_->SealAll());
  ASSERT_TRUE(Send({{.trace = 1, .id = 2, .start_ns = 30}, {.trace = 3, .id = 1, .start_ns = 15}}));
  ASSERT_TRUE(store_->SealAll());
  const auto expect_whole = [&] {
    EXPECT_EQ(store_->GetTrace(TestTraceId(1), {})->spans.size(), 2u);
    EXPECT_THAT(Found(), ElementsAre(2, 3, 1));
  };
  expect_whole();
  Open();
  expect_whole();
  const std::string list = options_.folder + "/blocks/" + Straddlers::FileName(2);
  const uint64_t size = files_.Contents(list).size();
  ASSERT_GT(size, 40u) << "it lists the trace";
  for (uint64_t offset = 0; offset < size; offset += 3) {
    files_.FlipBits(list, offset);
    Open();
    expect_whole();
  }
  // One that another block with the same id left behind, and none.
  std::string of_another;
  AppendNumber64(of_another, 77);
  AppendNumber64(of_another, 78);
  ASSERT_TRUE(ReplaceSmallFile(files_, list, "SPRSTRD0", of_another));
  Open();
  expect_whole();
  store_.reset();
  ASSERT_TRUE(files_.Remove(list));
  Open();
  expect_whole();
}

TEST_F(StoreTest, ListsEveryTraceOnceAfterABlockCouldNotBeReadForAWhile) {
  LogCapture log;
  options_.page_cache_bytes = 0;
  options_.trace_facts_bytes = 0;
  Open();
  const auto send_all = [&](SpanId id) {
    std::vector<TestSpan> spans;
    for (uint64_t trace = 1; trace <= 8; ++trace) spans.push_back({.trace = trace, .id = id, .start_ns = trace});
    ASSERT_TRUE(Send(spans));
    ASSERT_TRUE(store_->SealAll());
  };
  const auto count = [&] { return *store_->Search({.order = TraceOrder::kLongest, .count = true}, {}); };
  send_all(1);
  send_all(2);
  ASSERT_TRUE(Send({{.trace = 1, .id = 3}}));
  ASSERT_EQ(count().trace_count, 8u);
  ASSERT_TRUE(store_->SealAll());  // so that the next search puts everything together anew
  ASSERT_TRUE(Send({{.trace = 1, .id = 4}}));
  files_.Inject({.and_after = true, .calls = {DiskCall::kRead}, .path_part = "01.block"});
  EXPECT_FALSE(count().complete);
  files_.ClearFaults();
  const SearchAnswer after = count();
  EXPECT_TRUE(after.complete);
  EXPECT_EQ(after.trace_count, 8u);
}

TEST_F(StoreTest, ReadsNoFurtherBackThanTheLimitNeeds) {
  Open();
  for (uint64_t trace = 1; trace <= 5; ++trace) {
    ASSERT_TRUE(Send({{.trace = trace, .start_ns = 1'000 * trace}}));
    ASSERT_TRUE(store_->SealAll());
  }
  Open();
  const uint64_t before = files_.calls(DiskCall::kRead);
  EXPECT_THAT(Found({.limit = 1}), ElementsAre(5));
  const uint64_t for_two = files_.calls(DiskCall::kRead) - before;  // the second says that there are more
  Open();
  const uint64_t before_all = files_.calls(DiskCall::kRead);
  EXPECT_THAT(Found({.limit = 5}), ElementsAre(5, 4, 3, 2, 1));
  EXPECT_GE(2 * (files_.calls(DiskCall::kRead) - before_all), 5 * for_two);
}

TEST_F(StoreTest, TakesInSearchesAndSealsAtTheSameTime) {
  options_.clock = &SystemClock();
  options_.live.rows = 200;
  options_.page_cache_bytes = 64 << 10;
  Open();
  constexpr uint64_t kWriters = 3, kBatchesEach = 120;
  std::atomic<uint64_t> acknowledged{0};
  std::atomic<bool> writing{true};
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (uint64_t i = 0; i < kBatchesEach; ++i) {
        const uint64_t number = writer * kBatchesEach + i;
        const std::vector<TestSpan> spans{{.trace = 10 + number, .id = 1, .start_ns = number},
                                          {.trace = 1, .id = 10 + number, .parent = 9 + number, .service = "other"}};
        if (i % 10 == 0) (void)SendLater(spans);  // and again: a retry
        while (!Send(spans)) std::this_thread::yield();
        EXPECT_TRUE(Has(10 + number));
        ++acknowledged;
      }
    });
  }
  std::thread overviewer([&] {
    while (writing) {
      const uint64_t before = acknowledged;
      const auto longest = store_->Search({.limit = 3, .order = TraceOrder::kLongest, .count = true}, {});
      EXPECT_TRUE(longest->complete);
      EXPECT_GE(*longest->trace_count, before);
      EXPECT_GE(store_->GetOverview({}, {.points = 50}, {})->trace_count, before);
    }
  });
  std::thread reader([&] {
    while (writing) {
      const uint64_t before = acknowledged;
      const auto answer = store_->Search({.limit = 10'000}, {});
      EXPECT_GE(answer->traces.size(), before);
      EXPECT_TRUE(answer->complete);
      EXPECT_TRUE(store_->Services({}) && store_->Operations("service", {}));
      EXPECT_TRUE(store_->Dependencies(0, UINT64_MAX, {}));
      (void)store_->Stats();
      (void)store_->ServiceColour("other");
    }
  });
  for (std::thread& writer : writers) writer.join();
  writing = false;
  reader.join();
  overviewer.join();
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(Found({.limit = 10'000}).size(), kWriters * kBatchesEach + 1);
  EXPECT_EQ(store_->GetTrace(TestTraceId(1), {})->spans.size(), kWriters * kBatchesEach);
  EXPECT_GE(store_->Stats().blocks, 3u);
}

}  // namespace
}  // namespace spoor
