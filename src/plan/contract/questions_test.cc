// The contract of asking: who no longer waits gets no answer, acknowledged means answered, and nobody disturbs another.
#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;

// The code of every kind of question's answer.
std::vector<std::pair<std::string, Code>> Codes(TraceStore& store, const QueryContext& context) {
  std::vector<std::pair<std::string, Code>> codes;
  const auto add = [&](const std::string& question, const auto& answer) {
    codes.emplace_back(question, answer ? Code::kInternal : answer.error().code);
  };
  add("trace", store.GetTrace(NumberedTrace(1), context));
  add("newest", store.Search({}, context));
  add("longest", store.Search({.order = TraceOrder::kLongest}, context));
  add("counted", store.Search({.filter = Tag("k", "v"), .count = true}, context));
  add("overview", store.GetOverview({}, {}, context));
  add("services", store.Services(context));
  add("operations", store.Operations("shop", context));
  add("red", store.Red({.by_operation = true, .step_minutes = 1}, context));
  add("calls", store.Calls(0, UINT64_MAX, context));
  add("dependencies", store.Dependencies(0, UINT64_MAX, context));
  return codes;
}

TEST_P(TraceStoreContract, AnswersNobodyWhoHasGoneOrWhoseTimeIsOver) {
  Send({{.attributes = {{"k", "v"}}}, {.trace = NumberedTrace(2)}});
  QueryContext gone;
  gone.cancelled = std::make_shared<const std::atomic<bool>>(true);
  QueryContext late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  TraceStore& store = Store();
  for (const QueryContext& context : {gone, late}) {
    for (const auto& [question, code] : Codes(store, context)) EXPECT_EQ(code, Code::kCancelled) << question;
  }
  EXPECT_EQ(Red().at(0).total.count(), 2) << "what others gave up is done for who waits";
  EXPECT_THAT(Found({.order = TraceOrder::kLongest}).size(), 2u);
}

TEST_P(TraceStoreContract, AnswersThoseWhoStillHaveTime) {
  Send({{.attributes = {{"k", "v"}}}});
  QueryContext waiting;
  waiting.cancelled = std::make_shared<const std::atomic<bool>>(false);
  waiting.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  for (const auto& [question, code] : Codes(Store(), waiting)) EXPECT_EQ(code, Code::kInternal) << question;
}

TEST_P(TraceStoreContract, AnswersASenderOnceAndARetryToo) {
  std::vector<std::promise<Status>> answered(4);
  std::vector<std::atomic<int>> times(4);
  for (size_t i = 0; i < times.size(); ++i) {
    Sink().Append(MakeBatch({{.trace = NumberedTrace(1 + i / 2)}}), {}, [&, i](Status status) {
      if (++times[i] == 1) answered[i].set_value(std::move(status));
    });
  }
  for (std::promise<Status>& one : answered) EXPECT_TRUE(one.get_future().get());
  ASSERT_TRUE(Store().SealAll()) << "nothing is under way any more";
  for (const std::atomic<int>& count : times) EXPECT_EQ(count, 1);
  EXPECT_THAT(Matching({AllOf{}}), ElementsAre(1, 2));
}

TEST_P(TraceStoreContract, CountsTheSpansThatItStores) {
  EXPECT_EQ(Store().Stats().spans_stored, 0u);
  EXPECT_EQ(Store().Stats().arrival_min_ns, std::nullopt);
  Send({{.id = 1}, {.id = 2, .parent = 1}, {.trace = NumberedTrace(2)}});
  Send({{.id = 3, .parent = 1}});
  const StoreStats stats = Store().Stats();
  EXPECT_EQ(stats.spans_stored, 4u);
  EXPECT_LE(stats.spans_live, stats.spans_stored);
  EXPECT_EQ(stats.damage, 0u);
}

