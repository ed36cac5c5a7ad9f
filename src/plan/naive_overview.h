// The naive overview: slow and plain; tests compare others with it. Test support: the server does not use it.
#pragma once

#include <vector>

#include "model/trace.h"
#include "plan/overview.h"

namespace spoor {

Overview NaiveOverview(const std::vector<TraceSummary>& traces, const OverviewShape& shape);

}  // namespace spoor
