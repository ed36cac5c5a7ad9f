// UTF-8 as protobuf demands it of text fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace spoor::trace {

// For text of any length, also none.
inline bool IsAscii(std::string_view text) noexcept {
  const auto word = [&](size_t at) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, 8);
    return bytes;
  };
  uint64_t seen = 0;
  if (text.size() >= 8) {
    for (size_t at = 0; at + 8 < text.size(); at += 8) seen |= word(at);
    seen |= word(text.size() - 8);  // which may overlap the one before
  } else {
    for (const char c : text) seen |= static_cast<uint8_t>(c);
  }
  return (seen & 0x8080808080808080u) == 0;
}

bool IsUtf8BeyondAscii(std::string_view text) noexcept;
inline bool IsUtf8(std::string_view text) noexcept { return IsAscii(text) || IsUtf8BeyondAscii(text); }

// `text` where it is UTF-8, else `scratch`, which gets it with U+FFFD for each byte that is not.
std::string_view AsUtf8(std::string_view text, std::string& scratch);

// The first `characters_max` characters of UTF-8 text.
std::string_view FirstCharacters(std::string_view text, size_t characters_max) noexcept;

}  // namespace spoor::trace
