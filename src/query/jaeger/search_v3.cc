#include <fmt/format.h>

#include "base/limits.h"
#include "query/jaeger/go_duration.h"
#include "query/jaeger/rfc3339.h"
#include "query/jaeger/search.h"
#include "query/jaeger/search_conditions.h"
#include "query/jaeger/tag_filter.h"

namespace spoor::jaeger {
namespace {

// A parameter under whichever of its names it stands, the first of them first.
struct Named {
  std::string_view name;
  std::string_view text;
};

Result<Named> Find(const Parameters& parameters, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
    if (!text.empty()) return Named{name, text};
  }
  return Named{*names.begin(), ""};
}

Error Malformed(std::string_view name, const Error& error) {
  return Invalid(fmt::format("malformed parameter {}: {}", name, error.message));
}

Result<std::optional<int64_t>> Duration(const Parameters& parameters, std::string_view name, std::string_view alias) {
  ASSIGN_OR_RETURN(const Named found, Find(parameters, {name, alias}));
  if (found.text.empty()) return std::optional<int64_t>();
  const auto ns = ParseGoDuration(found.text);
  if (!ns) return Malformed(found.name, ns.error());
  return std::optional(*ns);
}

Status ParseWindow(const Parameters& parameters, SearchPlan& plan) {
  ASSIGN_OR_RETURN(const Named min, Find(parameters, {"query.startTimeMin", "query.start_time_min"}));
  ASSIGN_OR_RETURN(const Named max, Find(parameters, {"query.startTimeMax", "query.start_time_max"}));
  if (min.text.empty() || max.text.empty()) {
    return Invalid("query.startTimeMin and query.startTimeMax are required");
  }
  const auto start_min_ns = ParseRfc3339(min.text);
  if (!start_min_ns) return Malformed(min.name, start_min_ns.error());
  const auto start_max_ns = ParseRfc3339(max.text);
  if (!start_max_ns) return Malformed(max.name, start_max_ns.error());
  if (*start_min_ns >= *start_max_ns) return Invalid(fmt::format("{} must be before {}", min.name, max.name));
  plan.start_min_ns = *start_min_ns;
  plan.start_max_ns = *start_max_ns;
  return {};
}

Result<uint32_t> ParseDepth(const Parameters& parameters) {
  ASSIGN_OR_RETURN(const Named depth,
                   Find(parameters, {"query.searchDepth", "query.search_depth", "query.num_traces"}));
  if (depth.text.empty()) return uint32_t{limits::kSearchLimitDefault};
  const auto number = ParseInteger(depth.text);
  if (!number) return Malformed(depth.name, number.error());
  return CheckLimit(*number, depth.name);
}

Result<Filter> ParseFilter(const Parameters& parameters) {
  Conditions conditions;
  ASSIGN_OR_RETURN(const Named service, Find(parameters, {"query.serviceName", "query.service_name"}));
  ASSIGN_OR_RETURN(const Named operation, Find(parameters, {"query.operationName", "query.operation_name"}));
  conditions.service = service.text;
  conditions.operation = operation.text;
  ASSIGN_OR_RETURN(conditions.duration_min_ns, Duration(parameters, "query.durationMin", "query.duration_min"));
  ASSIGN_OR_RETURN(conditions.duration_max_ns, Duration(parameters, "query.durationMax", "query.duration_max"));
  ASSIGN_OR_RETURN(const std::string_view attributes, parameters.One("query.attributes"));
  if (!attributes.empty()) {
    auto tags = ParseTagsJson(attributes);
    if (!tags) return Malformed("query.attributes", tags.error());
    conditions.tags = *std::move(tags);
  }
  return FilterOf(std::move(conditions), "query.durationMin", "query.durationMax");
}

// What Jaeger knows and Spoor does not must not be passed over: the answer would be to another question.
Status RefuseUnsupported(const Parameters& parameters) {
  for (const std::string_view name : {"query.filter", "query.pagination.pageToken"}) {
    ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
    if (!text.empty()) return Invalid(fmt::format("parameter {} is not supported", name));
  }
  return {};
}

}  // namespace

Result<Search> ParseSearchV3(const Parameters& parameters) {
  Search search;
  RETURN_IF_ERROR(RefuseUnsupported(parameters));
  RETURN_IF_ERROR(ParseWindow(parameters, search.plan));
  ASSIGN_OR_RETURN(search.plan.filter, ParseFilter(parameters));
  ASSIGN_OR_RETURN(search.plan.limit, ParseDepth(parameters));
  ASSIGN_OR_RETURN(const Named raw, Find(parameters, {"query.rawTraces", "query.raw_traces"}));
  if (raw.text.empty()) return search;
  const auto value = ParseBool(raw.text);
  if (!value) return Malformed(raw.name, value.error());
  search.raw = *value;
  return search;
}

}  // namespace spoor::jaeger
