// Percent-encoding (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace spoor {

struct PercentDecoded {
  std::string text;   // malformed escapes stand in it as they were
  bool valid = true;  // no escape was malformed
};

enum class PlusIs { kPlus, kSpace };  // a space in queries and forms

PercentDecoded PercentDecode(std::string_view text, PlusIs plus);

}  // namespace spoor
