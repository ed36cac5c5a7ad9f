// The conditions that all of Jaeger's searches know, put together to a plan. Used by search.cc and search_v3.cc alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "plan/filter.h"

namespace spoor::jaeger {

struct Conditions {
  std::string_view service;    // "": any
  std::string_view operation;  // "": any
  std::optional<int64_t> duration_min_ns;
  std::optional<int64_t> duration_max_ns;
  std::vector<std::pair<std::string, std::string>> tags;
};

// The filter that asks for all of them. `min_name` and `max_name` are what the caller's protocol calls the durations.
Result<Filter> FilterOf(Conditions conditions, std::string_view min_name, std::string_view max_name);

// `number`, called `name`, as the limit of a search.
Result<uint32_t> CheckLimit(int64_t number, std::string_view name);

}  // namespace spoor::jaeger
