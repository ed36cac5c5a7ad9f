// UTF-8: finding out what is valid, and replacing what is not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spoor {

// The length in bytes of the valid UTF-8 sequence at the start of `text` (1 to 4; no surrogates, nothing overlong, at
// most U+10FFFF), or 0 where there is none.
size_t Utf8SequenceLength(std::string_view text);

bool IsUtf8(std::string_view text);

// How many bytes at the start of `text`, which is not valid there, one U+FFFD replaces: the longest beginning of a
// valid sequence, else one byte (the practice that Unicode recommends and browsers follow).
size_t Utf8InvalidLength(std::string_view text);

// `text` with everything replaced that is not UTF-8.
std::string ToUtf8(std::string_view text);

inline constexpr std::string_view kUtf8Replacement = "\xEF\xBF\xBD";

}  // namespace spoor
