// The answer of /overview.
#pragma once

#include <string>

#include "plan/trace_store.h"

namespace spoor::api {

// Colours are those of `store`.
std::string OverviewJson(const Overview& overview, const OverviewShape& shape, TraceStore& store);

}  // namespace spoor::api
