// Where the time of a trace's root went, as /api/spoor/v1/traces/{id}/critical-path answers it: docs/api/spoor.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/trace.h"

namespace spoor::api {

// `colour_of`: the colour index of a service.
std::string CriticalPathJson(const Trace& trace, const std::function<uint32_t(std::string_view)>& colour_of);

}  // namespace spoor::api
