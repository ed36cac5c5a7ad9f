#include "store/top_traces.h"

#include <algorithm>
#include <utility>

namespace spoor {
namespace {

bool IsBefore(const TopTraces::Match& a, const TopTraces::Match& b) { return a.rank.IsBefore(b.rank); }

}  // namespace

Status TopTraces::Take(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) {
  count_ += traces.size();
  for (const uint32_t trace : traces) {
    const Match match{facts.Rank(plan_.order, trace), place, trace};
    if (plan_.after && !plan_.after->IsBefore(match.rank)) continue;
    if (best_.size() == kept_max_) {
      if (!IsBefore(match, best_.front())) continue;
      std::pop_heap(best_.begin(), best_.end(), IsBefore);
      best_.pop_back();
    }
    best_.push_back(match);
    std::push_heap(best_.begin(), best_.end(), IsBefore);
  }
  return {};
}

std::vector<TopTraces::Match> TopTraces::Sorted() && {
  std::sort_heap(best_.begin(), best_.end(), IsBefore);
  return std::move(best_);
}

}  // namespace spoor
