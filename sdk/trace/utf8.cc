#include "trace/utf8.h"

#include <cstdint>
#include <cstring>

namespace spoor::trace {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// How many bytes the character at `text` has; 0 where there is none (RFC 3629: no surrogates, nothing overlong, nothing
// beyond U+10FFFF).
size_t CharacterLength(const unsigned char* text, size_t size) {
  const unsigned char first = text[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size < length) return 0;
  unsigned char low = 0x80, high = 0xBF;  // of the second byte
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  if (text[1] < low || text[1] > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return length;
}

size_t AsciiPrefix(const char* text, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, text + i, 8);
    if ((word & 0x8080808080808080u) != 0) return i;
  }
  for (; i < size; ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return i;
  }
  return i;
}

// The end of the longest valid start.
size_t ValidPrefix(std::string_view text) {
  size_t i = AsciiPrefix(text.data(), text.size());
  while (i < text.size()) {
    const size_t length = CharacterLength(reinterpret_cast<const unsigned char*>(text.data()) + i, text.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

}  // namespace

bool IsUtf8BeyondAscii(std::string_view text) noexcept { return ValidPrefix(text) == text.size(); }

std::string_view AsUtf8(std::string_view text, std::string& scratch) {
  if (IsUtf8(text)) return text;
  size_t valid = ValidPrefix(text);
  scratch.clear();
  while (true) {
    scratch.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return scratch;
    scratch += "\xEF\xBF\xBD";
    text.remove_prefix(1);
    valid = ValidPrefix(text);
  }
}

std::string_view FirstCharacters(std::string_view text, size_t characters_max) noexcept {
  if (text.size() <= characters_max) return text;
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsContinuation(static_cast<unsigned char>(text[i]))) continue;
    if (characters++ == characters_max) return text.substr(0, i);
  }
  return text;
}

}  // namespace spoor::trace
