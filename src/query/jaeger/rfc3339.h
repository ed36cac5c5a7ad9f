// Times as RFC 3339 writes them: 2026-01-31T08:12:42.123456789Z, 2026-01-31T09:12:42+01:00.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace spoor::jaeger {

// Nanoseconds since 1970; times before read as 0, times after year 2554 as the largest number. Digits beyond the
// nanosecond are cut off. A space before the offset is a '+' that was not encoded in the query string.
Result<uint64_t> ParseRfc3339(std::string_view text);

}  // namespace spoor::jaeger
