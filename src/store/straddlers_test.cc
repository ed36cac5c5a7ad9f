// That what is known of straddling traces stays whole where blocks come, are replaced and are looked into at the same
// time. That answers are right with it is tested in store_differential_test.cc and in the simulation.
#include "store/straddlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "base/fault_file_system.h"
#include "base/log.h"
#include "store/seal.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StraddlersTest : public ::testing::Test {
 protected:
  StraddlersTest() { EXPECT_TRUE(files_.CreateFolder("/blocks")); }

  // A block with one span of each trace.
  std::shared_ptr<Block> MakeBlock(uint64_t id, const std::vector<uint64_t>& traces) {
    Live live(id);
    for (const uint64_t trace : traces) live.Append(MakeTestBatch({{.trace = trace, .id = id}}), {}, 1, id);
    live.Close(id + 1);
    auto block = SealLive(files_, "/blocks", cache_, live, id);
    EXPECT_TRUE(block) << block.error().message;
    return *block;
  }
  static View ViewOf(std::vector<std::shared_ptr<Block>> blocks) {
    View view;
    view.blocks = std::move(blocks);
    return view;
  }
  // Where else to look for the trace, whose part is in `known`.
  std::vector<uint64_t> Others(const View& view, uint64_t trace, const std::shared_ptr<Block>& known) {
    std::vector<uint64_t> ids;
    for (const auto& block : straddlers_.MayHold(view, TestTraceId(trace), known.get())) {
      ids.push_back(block->info().id);
    }
    return ids;
  }

  FaultFileSystem files_;
  PageCache cache_{0};  // all is read each time
  DamageLog damage_;
  Straddlers straddlers_{files_, "/blocks", damage_};
};

TEST_F(StraddlersTest, ListsWhatStandsInTwoBlocksAndNothingElse) {
  const auto a = MakeBlock(1, {1, 2}), b = MakeBlock(2, {2, 3});
  const View view = ViewOf({a, b});
  straddlers_.CatchUp(view);
  EXPECT_THAT(Others(view, 2, a), ElementsAre(2));
  EXPECT_THAT(Others(view, 2, b), ElementsAre(1));
  EXPECT_THAT(Others(view, 1, a), IsEmpty());
}

// A question that began before a merge looks at the blocks that it replaced, and at one that was new then.
TEST_F(StraddlersTest, KnowsOfAnOldViewWhatABlockHasInCommonThatWasLookedIntoAfterAMerge) {
  const auto a = MakeBlock(1, {1}), b = MakeBlock(2, {2});
  straddlers_.CatchUp(ViewOf({a, b}));
  const auto x = MakeBlock(3, {1});
  const View before = ViewOf({a, b, x});
  const auto merged = MakeBlock(4, {1, 2});
  const uint64_t replaced[] = {1, 2};
  straddlers_.Replace(merged, replaced, before);
  straddlers_.CatchUp(ViewOf({merged, x}));
  EXPECT_THAT(Others(before, 1, a), ElementsAre(3));
  EXPECT_THAT(Others(before, 1, x), ElementsAre(1));
  EXPECT_THAT(straddlers_.TracesInCommon(3, replaced), testing::Optional(ElementsAre(TestTraceId(1))));
  const auto listed = straddlers_.Find(before);
  ASSERT_TRUE(listed);
  EXPECT_THAT(listed->at(1), ElementsAre(TestTraceId(1)));
}

TEST_F(StraddlersTest, FindsABlockThatBecomesKnownWhileAnotherOneIsLookedInto) {
  const auto a = MakeBlock(1, {1});
  straddlers_.CatchUp(ViewOf({a}));
  const auto x = MakeBlock(2, {1, 2}), y = MakeBlock(3, {1, 2});
  bool is_inside = false;
  files_.Observe([&](DiskCall call, const std::string&) {
    if (call != DiskCall::kRead || std::exchange(is_inside, true)) return;
    straddlers_.CatchUp(ViewOf({a, y}));  // by a view that came later, or of somebody else
  });
  const View view = ViewOf({a, x});
  straddlers_.CatchUp(view);
  files_.Observe(nullptr);
  ASSERT_TRUE(is_inside);
  EXPECT_THAT(Others(ViewOf({a, x, y}), 2, x), ElementsAre(3));
  EXPECT_THAT(Others(ViewOf({a, x, y}), 1, x), ElementsAre(1, 3));
}

// A question that began before retention took a block goes on with it.
TEST_F(StraddlersTest, ForgetsABlockThatIsGoneOnceNobodyHoldsIt) {
  auto a = MakeBlock(1, {1, 2});
  const auto b = MakeBlock(2, {2, 3});
  {
    const View view = ViewOf({a, b});
    straddlers_.CatchUp(view);
    const uint64_t gone[] = {1};
    straddlers_.Forget(gone);
    EXPECT_TRUE(straddlers_.IsKnown(1));
    EXPECT_THAT(Others(view, 2, b), ElementsAre(1));
    EXPECT_FALSE(files_.Exists("/blocks/" + Straddlers::FileName(1)));
    a.reset();
  }
  straddlers_.CatchUp(ViewOf({b}));
  EXPECT_FALSE(straddlers_.IsKnown(1));
  EXPECT_THAT(straddlers_.Find(ViewOf({b}))->at(2), IsEmpty());
}

TEST(StraddlersAndQuestions, AQuestionDoesNotWaitForAListThatIsBeingSynced) {
  LogCapture log;
  FaultFileSystem files;
  MemoryBudget budget(size_t{256} << 20);
  auto store = *Store::Open(TestStoreOptions(files, budget));
  std::promise<void> reached, go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  std::atomic<bool> first{true};
  files.Observe([&](DiskCall call, const std::string& path) {
    if (call != DiskCall::kSync || path.find(".straddlers") == std::string::npos || !first.exchange(false)) return;
    reached.set_value();
    may_go_on.wait();
  });
  ASSERT_TRUE(AppendNow(*store, MakeTestBatch({{.trace = 1}})));
  auto sealed = std::async(std::launch::async, [&] { return store->SealAll(); });
  reached.get_future().wait();
  auto answer = std::async(std::launch::async, [&] { return store->Search({.order = TraceOrder::kLongest}, {}); });
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  go_on.set_value();
  EXPECT_EQ(answer.get()->traces.size(), 1u);
  EXPECT_TRUE(sealed.get());
  files.Observe(nullptr);
}

}  // namespace
}  // namespace spoor
