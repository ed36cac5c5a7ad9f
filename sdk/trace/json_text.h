// JSON's way to write text.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "trace/utf8.h"

namespace spoor::trace {

// Behind `out`, with its quotes. What is not UTF-8 is mended.
inline void AppendJsonText(std::string& out, std::string_view text) {
  std::string scratch;
  text = AsUtf8(text, scratch);
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace spoor::trace
