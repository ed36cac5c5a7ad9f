#include "store/seal_parts.h"

#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "base/log.h"
#include "plan/contract/same_answers.h"
#include "plan/reference_store.h"
#include "store/inspect.h"
#include "store/store.h"
#include "store/store_metrics.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;

class SealPartsTest : public ::testing::Test {
 protected:
  SealPartsTest() {
    options_ = TestStoreOptions(files_, budget_);
    options_.block_traces_max = 2;
  }
  void Open() {
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  // A batch of a trace that is shared and of others of its own.
  static std::shared_ptr<const SpanBatch> Batch(uint64_t number, uint64_t own_traces) {
    std::vector<TestSpan> spans{{.trace = 1, .id = 10 + number, .parent = 9 + number, .start_ns = kStartNs + number}};
    for (uint64_t i = 0; i < own_traces; ++i) {
      spans.push_back({.trace = 100 * (number + 1) + i, .id = 1, .start_ns = kStartNs + number, .service = "own"});
    }
    return MakeTestBatch(spans);
  }
  void Send(uint64_t number, uint64_t own_traces) {
    ASSERT_TRUE(AppendNow(*store_, Batch(number, own_traces)));
    if (own_traces < 2) reference_.Add(Batch(number, own_traces));
  }
  void ExpectAnswers() { ExpectSameAnswers(*store_, reference_, {{AllOf{}}}, kStartNs, kStartNs + 100); }

  FaultFileSystem files_;
  MemoryBudget budget_{size_t{256} << 20};
  StoreOptions options_;
  std::unique_ptr<Store> store_;
  ReferenceStore reference_;
};

TEST_F(SealPartsTest, MakesAsManyBlocksAsItTakes) {
  LogCapture log;
  Open();
  for (uint64_t number = 0; number < 5; ++number) Send(number, 1);
  ASSERT_TRUE(store_->SealAll());
  EXPECT_EQ(store_->Stats().blocks, 5u) << "of two traces each";
  EXPECT_EQ(store_->Stats().spans_live, 0u);
  EXPECT_EQ(store_->Stats().sealing, 0u);
  ExpectAnswers();
  Open();
  ExpectAnswers();
  options_.block_traces_max = 1000;
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 1u) << "their ranges of the log follow each other";
  ExpectAnswers();
}

TEST_F(SealPartsTest, SetsABatchAsideThatNoBlockCanHoldAndTellsIt) {
  LogCapture log;
  const uint64_t before = StoreMetrics::Get().set_aside_spans.value();
  Open();
  for (const uint64_t own_traces : {1, 1, 3, 1}) Send(store_->Stats().spans_received, own_traces);
  ASSERT_TRUE(store_->SealAll()) << "it is not tried for ever";
  EXPECT_EQ(store_->Stats().spans_live, 0u);
  EXPECT_EQ(StoreMetrics::Get().set_aside_spans.value() - before, 4u);
  ExpectAnswers();
  // Its bytes are kept, and can be looked at.
  const std::string path = options_.folder + "/set_aside/00000000000000000003.wal";
  ASSERT_TRUE(files_.Exists(path));
  uint64_t spans = 0;
  ASSERT_TRUE(ForEachBatchOfSegment(files_, path, [&](const SpanBatch& batch) {
    spans += batch.span_count();
    return true;
  }));
  EXPECT_EQ(spans, 4u);
  Open();
  ExpectAnswers();
}

TEST_F(SealPartsTest, ACrashBetweenTheBlocksLosesNothingAndDoublesNothing) {
  LogCapture log;
  uint64_t calls = 0;
  for (uint64_t at = 1; at == 1 || at <= calls; ++at) {
    SCOPED_TRACE(at);
    FaultFileSystem files;
    options_.files = &files;
    Open();
    for (uint64_t number = 0; number < 4; ++number) Send(number, 1);
    const uint64_t calls_before = files.calls();
    files.Inject({.kind = DiskFaultKind::kCrash, .at = at == 1 ? 1'000'000 : at});
    static_cast<void>(store_->SealAll().has_value());
    if (at == 1) calls = files.calls() - calls_before;
    const auto after = files.Crash(at % 2 == 0 ? CrashPolicy::kDropUnsynced : CrashPolicy::kKeepAll);
    store_.reset();
    options_.files = after.get();
    Open();
    ASSERT_NO_FATAL_FAILURE(ExpectAnswers());
    ASSERT_TRUE(store_->SealAll());
    ASSERT_NO_FATAL_FAILURE(ExpectAnswers());
    store_.reset();
  }
}

}  // namespace
}  // namespace spoor
