#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/contract/same_answers.h"
#include "plan/random_spans.h"

namespace spoor {
namespace {

constexpr uint32_t kAll = 1'000'000;

std::string DescribePlan(const SearchPlan& plan) {
  const TraceConditions& traces = plan.conditions;
  return fmt::format(
      "order {}, limit {}, window {} to {}, behind {}, durations {} to {}, starts {} to {}, errors {}, root missing "
      "{}, "
      "root {}",
      static_cast<int>(plan.order), plan.limit, plan.start_min_ns, plan.start_max_ns, plan.after.has_value(),
      traces.duration_min_ns, traces.duration_max_ns, traces.start_min_ns, traces.start_max_ns, traces.with_errors,
      traces.root_missing, traces.root_service.value_or("-"));
}

SearchPlan RandomPlan(Random& random, uint64_t start_min_ns, uint64_t start_max_ns) {
  const auto one_in = [&](uint64_t n) { return random() % n == 0; };
  SearchPlan plan;
  if (one_in(2)) plan.start_min_ns = start_min_ns + random() % (start_max_ns - start_min_ns);
  if (one_in(3)) plan.start_max_ns = plan.start_min_ns + random() % (start_max_ns - start_min_ns);
  plan.limit = static_cast<uint32_t>(random() % 8);
  plan.order = static_cast<TraceOrder>(random() % 5);
  plan.count = one_in(3);
  TraceConditions& traces = plan.conditions;
  if (one_in(4)) traces.duration_min_ns = random() % 500;
  if (one_in(4)) traces.duration_max_ns = traces.duration_min_ns + random() % 1500;
  if (one_in(6)) traces.start_min_ns = start_min_ns + random() % 500;
  if (one_in(6)) traces.start_max_ns = start_min_ns + 200 + random() % 500;
  traces.with_errors = one_in(4);
  traces.root_missing = one_in(5);
  if (one_in(5)) traces.root_service = std::vector<std::string>{"a", "b", "", "nowhere"}[random() % 4];
  return plan;
}

void ExpectSameTrace(TraceStore& store, TraceStore& reference, TraceId id) {
  const auto expected = reference.GetTrace(id, {});
  const auto found = store.GetTrace(id, {});
  ASSERT_TRUE(expected) << expected.error().message;
  ASSERT_TRUE(found) << TraceIdHex(id) << ": " << found.error().message;
  ASSERT_EQ(DescribeTrace(*found), DescribeTrace(*expected)) << TraceIdHex(id);
  for (size_t i = 0; i < found->spans.size(); ++i) {
    const TraceSpan& a = found->spans[i];
    const TraceSpan& b = expected->spans[i];
    ASSERT_TRUE(SameSpan(*a.batch, a.row, *b.batch, b.row)) << TraceIdHex(id) << " span " << i;
  }
}

void ExpectSameSearch(TraceStore& store, TraceStore& reference, const SearchPlan& plan) {
  const auto expected = reference.Search(plan, {});
  const auto found = store.Search(plan, {});
  ASSERT_TRUE(expected && found);
  EXPECT_TRUE(found->complete);
  EXPECT_EQ(found->warnings, std::vector<std::string>());
  ASSERT_EQ(DescribeSummaries(found->traces), DescribeSummaries(expected->traces)) << DescribePlan(plan);
  ASSERT_EQ(found->has_more, expected->has_more) << DescribePlan(plan);
  ASSERT_EQ(found->trace_count, expected->trace_count) << DescribePlan(plan);
}

// Page by page to the end: every match once, in order.
void ExpectSamePages(TraceStore& store, TraceStore& reference, SearchPlan plan) {
  plan.limit = kAll;
  const auto expected = reference.Search(plan, {});
  std::vector<TraceSummary> paged;
  plan.limit = 3;
  for (bool has_more = true; has_more;) {
    const auto page = store.Search(plan, {});
    ASSERT_TRUE(page) << page.error().message;
    paged.insert(paged.end(), page->traces.begin(), page->traces.end());
    has_more = page->has_more;
    if (!page->traces.empty()) plan.after = RankOf(plan.order, page->traces.back());
    ASSERT_LE(paged.size(), expected->traces.size()) << DescribePlan(plan);
  }
  ASSERT_EQ(DescribeSummaries(paged), DescribeSummaries(expected->traces)) << DescribePlan(plan);
}

void ExpectSameOverview(TraceStore& store, TraceStore& reference, const SearchPlan& plan, const OverviewShape& shape) {
  const auto expected = reference.GetOverview(plan, shape, {});
  const auto found = store.GetOverview(plan, shape, {});
  ASSERT_TRUE(expected && found);
  EXPECT_TRUE(found->complete);
  EXPECT_EQ(found->warnings, std::vector<std::string>());
  ASSERT_TRUE(*found == *expected) << DescribePlan(plan) << ", " << shape.columns << " columns, " << shape.points
                                   << " points: " << found->trace_count << " of " << expected->trace_count;
}

// Questions of every order and kind, as chance has it.
void ExpectSameOrders(TraceStore& store, TraceStore& reference, const std::vector<Filter>& filters,
                      uint64_t start_min_ns, uint64_t start_max_ns, Random& random) {
  for (const Filter& filter : filters) {
    SearchPlan plan = RandomPlan(random, start_min_ns, start_max_ns);
    plan.filter = filter;
    ASSERT_NO_FATAL_FAILURE(ExpectSameSearch(store, reference, plan));
    if (random() % 2 == 0) {
      ASSERT_NO_FATAL_FAILURE(ExpectSamePages(store, reference, plan));
    }
    OverviewShape shape{static_cast<uint32_t>(1 + random() % 9), static_cast<uint32_t>(1 + random() % 5),
                        static_cast<uint32_t>(random() % 30)};
    if (random() % 2 == 0) shape.start_ns = start_min_ns + random() % 500;
    if (random() % 2 == 0) shape.end_ns = start_max_ns - random() % 500;
    ASSERT_NO_FATAL_FAILURE(ExpectSameOverview(store, reference, plan, shape));
  }
}

void ExpectSameNames(TraceStore& store, TraceStore& reference) {
  const auto services = reference.Services({});
  ASSERT_EQ(*store.Services({}), *services);
  std::vector<std::string> asked = *services;
  asked.insert(asked.end(), {"", "nowhere"});
  for (const std::string& service : asked) {
    ASSERT_EQ(*store.Operations(service, {}), *reference.Operations(service, {})) << service;
    EXPECT_EQ(store.ServiceColour(service) == 0, reference.ServiceColour(service) == 0) << service;
  }
}

std::string DescribeCounts(const SpanCounts& counts) {
  const auto sum = static_cast<unsigned __int128>(counts.durations.sum_ns());
  std::string text = fmt::format(" {} errors, sum {:x}{:016x}:", counts.error_count, static_cast<uint64_t>(sum >> 64),
                                 static_cast<uint64_t>(sum));
  for (const LatencySketch::Cell& cell : counts.durations.cells()) {
    text += fmt::format(" {}x{}", cell.count, cell.bucket);
  }
  return text;
}

}  // namespace

std::vector<std::string> DescribeTrace(const Trace& trace) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("root {} missing {} orphans {}", trace.root, trace.root_missing, trace.orphan_count));
  for (const TraceSpan& span : trace.spans) {
    lines.push_back(fmt::format("{:x} under {} depth {} warnings {} start {} of {}", span.batch->span_id[span.row],
                                static_cast<int32_t>(span.parent), span.depth, span.warnings,
                                span.batch->start_ns[span.row],
                                span.batch->String(span.batch->service_name(span.row))));
  }
  return lines;
}

