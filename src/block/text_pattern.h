// Texts that are really something shorter: hexadecimal ids and UUIDs, decimal numbers, IPv4 addresses. What is
// recognised comes back letter for letter, or it is not recognised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

// What texts of one length have at each position: one character, the same in all of them, or a hexadecimal digit.
class HexPattern {
 public:
  // In a pattern's characters: any of 0-9 and a-f, or any of 0-9 and A-F.
  static constexpr char kLower = 0;
  static constexpr char kUpper = 1;

  // The pattern of `texts`, all of one length; none where a position fits neither, or none holds digits.
  static std::optional<HexPattern> Of(std::span<const std::string_view> texts);
  // The pattern with these characters.
  explicit HexPattern(std::string characters);

  const std::string& characters() const { return characters_; }
  // How many digits each text has.
  size_t digit_count() const { return places_.size(); }

  // Writes the digits of all texts, one behind the other and two a byte, the first in the upper half:
  // (count * digit_count() + 1) / 2 bytes. False where a text does not fit the pattern; each has its length.
  [[nodiscard]] bool Pack(std::span<const std::string_view> texts, std::byte* out) const;
  // The opposite: `count` texts into as many times characters().size() bytes.
  void Unpack(std::span<const std::byte> packed, size_t count, char* out) const;

 private:
  std::string characters_;
  std::vector<uint32_t> places_;  // positions of digits
  std::vector<uint32_t> fixed_;   // all others
};

// The number that `text` is when it is written as this program writes it: no sign, no leading zero.
std::optional<uint64_t> ParseDecimal(std::string_view text);
void AppendDecimal(uint64_t number, std::vector<char>& out);

// The IPv4 address that `text` is, its first part in the highest byte: four decimal numbers as above with dots between.
std::optional<uint32_t> ParseIpv4(std::string_view text);
void AppendIpv4(uint32_t address, std::vector<char>& out);

}  // namespace spoor
