#include "query/jaeger/search_conditions.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "query/jaeger/tag_filter.h"

namespace spoor::jaeger {

Result<Filter> FilterOf(Conditions conditions, std::string_view min_name, std::string_view max_name) {
  const auto [min, max] = std::pair(conditions.duration_min_ns, conditions.duration_max_ns);
  for (const auto& [bound, name] : {std::pair(min, min_name), std::pair(max, max_name)}) {
    if (bound && *bound < 0) return Invalid(fmt::format("invalid parameter: {} must not be negative", name));
  }
  if (min && max && *max < *min) return Invalid(fmt::format("'{}' should be greater than '{}'", max_name, min_name));

  AllOf all;
  const auto add = [&all](Intrinsic field, CompareOp op, Literal value) {
    all.filters.push_back(Filter{CompareIntrinsic{field, op, std::move(value)}});
  };
  if (!conditions.service.empty()) add(Intrinsic::kServiceName, CompareOp::kEqual, std::string(conditions.service));
  if (!conditions.operation.empty()) add(Intrinsic::kName, CompareOp::kEqual, std::string(conditions.operation));
  if (min && *min > 0) add(Intrinsic::kDurationNs, CompareOp::kGreaterEqual, *min);
  if (max) add(Intrinsic::kDurationNs, CompareOp::kLessEqual, *max);
  for (auto& [key, value] : conditions.tags) all.filters.push_back(TagFilter(std::move(key), std::move(value)));
  return Filter{std::move(all)};
}

Result<uint32_t> CheckLimit(int64_t number, std::string_view name) {
  if (number <= 0) return Invalid(fmt::format("invalid parameter: {} must be greater than 0", name));
  if (number > limits::kSearchLimitMax) {
    return Invalid(fmt::format("invalid parameter: {} must not be greater than {}", name, limits::kSearchLimitMax));
  }
  return static_cast<uint32_t>(number);
}

}  // namespace spoor::jaeger
