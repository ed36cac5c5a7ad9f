// Durations as Go writes them (time.ParseDuration): 1.5s, 100ms, 2h45m, 250us.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace spoor::jaeger {

// Nanoseconds. Numbers with a unit (ns, us, µs, ms, s, m, h), one after the other, in front of all a sign; "0" needs no
// unit. Fractions of a nanosecond are cut off. Errors in Go's words: `time: missing unit in duration "20"`.
Result<int64_t> ParseGoDuration(std::string_view text);

// The same with days (d) and weeks (w) besides, as Jaeger's UI says how far it looks back.
Result<int64_t> ParseLookback(std::string_view text);

}  // namespace spoor::jaeger
