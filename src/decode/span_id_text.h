// Ids as hexadecimal text of full length: what JSON formats send.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/ids.h"

namespace spoor {

namespace hex_digits {
// The value of a hexadecimal digit of either case; 0xFF for all others.
inline constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  values.fill(0xFF);
  for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<uint8_t>(i);
  for (int i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = static_cast<uint8_t>(10 + i);
  return values;
}();
}  // namespace hex_digits

// Reads exactly 16 digits. False, with `id` as it was, for anything else.
inline bool ReadHexId(std::string_view text, SpanId& id) {
  if (text.size() != 16) return false;
  uint64_t number = 0;
  uint8_t bad = 0;
  for (const char c : text) {
    const uint8_t digit = hex_digits::kValues[static_cast<uint8_t>(c)];
    bad |= digit;
    number = number << 4 | (digit & 15);
  }
  if (bad > 15) return false;
  id = number;
  return true;
}

// The same for 32 digits.
inline bool ReadHexId(std::string_view text, TraceId& id) {
  TraceId read;
  if (text.size() != 32 || !ReadHexId(text.substr(0, 16), read.high) || !ReadHexId(text.substr(16), read.low)) {
    return false;
  }
  id = read;
  return true;
}

}  // namespace spoor
