// The store against the naive one, on random spans, in every state that spans can be in.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/fault_file_system.h"
#include "plan/contract/same_answers.h"
#include "plan/random_spans.h"
#include "plan/reference_store.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

// Traces that are many and far apart, with parents that may be missing, later, elsewhere, or in a circle.
std::shared_ptr<const SpanBatch> SparseBatch(Random& random) {
  const auto below = [&](uint64_t bound) { return random() % bound; };
  const char* services[] = {"a", "b", "c", ""};
  const char* names[] = {"x", "y", "z"};
  std::vector<TestSpan> spans(1 + below(6));
  for (TestSpan& span : spans) {
    span.trace = 1 + below(40);
    span.id = 1 + below(8);
    span.parent = below(9);
    span.start_ns = kRandomStartNs + below(1000);
    span.duration_ns = below(100);
    if (below(3) == 0) span.start_ns += below(6) * 60'000'000'000;
    if (below(40) == 0) span.start_ns = below(2) == 0 ? 0 : UINT64_MAX;
    span.service = services[below(4)];
    span.name = names[below(3)];
    span.kind = static_cast<uint8_t>(below(6));
    span.status = static_cast<uint8_t>(below(3));
    if (below(2) == 0) span.attributes = {{"error", below(2) == 0 ? "true" : "500"}};
  }
  return MakeTestBatch(spans);
}

// Holds the writing of blocks until it is let go, so that live blocks stay in the state between.
class SealGate {
 public:
  explicit SealGate(FaultFileSystem& files) : files_(files) {
    files_.Observe([this](DiskCall, const std::string& path) {
      if (path.find(".block.tmp") == std::string::npos) return;
      std::unique_lock lock(mutex_);
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    });
  }
  ~SealGate() {
    Open();
    files_.Observe(nullptr);
  }
  void WaitUntilReached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
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
  int waiting_ = 0;
  bool open_ = false;
};

class StoreDifferential : public ::testing::TestWithParam<int> {
 protected:
  StoreDifferential() : random_(static_cast<uint64_t>(GetParam())) {
    for (int i = 0; i < 6; ++i) filters_.push_back(RandomFilter(random_, 2));
    filters_.push_back({CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, std::string("a")}});
    filters_.push_back({AllOf{}});
    filters_.push_back({AllOf{{{CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, std::string("b")}}}}});
    filters_.push_back({AllOf{{{CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, std::string("a")}},
                               {CompareIntrinsic{Intrinsic::kName, CompareOp::kEqual, std::string("x")}},
                               {CompareIntrinsic{Intrinsic::kDurationNs, CompareOp::kGreaterEqual, int64_t{40}}}}}});
    filters_.push_back({CompareIntrinsic{Intrinsic::kStatusCode, CompareOp::kEqual, int64_t{2}}});
    filters_.push_back({AttributeText{"error", "500"}});
    filters_.push_back({AttributeText{"error", "nowhere"}});
    Open();
  }

  void Open() {
    StoreOptions options = TestStoreOptions(*files_, budget_);
    options.page_cache_bytes = GetParam() % 2 == 0 ? 4096 : 16 << 20;
    options.rollup_cache_bytes = GetParam() % 3 == 0 ? 0 : 1 << 20;
    auto store = Store::Open(options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  void Append(int count) {
    for (int i = 0; i < count; ++i) {
      if (random_() % 5 == 0 && !sent_.empty()) {  // a retry
        ASSERT_TRUE(AppendNow(*store_, sent_[random_() % sent_.size()]));
        continue;
      }
      auto batch = random_() % 2 == 0 ? RandomBatch(random_, 8) : SparseBatch(random_);
      ASSERT_TRUE(AppendNow(*store_, batch));
      reference_.Add(batch);
      sent_.push_back(std::move(batch));
    }
  }
  void Compare(const char* state) {
    SCOPED_TRACE(state);
    ExpectSameAnswers(*store_, reference_, filters_, kRandomStartNs, kRandomStartNs + 999);
  }
  void KillAndReopen() {
    auto after = files_->Crash(CrashPolicy::kDropUnsynced);
    store_.reset();
    files_ = std::move(after);
    Open();
  }

  MemoryBudget budget_{size_t{256} << 20};
  Random random_;
  std::unique_ptr<FaultFileSystem> files_ = std::make_unique<FaultFileSystem>();
  std::unique_ptr<Store> store_;
  ReferenceStore reference_;
  std::vector<std::shared_ptr<const SpanBatch>> sent_;
  std::vector<Filter> filters_;
};

TEST_P(StoreDifferential, AnswersAsTheNaiveStoreInEveryState) {
  Compare("empty");
  Append(8);
  Compare("live");
  KillAndReopen();
  Compare("restarted from the log");
  ASSERT_TRUE(store_->SealAll());
  Compare("sealed");
  Append(8);
  Compare("one block, and live");
  {
    SealGate gate(*files_);
    std::thread seal([&] { EXPECT_TRUE(store_->SealAll()); });
    gate.WaitUntilReached();
    Append(4);
    Compare("one block, one being sealed, and live");
    gate.Open();
    seal.join();
  }
  Compare("two blocks, and live");
  KillAndReopen();
  Compare("two blocks, and restarted from the log");
  ASSERT_TRUE(store_->SealAll());
  Compare("three blocks");
  store_.reset();
  Open();
  Compare("three blocks, opened again");
  Append(3);
  Compare("three blocks, opened again, and live");
  const StoreStats stats = store_->Stats();
  EXPECT_EQ(stats.blocks, 3u);
  EXPECT_GT(stats.spans_live, 0u);
}

TEST_P(StoreDifferential, AnswersAsTheNaiveStoreWhileBlocksAreMergedAndAfter) {
  for (int block = 0; block < 3; ++block) {
    Append(5);
    ASSERT_TRUE(store_->SealAll());
  }
  Append(3);
  Compare("three blocks, and live");
  {
    // The new block's file is begun; the live spans, which are sealed first, wait for nobody.
    ASSERT_TRUE(store_->SealAll());
    Append(3);
    ASSERT_TRUE(store_->SealAll());
    Append(2);
    SealGate gate(*files_);
    std::thread compact([&] { EXPECT_TRUE(store_->CompactAll()); });
    gate.WaitUntilReached();
    Append(2);
    Compare("blocks are being sealed or merged");
    gate.Open();
    compact.join();
  }
  EXPECT_LE(store_->Stats().blocks, 2u);
  Compare("merged, and live");
  KillAndReopen();
  Compare("merged, and restarted from the log");
  ASSERT_TRUE(store_->SealAll());
  Compare("one merged, and one sealed");
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 1u);
  Compare("merged again");
  Append(6);
  Compare("merged again, and live");
  store_.reset();
  Open();
  Compare("merged, opened again");
  ASSERT_TRUE(store_->CompactAll());
  EXPECT_EQ(store_->Stats().blocks, 1u);
  EXPECT_EQ(store_->Stats().spans_live, 0u);
  Compare("all in one block");
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreDifferential, ::testing::Range(1, 17));

}  // namespace
}  // namespace spoor
