#include "store/overview_sink.h"

#include <fmt/format.h>

#include "base/limits.h"

namespace spoor {

Status OverviewSink::Take(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) {
  const size_t count = matches_.size() + traces.size();
  if (count > limits::kOverviewTracesMax) {
    return TooLarge(
        fmt::format("more than {} traces match: ask for an overview of a shorter time", limits::kOverviewTracesMax));
  }
  if (!memory_.Resize(count * OverviewMatches::kBytesEach)) {
    return Busy("the overview does not fit into the memory budget now: ask for a shorter time, or retry later");
  }
  std::vector<uint32_t> root_of_service(facts.service_names.size(), UINT32_MAX);
  for (const uint32_t trace : traces) {
    uint32_t& root = root_of_service[facts.root_service[trace]];
    if (root == UINT32_MAX) root = RootNumber(facts.service_names[facts.root_service[trace]]);
    matches_.start_ns.push_back(facts.start_ns[trace]);
    matches_.duration_ns.push_back(facts.duration_ns[trace]);
    matches_.id_low.push_back(facts.id_low[trace]);
    matches_.reference.push_back(uint64_t{place} << 32 | trace);
    matches_.root_and_flags.push_back(root << 2 | uint32_t{facts.root_missing[trace]} << 1 |
                                      (facts.error_count[trace] > 0 ? 1 : 0));
  }
  return {};
}

uint32_t OverviewSink::RootNumber(const std::string& name) {
  const auto [found, is_new] = root_numbers_.try_emplace(name, matches_.root_services.size());
  if (is_new) matches_.root_services.push_back(name);
  return found->second;
}

Result<Overview> OverviewSink::Make(const OverviewShape& shape, const WholeTraces& whole, SearchState& state) const {
  Status readable;
  uint32_t last_place = kWhole;
  std::shared_ptr<const TraceFacts> last_facts;
  const auto details = [&](uint64_t reference) -> PointDetails {
    const auto place = static_cast<uint32_t>(reference >> 32);
    const auto trace = static_cast<uint32_t>(reference);
    const auto details_in = [trace](const TraceFacts& facts) {
      return PointDetails{facts.id(trace), facts.span_count(trace), facts.error_count[trace]};
    };
    if (place == kWhole) return details_in(whole.facts);
    if (place != last_place) {
      auto facts = state.Facts(place);
      if (!facts) {
        readable = std::move(facts).error();
        return {};
      }
      last_place = place;
      last_facts = *std::move(facts);
    }
    return details_in(*last_facts);
  };
  ASSIGN_OR_RETURN(Overview overview, MakeOverview(matches_, shape, state.context(), details));
  if (!readable) {
    // It was readable a moment ago.
    overview.points.clear();
    RETURN_IF_ERROR(state.Miss(std::move(readable).error()));
  }
  return overview;
}

}  // namespace spoor
