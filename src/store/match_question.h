// MatchQuestion: what of a search's conditions the facts of traces decide without a look at spans.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/trace_store.h"
#include "store/trace_facts.h"

namespace spoor {

enum class MatchState : uint8_t { kNo, kYes, kUndecided };  // undecided: spans say

// What the conditions on one span ask of its trace. Every filter is a conjunction of some conditions (one, if need be);
// those that are understood here narrow the candidates, and where no others are left they decide.
struct SpanNeeds {
  bool nothing_matches = false;
  std::optional<std::string> service;
  uint64_t duration_min_ns = 0;
  bool with_error = false;
  bool is_service_only = true;  // nothing else is asked of a span (but when it starts)
};
SpanNeeds NeedsOf(const Filter& filter);

// Decides the traces of one TraceFacts.
class MatchQuestion {
 public:
  MatchQuestion(const SearchPlan& plan, const SpanNeeds& needs, const TraceFacts& facts);

  // `last_start_ns`: none of the trace's spans starts later.
  MatchState Decide(uint32_t trace, uint64_t last_start_ns) const;

 private:
  void FindSets(std::string_view service);

  const SearchPlan& plan_;
  const SpanNeeds& needs_;
  const TraceFacts& facts_;
  bool nothing_matches_;
  std::vector<uint8_t> set_has_service_;  // by set of services; empty where no service is asked for
  std::optional<uint32_t> root_service_;  // number of facts_
};

}  // namespace spoor
