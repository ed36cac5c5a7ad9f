// Ids as hex, appended without a string of their own.
#pragma once

#include <string>

#include "model/ids.h"

namespace spoor::api {

// 16 lower-case digits.
inline void AppendSpanId(std::string& out, SpanId id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  char text[16];
  for (int i = 15; i >= 0; --i, id >>= 4) text[i] = kDigits[id & 15];
  out.append(text, sizeof text);
}

}  // namespace spoor::api
