#include "store/match_question.h"

#include <algorithm>

#include "model/span_batch.h"
#include "plan/compare.h"

namespace spoor {
namespace {

void AddNeed(const Filter& filter, SpanNeeds& needs) {
  if (const auto* all = std::get_if<AllOf>(&filter.node)) {
    // One level is what the query languages make; what is nested deeper is left to the spans.
    for (const Filter& one : all->filters) {
      if (std::holds_alternative<AllOf>(one.node)) {
        needs.is_service_only = false;
      } else {
        AddNeed(one, needs);
      }
    }
    return;
  }
  const auto* compare = std::get_if<CompareIntrinsic>(&filter.node);
  if (compare != nullptr && compare->field == Intrinsic::kServiceName && compare->op == CompareOp::kEqual &&
      std::holds_alternative<std::string>(compare->value) && !needs.service) {
    needs.service = std::get<std::string>(compare->value);
    return;
  }
  needs.is_service_only = false;
  if (compare == nullptr) return;
  const NumberRange range = RangeOf(compare->op, compare->value);
  if (compare->field == Intrinsic::kDurationNs) {
    if (range.IsNone()) needs.nothing_matches = true;
    if (!range.outside) needs.duration_min_ns = std::max(needs.duration_min_ns, range.low);
  } else if (compare->field == Intrinsic::kStatusCode) {
    constexpr auto kError = static_cast<uint64_t>(StatusCode::kError);
    if (range.IsNone()) needs.nothing_matches = true;
    if (!range.outside && range.low == kError && range.high == kError) needs.with_error = true;
  }
}

}  // namespace

SpanNeeds NeedsOf(const Filter& filter) {
  SpanNeeds needs;
  AddNeed(filter, needs);
  return needs;
}

MatchQuestion::MatchQuestion(const SearchPlan& plan, const SpanNeeds& needs, const TraceFacts& facts)
    : plan_(plan), needs_(needs), facts_(facts), nothing_matches_(needs.nothing_matches) {
  if (needs.service) FindSets(*needs.service);
  const auto& root_service = plan.conditions.root_service;
  if (root_service) root_service_ = facts.FindService(*root_service);
  if (root_service && !root_service_) nothing_matches_ = true;
}

void MatchQuestion::FindSets(std::string_view service) {
  const auto number = facts_.FindService(service);
  if (!number) {
    nothing_matches_ = true;
    return;
  }
  for (uint32_t set = 0; set < facts_.service_sets.size(); ++set) {
    set_has_service_.push_back(std::ranges::binary_search(facts_.service_sets[set], *number));
  }
}

MatchState MatchQuestion::Decide(uint32_t trace, uint64_t last_start_ns) const {
  const uint64_t start_ns = facts_.start_ns[trace];
  if (nothing_matches_ || start_ns > plan_.start_max_ns || last_start_ns < plan_.start_min_ns) return MatchState::kNo;
  if (!plan_.conditions.HoldFor(facts_.Measures(trace))) return MatchState::kNo;
  if (root_service_ && facts_.root_service[trace] != *root_service_) return MatchState::kNo;
  if (facts_.duration_ns[trace] < needs_.duration_min_ns) return MatchState::kNo;
  if (needs_.with_error && facts_.error_count[trace] == 0) return MatchState::kNo;
  if (needs_.service && !set_has_service_[facts_.services[trace]]) return MatchState::kNo;
  if (!needs_.is_service_only || start_ns < plan_.start_min_ns) return MatchState::kUndecided;
  // The first span starts within the window, and so do all of them where the last one does.
  return !needs_.service || last_start_ns <= plan_.start_max_ns ? MatchState::kYes : MatchState::kUndecided;
}

}  // namespace spoor
