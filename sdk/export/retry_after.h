// The pause that a receiver asks for: HTTP's Retry-After header (RFC 9110, 10.2.3).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace spoor::trace {

// From "120" or "Fri, 31 Dec 1999 23:59:59 GMT", which is seen from `now`. Nothing where it is neither; a date that has
// passed asks for no pause.
std::optional<std::chrono::seconds> ReadRetryAfter(std::string_view header,
                                                   std::chrono::system_clock::time_point now) noexcept;

}  // namespace spoor::trace
