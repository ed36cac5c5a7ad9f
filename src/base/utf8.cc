#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace spoor {
namespace {

// The range that the second byte may have after `lead`, by which overlong forms, surrogates and everything past
// U+10FFFF are kept out; and how many bytes follow the lead.
struct Lead {
  uint8_t following;  // 0: no lead byte
  uint8_t low;
  uint8_t high;
};

Lead ReadLead(uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1, 0x80, 0xBF};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2, 0x80, 0xBF};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3, 0x80, 0xBF};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

// How many bytes at the start of `text` could begin a sequence, and how many it would take.
struct Prefix {
  size_t matched;
  size_t needed;
};

Prefix MatchPrefix(std::string_view text) {
  if (text.empty()) return {0, 1};
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return {1, 1};
  const Lead lead = ReadLead(first);
  if (lead.following == 0) return {0, 1};
  size_t matched = 1;
  for (; matched <= lead.following && matched < text.size(); ++matched) {
    const auto byte = static_cast<uint8_t>(text[matched]);
    const uint8_t low = matched == 1 ? lead.low : 0x80;
    const uint8_t high = matched == 1 ? lead.high : 0xBF;
    if (byte < low || byte > high) break;
  }
  return {matched, lead.following + size_t{1}};
}

}  // namespace

size_t Utf8SequenceLength(std::string_view text) {
  const Prefix prefix = MatchPrefix(text);
  return prefix.matched == prefix.needed ? prefix.needed : 0;
}

size_t Utf8InvalidLength(std::string_view text) {
  const size_t matched = MatchPrefix(text).matched;
  return matched == 0 ? 1 : matched;
}

bool IsUtf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8) {
      uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof(word));
      if ((word & 0x8080808080808080u) == 0) {
        at += 8;
        continue;
      }
    }
    const size_t length = Utf8SequenceLength(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string ToUtf8(std::string_view text) {
  if (IsUtf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    size_t length = Utf8SequenceLength(text);
    if (length != 0) {
      out.append(text.substr(0, length));
    } else {
      length = Utf8InvalidLength(text);
      out += kUtf8Replacement;
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace spoor
