// Query strings, not percent-decoded, as searches of Jaeger's APIs and of Spoor's own: none may crash, and what is
// accepted keeps its bounds.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "query/jaeger/search.h"
#include "query/spoor/page_token.h"
#include "query/spoor/search.h"

namespace {

constexpr uint64_t kNowNs = 1'700'000'000'000'000'000;

spoor::jaeger::Parameters Split(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  return spoor::jaeger::Parameters(std::move(pairs));
}

void CheckPlan(const spoor::SearchPlan& plan) {
  SPOOR_CHECK(plan.limit >= 1 && plan.limit <= spoor::limits::kSearchLimitMax);
  const spoor::TraceConditions& traces = plan.conditions;
  SPOOR_CHECK(traces.duration_min_ns <= traces.duration_max_ns && traces.start_min_ns <= traces.start_max_ns);
}

void CheckSearch(const spoor::query::Search& search) {
  CheckPlan(search.plan);
  if (!search.plan.after) return;
  const auto again = spoor::query::PageToken(search.plan.order, *search.plan.after);
  SPOOR_CHECK(spoor::query::ParsePageToken(again, search.plan.order).value() == *search.plan.after);
}

void CheckOverview(const spoor::query::OverviewQuestion& question) {
  CheckPlan(question.plan);
  SPOOR_CHECK(question.shape.columns >= 1 && question.shape.columns <= spoor::limits::kOverviewColumnsMax);
  SPOOR_CHECK(question.shape.rows >= 1 && question.shape.rows <= spoor::limits::kOverviewRowsMax);
  SPOOR_CHECK(question.shape.points <= spoor::limits::kOverviewPointsMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parameters = Split({reinterpret_cast<const char*>(data), size});
  for (const auto& search :
       {spoor::jaeger::ParseSearch(parameters, kNowNs), spoor::jaeger::ParseSearchV3(parameters)}) {
    if (search) CheckPlan(search->plan);
  }
  if (const auto search = spoor::query::ParseSearch(parameters, kNowNs)) CheckSearch(*search);
  if (const auto question = spoor::query::ParseOverview(parameters, kNowNs)) CheckOverview(*question);
  return 0;
}
