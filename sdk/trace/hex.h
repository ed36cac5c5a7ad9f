// Lower-case hexadecimal, as trace context writes ids.
#pragma once

#include <cstdint>
#include <string_view>

namespace spoor::trace {

// 16 digits.
inline void WriteHex64(char* out, uint64_t value) noexcept {
  for (int i = 15; i >= 0; --i) {
    out[i] = "0123456789abcdef"[value & 15];
    value >>= 4;
  }
}

// False where `text` is not exactly 1 to 16 lower-case digits.
inline bool ReadHex64(std::string_view text, uint64_t& value) noexcept {
  if (text.empty() || text.size() > 16) return false;
  value = 0;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    value = value << 4 | static_cast<uint64_t>(digit);
  }
  return true;
}

}  // namespace spoor::trace
