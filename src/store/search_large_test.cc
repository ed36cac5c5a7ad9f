// Orders, counts, pages and overviews of two million spans, in every state that they can be in, against an answer that
// is worked out from what was sent, without a store.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <thread>
#include <tuple>

#include "base/fault_file_system.h"
#include "plan/contract/same_answers.h"
#include "plan/naive_overview.h"
#include "store/store.h"
#include "store/test_spans.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SPOOR_SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SPOOR_SLOW_BUILD 1
#endif
#endif

namespace spoor {
namespace {

#ifdef SPOOR_SLOW_BUILD
constexpr uint32_t kTraces = 10'000;
#else
constexpr uint32_t kTraces = 200'000;
#endif
constexpr uint32_t kSpans = kTraces * 10;
constexpr uint32_t kBatchSpans = 1000;
constexpr uint32_t kBlockSpans = kSpans / 9;
constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;
constexpr uint32_t kServices = 7;

struct Sent {
  uint32_t trace = 0;
  uint32_t id = 1;  // 1: the root, whose children all others are
  uint64_t start_ns = 0;
  uint64_t duration_ns = 0;
  uint8_t service = 0;
  uint8_t name = 0;
  uint8_t value = 0;
  bool error = false;

  uint64_t end_ns() const { return start_ns + duration_ns; }
};

std::string ServiceName(uint32_t service) { return "service " + std::to_string(service); }

// Spans in the order in which they are sent: those of a trace mostly close together, some much later, some twice.
std::vector<Sent> MakeTraffic() {
  std::mt19937_64 random(7);
  const auto below = [&](uint64_t bound) { return random() % bound; };
  std::vector<std::pair<uint64_t, Sent>> timed;
  for (uint32_t trace = 0; trace < kTraces; ++trace) {
    const uint64_t start_ns = kStartNs + trace * 1'000'000ull + below(5'000'000);
    const uint64_t scale = uint64_t{1} << below(20);
    const uint32_t spans = 1 + static_cast<uint32_t>(below(19));
    for (uint32_t id = 1; id <= spans; ++id) {
      if (id == 1 && below(25) == 0) continue;  // nobody sends this root
      const Sent span{trace,
                      id,
                      start_ns + (id == 1 ? 0 : below(scale * 100)),
                      below(scale * 1000),
                      static_cast<uint8_t>(below(kServices)),
                      static_cast<uint8_t>(below(4)),
                      static_cast<uint8_t>(below(50)),
                      below(60) == 0};
      const uint64_t delay = below(100) == 0 ? below(kTraces / 2) : below(kTraces / 500);
      timed.emplace_back((trace + delay) << 8 | id, span);
      if (below(300) == 0) timed.emplace_back((trace + delay + below(kTraces / 4)) << 8 | id, span);
    }
  }
  std::ranges::stable_sort(timed, {}, [](const auto& one) { return one.first; });
  std::vector<Sent> traffic;
  for (const auto& [when, span] : timed) traffic.push_back(span);
  return traffic;
}

std::shared_ptr<const SpanBatch> MakeBatch(std::span<const Sent> spans) {
  SpanBatchBuilder builder;
  builder.Clear();
  uint32_t last_service = UINT32_MAX;
  for (const Sent& span : spans) {
    if (span.service != last_service) {
      last_service = span.service;
      builder.BeginAttributes();
      SPOOR_CHECK(builder.AddAttribute(builder.InternString("service.name"), ValueType::kString,
                                       builder.InternString(ServiceName(span.service))));
      builder.AddResource(builder.EndAttributes(), 0, 0);
      builder.AddScope(0, 0, {}, 0, 0);
    }
    builder.BeginSpan();
    builder.BeginAttributes();
    SPOOR_CHECK(builder.AddAttribute(builder.InternString("value"), ValueType::kInt, span.value));
    builder.SetSpanAttributes(builder.EndAttributes());
    SpanFields fields{.trace_id = TestTraceId(span.trace), .span_id = span.id};
    fields.parent_span_id = span.id == 1 ? 0 : 1;
    fields.start_ns = span.start_ns;
    fields.end_ns = span.end_ns();
    fields.name = builder.InternString("name " + std::to_string(span.name));
    fields.kind = 1;
    fields.status_code = span.error ? 2 : 0;
    builder.EndSpan(fields);
  }
  auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  return *std::move(batch);
}

// What a span must be, told twice: as the store is asked, and as the brute force looks at it.
struct Question {
  std::string text;
  Filter filter;
  std::function<bool(const Sent&)> matches;
};

Filter Compare(Intrinsic field, CompareOp op, Literal value) { return {CompareIntrinsic{field, op, std::move(value)}}; }

std::vector<Question> Questions() {
  const Filter service = Compare(Intrinsic::kServiceName, CompareOp::kEqual, ServiceName(3));
  const Filter name = Compare(Intrinsic::kName, CompareOp::kEqual, std::string("name 2"));
  const Filter slow = Compare(Intrinsic::kDurationNs, CompareOp::kGreaterEqual, int64_t{1'000'000});
  return {{"everything", {AllOf{}}, [](const Sent&) { return true; }},
          {"a service", {AllOf{{service}}}, [](const Sent& span) { return span.service == 3; }},
          {"a service and operation",
           {AllOf{{service, name}}},
           [](const Sent& span) { return span.service == 3 && span.name == 2; }},
          {"service, attribute, duration",
           {AllOf{{service, {AttributeText{"value", "17"}}, slow}}},
           [](const Sent& span) { return span.service == 3 && span.value == 17 && span.duration_ns >= 1'000'000; }},
          {"nothing", {AllOf{{service, {AttributeText{"value", "51"}}}}}, [](const Sent&) { return false; }}};
}

// All traces of what was sent, in order of their numbers.
std::vector<TraceSummary> Summarised(std::vector<Sent> sent) {
  std::ranges::sort(sent, {}, [](const Sent& span) { return std::pair(span.trace, span.id); });
  const auto repeated =
      std::ranges::unique(sent, [](const Sent& a, const Sent& b) { return a.trace == b.trace && a.id == b.id; });
  sent.erase(repeated.begin(), repeated.end());
  std::vector<TraceSummary> summaries;
  for (auto begin = sent.begin(), end = begin; begin != sent.end(); begin = end) {
    end = std::find_if(begin, sent.end(), [&](const Sent& span) { return span.trace != begin->trace; });
    // The root has the lowest id; without it, the earliest orphan stands for it.
    const auto orphan_order = [](const Sent& span) { return std::tuple(span.start_ns, ~span.end_ns(), span.id); };
    const auto root = begin->id == 1 ? begin : std::ranges::min_element(begin, end, {}, orphan_order);
    TraceSummary summary{.id = TestTraceId(begin->trace),
                         .root_service = ServiceName(root->service),
                         .root_name = "name " + std::to_string(root->name),
                         .start_ns = UINT64_MAX,
                         .span_count = static_cast<uint32_t>(end - begin),
                         .root_missing = begin->id != 1};
    summary.orphan_count = summary.root_missing ? summary.span_count : 0;
    std::map<uint32_t, ServiceCount> services;
    for (auto span = begin; span != end; ++span) {
      summary.start_ns = std::min(summary.start_ns, span->start_ns);
      summary.end_ns = std::max(summary.end_ns, span->end_ns());
      summary.error_count += span->error;
      ServiceCount& service = services[span->service];
      service.name = ServiceName(span->service);
      ++service.span_count;
      service.error_count += span->error;
    }
    for (auto& [number, service] : services) summary.services.push_back(std::move(service));
    std::ranges::stable_sort(summary.services, std::greater(), &ServiceCount::span_count);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

class SearchLarge : public ::testing::Test {
 protected:
  SearchLarge() : traffic_(MakeTraffic()) {}

  void Open() {
    StoreOptions options = TestStoreOptions(files_, budget_);
    options.live.rows = kBlockSpans;
    auto store = Store::Open(options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }

  void SendUntil(size_t end) {
    while (sent_ < end) {
      const size_t count = std::min<size_t>(kBatchSpans, end - sent_);
      const auto batch = MakeBatch(std::span(traffic_).subspan(sent_, count));
      while (!AppendNow(*store_, batch)) std::this_thread::yield();  // too much waits to be sealed
      sent_ += count;
    }
  }

  void Compare(const std::string& state) {
    SCOPED_TRACE(state);
    const std::span<const Sent> sent = std::span(traffic_).first(sent_);
    const std::vector<TraceSummary> all = Summarised({sent.begin(), sent.end()});
    // A third of the time, and all of it.
    for (const bool has_window : {false, true}) {
      for (const Question& question : Questions()) {
        SearchPlan plan{.filter = question.filter};
        if (has_window) {
          plan.start_min_ns = kStartNs + kTraces * 300'000ull;
          plan.start_max_ns = kStartNs + kTraces * 600'000ull;
        }
        boost::unordered_flat_set<TraceId, TraceIdHash> found;
        for (const Sent& span : sent) {
          const bool in_window = span.start_ns >= plan.start_min_ns && span.start_ns <= plan.start_max_ns;
          if (in_window && question.matches(span)) found.insert(TestTraceId(span.trace));
        }
        std::vector<TraceSummary> matches;
        for (const TraceSummary& one : all) {
          if (found.contains(one.id)) matches.push_back(one);
        }
        SCOPED_TRACE(question.text + (has_window ? ", in a window" : ""));
        ASSERT_NO_FATAL_FAILURE(CompareQuestion(plan, matches));
      }
    }
  }

  void CompareQuestion(SearchPlan plan, const std::vector<TraceSummary>& matches) {
    std::vector<TraceConditions> conditions(5);
    conditions[1].with_errors = true;
    conditions[2].root_missing = true;
    conditions[3].root_service = ServiceName(5);
    conditions[4].duration_min_ns = 1'000'000;
    conditions[4].duration_max_ns = 50'000'000;
    for (size_t i = 0; i < conditions.size(); ++i) {
      SCOPED_TRACE("conditions " + std::to_string(i));
      plan.conditions = conditions[i];
      std::vector<TraceSummary> expected;
      for (const TraceSummary& one : matches) {
        if (plan.conditions.HoldFor(one)) expected.push_back(one);
      }
      for (size_t order = 0; order < 5; ++order) {
        if (i > 0 && order != i) continue;  // with conditions one order each, to save time
        plan.order = static_cast<TraceOrder>(order);
        ASSERT_NO_FATAL_FAILURE(CompareOrder(plan, expected));
      }
      if (i > 1) continue;
      const OverviewShape shape{.columns = 24, .rows = 12, .points = 100};
      const auto overview = store_->GetOverview(plan, shape, {});
      ASSERT_TRUE(overview) << overview.error().message;
      ASSERT_TRUE(*overview == NaiveOverview(expected, shape)) << overview->trace_count << " of " << expected.size();
    }
  }

  // The first pages, one with a count.
  void CompareOrder(SearchPlan plan, std::vector<TraceSummary>& expected) {
    SCOPED_TRACE("order " + std::to_string(static_cast<int>(plan.order)));
    constexpr size_t kPages = 3;
    plan.limit = 30;
    const size_t looked_at = std::min(expected.size(), kPages * plan.limit);
    std::ranges::partial_sort(expected, expected.begin() + static_cast<ptrdiff_t>(looked_at),
                              [&](const TraceSummary& a, const TraceSummary& b) {
                                return RankOf(plan.order, a).IsBefore(RankOf(plan.order, b));
                              });
    for (size_t begin = 0; begin == 0 || begin < looked_at; begin += plan.limit) {
      plan.count = begin == plan.limit;
      const auto page = store_->Search(plan, {});
      ASSERT_TRUE(page) << page.error().message;
      EXPECT_TRUE(page->complete);
      const size_t end = std::min(begin + plan.limit, expected.size());
      const std::vector<TraceSummary> wanted(expected.begin() + static_cast<ptrdiff_t>(begin),
                                             expected.begin() + static_cast<ptrdiff_t>(end));
      ASSERT_EQ(DescribeSummaries(page->traces), DescribeSummaries(wanted)) << "from " << begin;
      ASSERT_EQ(page->has_more, end < expected.size());
      if (plan.count) {
        ASSERT_EQ(page->trace_count, expected.size());
      }
      if (!page->traces.empty()) plan.after = RankOf(plan.order, page->traces.back());
    }
  }

  const std::vector<Sent> traffic_;
  size_t sent_ = 0;
  MemoryBudget budget_{size_t{1} << 30};
  FaultFileSystem files_;
  std::unique_ptr<Store> store_;
};

TEST_F(SearchLarge, IsExactWhetherSpansAreLiveSealedOrReopened) {
  Open();
  SendUntil(kBlockSpans - kBatchSpans);
  ASSERT_EQ(store_->Stats().blocks, 0u);
  Compare("live");
  for (size_t quarter = 1; quarter < 4; ++quarter) {  // several blocks, however quick sealing is
    SendUntil(traffic_.size() * quarter / 4);
    ASSERT_TRUE(store_->SealAll());
  }
  SendUntil(traffic_.size());
  EXPECT_GT(store_->Stats().spans_live, 0u);
  Compare("sealed and live");
  ASSERT_TRUE(store_->SealAll());
  EXPECT_GE(store_->Stats().blocks, 4u);
  Compare("sealed");
  store_.reset();
  Open();
  Compare("reopened");
}

}  // namespace
}  // namespace spoor
