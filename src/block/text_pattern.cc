#include "block/text_pattern.h"

#include <array>
#include <charconv>
#include <utility>

namespace spoor {
namespace {

constexpr uint8_t kNoDigit = 0xFF;
constexpr size_t kDecimalDigitsMax = 20;  // of 64 bits

constexpr std::array<uint8_t, 256> MakeDigits(char ten) {
  std::array<uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (uint8_t i = 0; i < 10; ++i) digits['0' + i] = i;
  for (uint8_t i = 0; i < 6; ++i) digits[static_cast<uint8_t>(ten) + i] = static_cast<uint8_t>(10 + i);
  return digits;
}
// By case, as patterns name it.
constexpr std::array<std::array<uint8_t, 256>, 2> kDigits = {MakeDigits('a'), MakeDigits('A')};

// What characters of a position have in common, as bits.
constexpr uint8_t kFitsLower = 1;
constexpr uint8_t kFitsUpper = 2;
constexpr std::array<uint8_t, 256> MakeFits() {
  std::array<uint8_t, 256> fits{};
  for (int c = 0; c < 256; ++c) {
    const bool lower = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    const bool upper = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    fits[static_cast<size_t>(c)] = static_cast<uint8_t>((lower ? kFitsLower : 0) | (upper ? kFitsUpper : 0));
  }
  return fits;
}

}  // namespace

std::optional<HexPattern> HexPattern::Of(std::span<const std::string_view> texts) {
  static constexpr std::array<uint8_t, 256> kFits = MakeFits();
  const std::string_view first = texts[0];
  std::vector<uint8_t> fits(first.size(), kFitsLower | kFitsUpper);
  std::vector<uint8_t> differs(first.size(), 0);
  for (const std::string_view text : texts) {
    for (size_t i = 0; i < first.size(); ++i) {
      fits[i] &= kFits[static_cast<uint8_t>(text[i])];
      differs[i] |= static_cast<uint8_t>(text[i] ^ first[i]);
    }
  }
  std::string characters(first);
  bool has_digits = false;
  for (size_t i = 0; i < first.size(); ++i) {
    if (differs[i] == 0) {
      if (first[i] == kLower || first[i] == kUpper) return std::nullopt;
      continue;
    }
    if (fits[i] == 0) return std::nullopt;
    characters[i] = (fits[i] & kFitsLower) != 0 ? kLower : kUpper;
    has_digits = true;
  }
  if (!has_digits) return std::nullopt;
  return HexPattern(std::move(characters));
}

HexPattern::HexPattern(std::string characters) : characters_(std::move(characters)) {
  for (uint32_t i = 0; i < characters_.size(); ++i) {
    const bool is_digit = characters_[i] == kLower || characters_[i] == kUpper;
    (is_digit ? places_ : fixed_).push_back(i);
  }
}

bool HexPattern::Pack(std::span<const std::string_view> texts, std::byte* out) const {
  uint32_t pending = 1;  // a digit that waits for its neighbour stands behind the 1
  uint8_t any = 0;       // bits of all digits: more than four where one is none
  for (const std::string_view text : texts) {
    for (const uint32_t place : places_) {
      const uint8_t digit = kDigits[static_cast<uint8_t>(characters_[place])][static_cast<uint8_t>(text[place])];
      any |= digit;
      pending = pending << 4 | (digit & 0xF);
      if (pending < 0x100) continue;
      *out++ = static_cast<std::byte>(pending);
      pending = 1;
    }
    for (const uint32_t place : fixed_) {
      if (text[place] != characters_[place]) return false;
    }
  }
  if (pending > 1) *out = static_cast<std::byte>(pending << 4);
  return any <= 0xF;
}

void HexPattern::Unpack(std::span<const std::byte> packed, size_t count, char* out) const {
  static constexpr std::string_view kLowerDigits = "0123456789abcdef";
  static constexpr std::string_view kUpperDigits = "0123456789ABCDEF";
  size_t digit = 0;
  for (size_t text = 0; text < count; ++text, out += characters_.size()) {
    characters_.copy(out, characters_.size());
    for (const uint32_t place : places_) {
      const auto both = std::to_integer<uint8_t>(packed[digit / 2]);
      const uint8_t value = digit % 2 == 0 ? both >> 4 : both & 0xF;
      out[place] = (characters_[place] == kLower ? kLowerDigits : kUpperDigits)[value];
      ++digit;
    }
  }
}

std::optional<uint64_t> ParseDecimal(std::string_view text) {
  if (text.empty() || text.size() > kDecimalDigitsMax || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  uint64_t number = 0;
  for (const char c : text) {
    const auto digit = static_cast<uint8_t>(c - '0');
    if (digit > 9) return std::nullopt;
    if (__builtin_mul_overflow(number, uint64_t{10}, &number) || __builtin_add_overflow(number, digit, &number)) {
      return std::nullopt;
    }
  }
  return number;
}

void AppendDecimal(uint64_t number, std::vector<char>& out) {
  std::array<char, kDecimalDigitsMax> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.insert(out.end(), text.data(), end);
}

std::optional<uint32_t> ParseIpv4(std::string_view text) {
  uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || dot > 3) return std::nullopt;
    const std::optional<uint64_t> number = ParseDecimal(text.substr(0, dot));
    if (!number || *number > 255) return std::nullopt;
    address = address << 8 | static_cast<uint32_t>(*number);
    text.remove_prefix(part < 3 ? dot + 1 : dot);
  }
  return address;
}

void AppendIpv4(uint32_t address, std::vector<char>& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    AppendDecimal(address >> shift & 0xFF, out);
    if (shift > 0) out.push_back('.');
  }
}

}  // namespace spoor
