// Pruning: whether a set of spans, of which only its dictionary is known, can be left out of a search.
#pragma once

#include <functional>
#include <string_view>

#include "plan/filter.h"

namespace spoor {

// What is known of a set of spans without reading them. May say yes wrongly, never no.
struct TextKnowledge {
  // Whether the text stands anywhere in the spans: as key, value or field.
  std::function<bool(std::string_view)> may_hold_text;
  // Whether an attribute of that key may have a value of another type than string; where it is not there, it may.
  std::function<bool(std::string_view)> may_hold_other_types = nullptr;
};

// False where no span of the set can fulfil `filter`.
bool MayMatch(const Filter& filter, const TextKnowledge& knowledge);

}  // namespace spoor
