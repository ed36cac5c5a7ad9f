#include "query/spoor/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "query/jaeger/go_duration.h"
#include "query/jaeger/search.h"
#include "query/spoor/page_token.h"

namespace spoor::query {
namespace {

using jaeger::Parameters;

constexpr std::array<std::pair<std::string_view, TraceOrder>, 5> kOrders{{{"newest", TraceOrder::kNewest},
                                                                          {"longest", TraceOrder::kLongest},
                                                                          {"shortest", TraceOrder::kShortest},
                                                                          {"most-spans", TraceOrder::kMostSpans},
                                                                          {"most-errors", TraceOrder::kMostErrors}}};

Result<TraceOrder> ParseOrder(const Parameters& parameters) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One("order"));
  if (text.empty()) return TraceOrder::kNewest;
  for (const auto& [name, order] : kOrders) {
    if (text == name) return order;
  }
  return Invalid("parameter 'order' must be newest, longest, shortest, most-spans or most-errors");
}

Result<bool> ParseSwitch(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  return jaeger::ParseOr(name, text, false, jaeger::ParseBool);
}

Result<uint64_t> ParseNanos(std::string_view text) {
  uint64_t ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ns);
  if (error == std::errc() && end == text.data() + text.size()) return ns;
  return Invalid(fmt::format("\"{}\" is no count of nanoseconds since 1970", text));
}

Result<uint64_t> ParseDuration(std::string_view text) {
  ASSIGN_OR_RETURN(const int64_t ns, jaeger::ParseGoDuration(text));
  if (ns < 0) return Invalid("a duration must not be negative");
  return static_cast<uint64_t>(ns);
}

template <class Parse>
Status ParseBounds(const Parameters& parameters, std::string_view min_name, std::string_view max_name, Parse parse,
                   uint64_t& min, uint64_t& max) {
  ASSIGN_OR_RETURN(const std::string_view min_text, parameters.One(min_name));
  ASSIGN_OR_RETURN(min, jaeger::ParseOr(min_name, min_text, min, parse));
  ASSIGN_OR_RETURN(const std::string_view max_text, parameters.One(max_name));
  ASSIGN_OR_RETURN(max, jaeger::ParseOr(max_name, max_text, max, parse));
  if (min > max) return Invalid(fmt::format("'{}' must not be greater than '{}'", min_name, max_name));
  return {};
}

Status ParseConditions(const Parameters& parameters, TraceConditions& conditions) {
  RETURN_IF_ERROR(ParseBounds(parameters, "traceDurationMin", "traceDurationMax", ParseDuration,
                              conditions.duration_min_ns, conditions.duration_max_ns));
  RETURN_IF_ERROR(ParseBounds(parameters, "traceStartMin", "traceStartMax", ParseNanos, conditions.start_min_ns,
                              conditions.start_max_ns));
  ASSIGN_OR_RETURN(conditions.with_errors, ParseSwitch(parameters, "traceErrors"));
  ASSIGN_OR_RETURN(conditions.root_missing, ParseSwitch(parameters, "rootMissing"));
  ASSIGN_OR_RETURN(const std::string_view root_service, parameters.One("rootService"));
  if (!root_service.empty()) conditions.root_service = std::string(root_service);
  return {};
}

// A number between `min` and `max`.
Result<uint32_t> ParseCount(const Parameters& parameters, std::string_view name, uint32_t min, uint32_t max,
                            uint32_t otherwise) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  ASSIGN_OR_RETURN(const int64_t number, jaeger::ParseOr(name, text, int64_t{otherwise}, jaeger::ParseInteger));
  if (number < min || number > max) {
    return Invalid(fmt::format("parameter '{}' must be between {} and {}", name, min, max));
  }
  return static_cast<uint32_t>(number);
}

Result<bool> IsGiven(const Parameters& parameters, std::string_view name) {
  ASSIGN_OR_RETURN(const std::string_view text, parameters.One(name));
  return !text.empty();
}

// What the columns cut: the window that was asked for, up to now where only its start was. A start of 0 asks for any
// time, and no picture has to begin in 1970.
Status ParseColumnWindow(const Parameters& parameters, const SearchPlan& plan, uint64_t now_ns, OverviewShape& shape) {
  const TraceConditions& traces = plan.conditions;
  ASSIGN_OR_RETURN(const bool has_start, IsGiven(parameters, "start"));
  ASSIGN_OR_RETURN(const bool has_lookback, IsGiven(parameters, "lookback"));
  if ((has_start || has_lookback) && plan.start_min_ns > 0) {
    shape.start_ns = plan.start_min_ns;
    shape.end_ns = std::max(now_ns, plan.start_min_ns);
  }
  if (plan.start_max_ns != UINT64_MAX) shape.end_ns = plan.start_max_ns;
  if (traces.start_min_ns > 0) shape.start_ns = std::max(shape.start_ns.value_or(0), traces.start_min_ns);
  if (traces.start_max_ns < UINT64_MAX) {
    shape.end_ns = std::min(shape.end_ns.value_or(UINT64_MAX), traces.start_max_ns);
  }
  return {};
}

}  // namespace

Result<Search> ParseSearch(const Parameters& parameters, uint64_t now_ns) {
  ASSIGN_OR_RETURN(jaeger::Search base, jaeger::ParseSearch(parameters, now_ns));
  Search search{.plan = std::move(base.plan), .trace_ids = std::move(base.trace_ids)};
  RETURN_IF_ERROR(ParseConditions(parameters, search.plan.conditions));
  ASSIGN_OR_RETURN(search.plan.order, ParseOrder(parameters));
  ASSIGN_OR_RETURN(const std::string_view after, parameters.One("after"));
  if (!after.empty()) {
    ASSIGN_OR_RETURN(search.plan.after, ParsePageToken(after, search.plan.order));
  }
  ASSIGN_OR_RETURN(search.plan.count, ParseSwitch(parameters, "count"));
  ASSIGN_OR_RETURN(search.critical_path, ParseSwitch(parameters, "criticalPath"));
  return search;
}

Result<OverviewQuestion> ParseOverview(const Parameters& parameters, uint64_t now_ns) {
  ASSIGN_OR_RETURN(jaeger::Search base, jaeger::ParseSearch(parameters, now_ns));
  OverviewQuestion question{.plan = std::move(base.plan)};
  RETURN_IF_ERROR(ParseConditions(parameters, question.plan.conditions));
  OverviewShape& shape = question.shape;
  ASSIGN_OR_RETURN(shape.columns, ParseCount(parameters, "columns", 1, limits::kOverviewColumnsMax, shape.columns));
  ASSIGN_OR_RETURN(shape.rows, ParseCount(parameters, "rows", 1, limits::kOverviewRowsMax, shape.rows));
  ASSIGN_OR_RETURN(shape.points, ParseCount(parameters, "points", 0, limits::kOverviewPointsMax, shape.points));
  RETURN_IF_ERROR(ParseColumnWindow(parameters, question.plan, now_ns, shape));
  return question;
}

}  // namespace spoor::query
