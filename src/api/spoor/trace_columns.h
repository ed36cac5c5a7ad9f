// A trace as binary columns for the browser: docs/formats/trace_columns.md, version 1.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/trace.h"

namespace spoor::api {

// With the critical path. `colour_of`: the colour index of a service. kTooLarge where a count or the text passes 32
// bits.
Result<std::string> EncodeTraceColumns(const Trace& trace, const std::function<uint32_t(std::string_view)>& colour_of);

}  // namespace spoor::api
