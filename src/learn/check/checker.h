// The check as a whole: asks the services, looks for the traces of just these requests in the backend, and judges.
#pragma once

#include <stop_token>

#include "learn/check/report.h"
#include "learn/check/settings.h"

namespace spoor::learn {

// Takes as long as the services need to answer, and then until what is needed has arrived or settings.wait is over. A
// stop ends it soon, with a report that is of no use. Thread-safe.
CheckReport RunCheck(const CheckSettings& settings, const std::stop_token& stop);

}  // namespace spoor::learn
