#include "base/base64.h"

#include <array>
#include <cstdint>

namespace spoor {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> kValues = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kAlphabet.size(); ++i) values[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  values['-'] = values['+'];
  values['_'] = values['/'];
  return values;
}();

}  // namespace

void AppendBase64(std::string& out, std::string_view bytes) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  size_t at = 0;
  const auto byte = [&bytes](size_t i) { return i < bytes.size() ? uint32_t{static_cast<uint8_t>(bytes[i])} : 0; };
  for (; at < bytes.size(); at += 3) {
    const uint32_t group = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    out.push_back(kAlphabet[group >> 18]);
    out.push_back(kAlphabet[group >> 12 & 63]);
    out.push_back(at + 1 < bytes.size() ? kAlphabet[group >> 6 & 63] : '=');
    out.push_back(at + 2 < bytes.size() ? kAlphabet[group & 63] : '=');
  }
}

bool DecodeBase64(std::string_view text, std::string& out) {
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return false;
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  if (text.size() % 4 == 1) return false;
  const size_t size_before = out.size();
  out.reserve(size_before + text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  int bits_count = 0;
  for (const char c : text) {
    const int8_t value = kValues[static_cast<uint8_t>(c)];
    if (value < 0) {
      out.resize(size_before);
      return false;
    }
    bits = bits << 6 | static_cast<uint32_t>(value);
    bits_count += 6;
    if (bits_count >= 8) {
      bits_count -= 8;
      out.push_back(static_cast<char>(bits >> bits_count & 0xFF));
    }
  }
  return true;
}

}  // namespace spoor