std::vector<std::string> DescribeSummaries(const std::vector<TraceSummary>& summaries) {
  std::vector<std::string> lines;
  for (const TraceSummary& one : summaries) {
    std::string line = fmt::format(
        "{} root {}/{} {} to {} spans {} errors {} orphans {} missing {}:", TraceIdHex(one.id), one.root_service,
        one.root_name, one.start_ns, one.end_ns, one.span_count, one.error_count, one.orphan_count, one.root_missing);
    for (const ServiceCount& service : one.services) {
      line += fmt::format(" {}={}({})", service.name, service.span_count, service.error_count);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> DescribeRed(const Result<RedAnswer>& answer) {
  std::vector<std::string> lines;
  if (!answer) return {answer.error().message};
  for (const RedSeries& one : answer->series) {
    lines.push_back(fmt::format("{}/{} {}", one.service, one.operation, one.kind) + DescribeCounts(one.total));
    for (const RedStep& step : one.steps)
      lines.push_back(fmt::format("  {}", step.index) + DescribeCounts(step.counts));
  }
  lines.insert(lines.end(), answer->warnings.begin(), answer->warnings.end());
  return lines;
}

std::vector<std::string> DescribeCalls(const Result<CallsAnswer>& answer) {
  std::vector<std::string> lines;
  if (!answer) return {answer.error().message};
  for (const ServiceCalls& one : answer->calls) {
    lines.push_back(fmt::format("{} -> {}", one.parent, one.child) + DescribeCounts(one.total));
  }
  lines.insert(lines.end(), answer->warnings.begin(), answer->warnings.end());
  return lines;
}

void ExpectSameAnswers(TraceStore& store, TraceStore& reference, const std::vector<Filter>& filters,
                       uint64_t start_min_ns, uint64_t start_max_ns) {
  const uint64_t third = (start_max_ns - start_min_ns) / 3;
  const auto all = reference.Search({.limit = kAll}, {});
  for (const TraceSummary& one : all->traces) ASSERT_NO_FATAL_FAILURE(ExpectSameTrace(store, reference, one.id));
  EXPECT_EQ(store.GetTrace({7, 7}, {}).error().code, Code::kNotFound);
  std::vector<SearchPlan> plans{{.limit = kAll}, {.limit = 1}, {.limit = 3}, {.limit = 0}};
  for (const Filter& filter : filters) {
    plans.push_back({.filter = filter, .limit = kAll});
    plans.push_back({.filter = filter, .limit = 2});
    plans.push_back({filter, start_min_ns + third, start_max_ns - third, kAll});
    plans.push_back({filter, start_min_ns, start_min_ns + third, 2});
  }
  for (const SearchPlan& plan : plans) ASSERT_NO_FATAL_FAILURE(ExpectSameSearch(store, reference, plan));
  Random random(all->traces.size());
  for (int i = 0; i < 4; ++i) {
    ASSERT_NO_FATAL_FAILURE(ExpectSameOrders(store, reference, filters, start_min_ns, start_max_ns, random));
  }
  ASSERT_NO_FATAL_FAILURE(ExpectSameNames(store, reference));
  ExpectSameCounts(store, reference, start_min_ns);
}

void ExpectSameCounts(TraceStore& store, TraceStore& reference, uint64_t start_min_ns) {
  constexpr uint64_t kMinute = 60'000'000'000;
  const std::vector<RedPlan> plans{
      {},
      {.by_operation = true},
      {.start_min_ns = start_min_ns, .start_max_ns = start_min_ns + kMinute, .by_operation = true, .step_minutes = 1},
      {.start_min_ns = start_min_ns + 2 * kMinute, .start_max_ns = start_min_ns + 4 * kMinute, .step_minutes = 2},
      {.service = "a", .operation = "x", .kind = 2, .step_minutes = 1'000},
      {.service = "nowhere"},
  };
  for (const RedPlan& plan : plans) {
    ASSERT_EQ(DescribeRed(store.Red(plan, {})), DescribeRed(reference.Red(plan, {})))
        << "plan " << &plan - plans.data();
  }
  const auto expect_calls = [&](uint64_t from_ns, uint64_t to_ns) {
    ASSERT_EQ(DescribeCalls(store.Calls(from_ns, to_ns, {})), DescribeCalls(reference.Calls(from_ns, to_ns, {})));
  };
  expect_calls(0, UINT64_MAX);
  expect_calls(start_min_ns, start_min_ns + kMinute);
  expect_calls(start_min_ns + 2 * kMinute, start_min_ns + 4 * kMinute);
}

}  // namespace spoor
