// The trace that a path under /traces/{traceID} names.
#pragma once

#include "api/request.h"
#include "model/trace.h"

namespace spoor::api {

// kInvalid for what is no id, kNotFound with the id in the message.
Result<Trace> TraceOf(Request& request);

}  // namespace spoor::api