TEST_P(TraceStoreContract, AnswersTheSameWhateverIsPutIntoBlocksAndAsOftenAsItIs) {
  EXPECT_TRUE(Store().SealAll()) << "there is nothing to seal";
  EXPECT_TRUE(Store().CompactAll());
  Send({{.id = 1, .name = "root"}, {.trace = NumberedTrace(2), .start_ns = kStartNs + 1}});
  Send({{.id = 2, .parent = 1, .start_ns = kStartNs + 2, .name = "child"}});
  const std::vector<std::function<Status()>> moves{
      [] { return Status(); },
      [&] { return Store().SealAll(); },
      [&] { return Store().SealAll(); },
      [&] { return Store().CompactAll(); },
      [&] { return Store().CompactAll(); },
      [&] { return Store().SealAll(); },
  };
  for (const auto& move : moves) {
    const Status moved = move();
    EXPECT_TRUE(moved) << moved.error().message;
    EXPECT_THAT(Found(), ElementsAre(2, 1));
    EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 2));
    EXPECT_THAT(Matching(Is(Intrinsic::kName, "child")), ElementsAre(1));
    EXPECT_EQ(Red().at(0).total.count(), 3);
    EXPECT_EQ(Store().Stats().spans_stored, 3u);
  }
}

TEST_P(TraceStoreContract, HoldsWhatItGaveWhileItGoesOn) {
  Send({{.id = 1, .attributes = {{"k", std::string(100'000, 'x')}}}});
  const Trace trace = Get(NumberedTrace(1));
  Send({{.id = 2, .parent = 1}});
  ASSERT_TRUE(Store().CompactAll());
  ASSERT_EQ(trace.spans.size(), 1u);
  const auto sent = MakeBatch({{.id = 1, .attributes = {{"k", std::string(100'000, 'x')}}}});
  EXPECT_TRUE(SameSpan(*trace.spans[0].batch, trace.spans[0].row, *sent, 0));
}

// Several who send and several who ask, all at once: what is acknowledged is in every answer from then on.
TEST_P(TraceStoreContract, AnswersWithEverythingAcknowledgedWhileOthersSendAndAsk) {
  constexpr uint64_t kSenders = 3, kEach = 40;
  Send({{.trace = NumberedTrace(9'999), .name = "first"}});
  TraceStore& store = Store();
  std::atomic<uint64_t> acknowledged{0};
  std::atomic<bool> sending{true};
  std::vector<std::thread> threads;
  for (uint64_t sender = 0; sender < kSenders; ++sender) {
    threads.emplace_back([&, sender] {
      for (uint64_t i = 0; i < kEach; ++i) {
        const TraceId own = NumberedTrace(1 + sender * kEach + i);
        const Status taken = AppendNow(
            Sink(), MakeBatch({{.trace = own}, {.trace = NumberedTrace(9'999), .id = own.low + 1, .parent = 1}}));
        EXPECT_TRUE(taken) << taken.error().message;
        EXPECT_TRUE(store.GetTrace(own, {}));
        ++acknowledged;
      }
    });
  }
  const auto ask = [&](const std::function<uint64_t()>& count) {
    threads.emplace_back([&, count] {
      while (sending) {
        const uint64_t before = acknowledged;
        EXPECT_GE(count(), before);
      }
    });
  };
  ask([&] { return store.Search({.limit = 1'000}, {})->traces.size() - 1; });
  ask([&] { return *store.Search({.limit = 1, .order = TraceOrder::kMostSpans, .count = true}, {})->trace_count - 1; });
  ask([&] { return store.GetTrace(NumberedTrace(9'999), {})->spans.size() - 1; });
  ask([&] { return static_cast<uint64_t>(store.Red({}, {})->series.at(0).total.count() - 1) / 2; });
  for (uint64_t i = 0; i < kSenders; ++i) threads[i].join();
  sending = false;
  for (uint64_t i = kSenders; i < threads.size(); ++i) threads[i].join();
  EXPECT_EQ(Search({.limit = 1'000}).traces.size(), kSenders * kEach + 1);
  EXPECT_EQ(Get(NumberedTrace(9'999)).spans.size(), kSenders * kEach + 1);
}

}  // namespace
}  // namespace spoor::contract
