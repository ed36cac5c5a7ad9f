// Page tokens: where a page of a list ended, as a text that clients hand back to go on behind it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/trace_rank.h"

namespace spoor::query {

// 51 characters that need no escaping in a URL. What they stand for is nobody's business but ours.
std::string PageToken(TraceOrder order, const TraceRank& last);

// kInvalid, with the reason, for what PageToken has not given out for `order`.
Result<TraceRank> ParsePageToken(std::string_view token, TraceOrder order);

}  // namespace spoor::query
