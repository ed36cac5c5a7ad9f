// One span with everything that was sent, in the JSON of docs/api/spoor.md.
#pragma once

#include <string>

#include "model/trace.h"

namespace spoor::api {

std::string SpanJson(const Trace& trace, const TraceSpan& span);

}  // namespace spoor::api
