// Reading OTEL_* variables: an empty one is one that is not set; what cannot be understood is said once and counts as
// not set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::trace::environment {

// "" where it is not set. Spaces around it are cut.
std::string Text(const char* name);
// The text of one that names something: case does not count, so it comes in lower case.
std::string Word(const char* name);
// Of a list of such, separated by commas: each once, in its order, but "none".
std::vector<std::string> Words(const char* name, const char* otherwise);
// True only for "true", in any case. What is neither that nor "false" is said.
bool IsTrue(const char* name);
// A whole number from 0 on.
std::optional<uint64_t> Number(const char* name);
std::optional<double> Real(const char* name);

// "%20" to " ". Nothing where a percent sign is not followed by two hex digits.
std::optional<std::string> PercentDecode(std::string_view text);
std::string_view Trim(std::string_view text);

}  // namespace spoor::trace::environment
