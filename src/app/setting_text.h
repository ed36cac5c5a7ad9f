// What people write as a setting, and what it means; and what they meant where they misspelt it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

// "7d", "36h", "1d12h", "90s", "1.5h", "250ms"; units d, h, m, s, ms. Errors say what a duration looks like.
Result<std::chrono::nanoseconds> ParseDuration(std::string_view text);

// "512MiB", "20GB", "1.5GiB", "1048576"; KiB to TiB are powers of 1024, kB (KB) to TB of 1000.
Result<uint64_t> ParseBytes(std::string_view text);

// A port number, with 0 for a free one, or "off", which is nothing.
Result<std::optional<uint16_t>> ParsePort(std::string_view text);

// The candidate that takes the fewest changed, added, missing or swapped letters to get from `text`, if it is not so
// many that it can hardly be meant. Empty where there is none.
std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates);

// "; did you mean X?", or nothing where nothing is near.
std::string Suggestion(std::string_view text, std::span<const std::string_view> candidates);

}  // namespace spoor
