// Reading OTEL_* variables: an empty one is one that is not set; what cannot be understood is said once and counts as
// not set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor::trace::environment {

// "" where it is not set. Spaces around it are cut.
std::string Text(const char* name);
// True only for "true", in any case.
bool IsTrue(const char* name);
// A whole number from 0 on.
std::optional<uint64_t> Number(const char* name);
std::optional<double> Real(const char* name);

// "%20" to " ". Nothing where a percent sign is not followed by two hex digits.
std::optional<std::string> PercentDecode(std::string_view text);
std::string_view Trim(std::string_view text);

}  // namespace spoor::trace::environment
