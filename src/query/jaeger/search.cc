#include "query/jaeger/search.h"

#include <fmt/format.h>

#include <limits>

#include "base/limits.h"
#include "query/jaeger/go_duration.h"
#include "query/jaeger/search_conditions.h"
#include "query/jaeger/tag_filter.h"

namespace spoor::jaeger {
namespace {

constexpr int64_t kLookbackDefaultNs = int64_t{48} * 3'600'000'000'000;

uint64_t MicrosToNanos(int64_t us) {
  if (us <= 0) return 0;
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  return static_cast<uint64_t>(us) > kMax / 1000 ? kMax : static_cast<uint64_t>(us) * 1000;
}

Result<std::optional<int64_t>> OptionalInteger(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  if (text.empty()) return std::optional<int64_t>();
  ASSIGN_OR_RETURN(const int64_t number, ParseOr(name, text, int64_t{0}, ParseInteger));
  return std::optional(number);
}

Result<std::optional<int64_t>> OptionalDuration(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  if (text.empty()) return std::optional<int64_t>();
  ASSIGN_OR_RETURN(const int64_t ns, ParseOr(name, text, int64_t{0}, ParseGoDuration));
  return std::optional(ns);
}

Result<int64_t> LookbackNs(const Parameters& parameters) {
  ASSIGN_OR_RETURN(std::string_view text, parameters.One("lookback"));
  if (text == "custom") text = "";
  ASSIGN_OR_RETURN(const int64_t ns, ParseOr("lookback", text, kLookbackDefaultNs, ParseLookback));
  if (ns < 0) return Invalid("invalid parameter: lookback must not be negative");
  return ns;
}

Status ParseWindow(const Parameters& parameters, uint64_t now_ns, SearchPlan& plan) {
  ASSIGN_OR_RETURN(const auto start_us, OptionalInteger(parameters, "start"));
  ASSIGN_OR_RETURN(const auto end_us, OptionalInteger(parameters, "end"));
  if (start_us && end_us && *start_us > *end_us) {
    return Invalid("invalid parameter: start time must be before end time");
  }
  if (end_us) plan.start_max_ns = MicrosToNanos(*end_us);
  if (start_us) {
    plan.start_min_ns = MicrosToNanos(*start_us);
    return {};
  }
  ASSIGN_OR_RETURN(const int64_t lookback_ns, LookbackNs(parameters));
  // Looking back counts from the end that was asked for; that way an old end alone is a question that can be answered.
  const uint64_t from_ns = end_us ? std::min(plan.start_max_ns, now_ns) : now_ns;
  const auto back_ns = static_cast<uint64_t>(lookback_ns);
  plan.start_min_ns = from_ns > back_ns ? from_ns - back_ns : 0;
  return {};
}

Status ParseTags(const Parameters& parameters, Conditions& conditions) {
  for (const std::string_view text : parameters.All("tag")) {
    if (text.empty()) continue;
    ASSIGN_OR_RETURN(auto tag, ParseTag(text));
    conditions.tags.push_back(std::move(tag));
  }
  for (const std::string_view text : parameters.All("tags")) {
    if (text.empty()) continue;
    auto tags = ParseTagsJson(text);
    if (!tags) return tags.error().Within("malformed 'tags' parameter, cannot unmarshal JSON");
    for (auto& tag : *tags) conditions.tags.push_back(std::move(tag));
  }
  return {};
}

Result<Filter> ParseFilter(const Parameters& parameters) {
  Conditions conditions;
  ASSIGN_OR_RETURN(conditions.service, parameters.One("service"));
  ASSIGN_OR_RETURN(conditions.operation, parameters.One("operation"));
  ASSIGN_OR_RETURN(conditions.duration_min_ns, OptionalDuration(parameters, "minDuration"));
  ASSIGN_OR_RETURN(conditions.duration_max_ns, OptionalDuration(parameters, "maxDuration"));
  RETURN_IF_ERROR(ParseTags(parameters, conditions));
  return FilterOf(std::move(conditions), "minDuration", "maxDuration");
}

}  // namespace

Result<Search> ParseSearch(const Parameters& parameters, uint64_t now_ns) {
  Search search;
  RETURN_IF_ERROR(ParseWindow(parameters, now_ns, search.plan));
  ASSIGN_OR_RETURN(search.plan.filter, ParseFilter(parameters));
  ASSIGN_OR_RETURN(const auto limit, OptionalInteger(parameters, "limit"));
  ASSIGN_OR_RETURN(search.plan.limit, CheckLimit(limit.value_or(limits::kSearchLimitDefault), "limit"));
  ASSIGN_OR_RETURN(const std::string_view raw, parameters.One("raw"));
  ASSIGN_OR_RETURN(search.raw, ParseOr("raw", raw, false, ParseBool));
  for (const std::string_view text : parameters.All("traceID")) {
    auto id = ParseTraceIdParameter(text);
    if (!id) return id.error().Within("cannot parse traceID param");
    search.trace_ids.push_back(*id);
  }
  return search;
}

}  // namespace spoor::jaeger
