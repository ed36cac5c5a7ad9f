// The embedded store keeps the contract of every store, in each state that spans can be in.
#include "base/fault_file_system.h"
#include "plan/contract/trace_store_contract.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor::contract {
namespace {

enum class State : uint8_t {
  kLive,
  kSealed,              // one block
  kCut,                 // a block for each batch, so that traces straddle
  kHalf,                // every other batch in a block, the last one live
  kCompacted,           // blocks for each batch, then one of all
  kReopenedFromLog,     // after the power went
  kReopenedFromBlocks,  // as kCut, closed and opened
};

class EmbeddedStore final : public StoreInState {
 public:
  explicit EmbeddedStore(State state) : state_(state) { Open(); }

  SpanSink& sink() override { return *store_; }
  TraceStore& store() override { return *store_; }

  void AfterBatch() override {
    ++batches_;
    const bool cuts = state_ == State::kCut || state_ == State::kCompacted || state_ == State::kReopenedFromBlocks;
    if (cuts || (state_ == State::kHalf && batches_ % 2 == 1)) {
      EXPECT_TRUE(store_->SealAll());
    }
  }

  void Settle() override {
    if (state_ == State::kSealed) {
      EXPECT_TRUE(store_->SealAll());
    }
    if (state_ == State::kCompacted) {
      EXPECT_TRUE(store_->CompactAll());
    }
    if (state_ == State::kReopenedFromLog) {
      auto after = files_->Crash(CrashPolicy::kDropUnsynced);
      store_.reset();
      files_ = std::move(after);
      Open();
    }
    if (state_ == State::kReopenedFromBlocks) {
      store_.reset();
      Open();
    }
    ExpectInState();
  }

 private:
  void Open() {
    auto store = Store::Open(TestStoreOptions(*files_, budget_));
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }

  void ExpectInState() {
    const StoreStats stats = store_->Stats();
    const bool is_live = state_ == State::kLive || state_ == State::kReopenedFromLog;
    if (is_live) {
      EXPECT_EQ(stats.blocks, 0u);
    }
    if (!is_live && state_ != State::kHalf) {
      EXPECT_EQ(stats.spans_live, 0u);
    }
    if (state_ == State::kCompacted) {
      EXPECT_EQ(stats.blocks, 1u);
    }
  }

  const State state_;
  MemoryBudget budget_{size_t{512} << 20};
  std::unique_ptr<FaultFileSystem> files_ = std::make_unique<FaultFileSystem>();
  std::unique_ptr<Store> store_;
  uint64_t batches_ = 0;
};

Driver In(State state, const char* name) {
  return {name, [state] { return std::make_unique<EmbeddedStore>(state); }};
}

INSTANTIATE_TEST_SUITE_P(EmbeddedStore, TraceStoreContract,
                         ::testing::Values(In(State::kLive, "Live"), In(State::kSealed, "Sealed"),
                                           In(State::kCut, "Cut"), In(State::kHalf, "Half"),
                                           In(State::kCompacted, "Compacted"),
                                           In(State::kReopenedFromLog, "ReopenedFromLog"),
                                           In(State::kReopenedFromBlocks, "ReopenedFromBlocks")),
                         DriverName);

}  // namespace
}  // namespace spoor::contract
