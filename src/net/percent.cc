#include "net/percent.h"

namespace spoor {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

PercentDecoded PercentDecode(std::string_view text, PlusIs plus) {
  PercentDecoded decoded;
  decoded.text.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = text.size() - i > 2 ? HexDigit(text[i + 1]) : -1;
      const int low = text.size() - i > 2 ? HexDigit(text[i + 2]) : -1;
      if (high >= 0 && low >= 0) {
        decoded.text.push_back(static_cast<char>(high << 4 | low));
        i += 2;
        continue;
      }
      decoded.valid = false;
    }
    decoded.text.push_back(text[i] == '+' && plus == PlusIs::kSpace ? ' ' : text[i]);
  }
  return decoded;
}

}  // namespace spoor
