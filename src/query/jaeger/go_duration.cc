#include "query/jaeger/go_duration.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>

namespace spoor::jaeger {
namespace {

using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  uint64_t ns;
};

constexpr uint64_t kHour = 3'600'000'000'000;
constexpr std::array kUnits = {
    Unit{"ns", 1},         Unit{"us", 1'000},         Unit{"\u00b5s", 1'000},    Unit{"\u03bcs", 1'000},
    Unit{"ms", 1'000'000}, Unit{"s", 1'000'000'000},  Unit{"m", 60'000'000'000}, Unit{"h", kHour},
    Unit{"d", 24 * kHour}, Unit{"w", 7 * 24 * kHour},
};
constexpr std::span<const Unit> kGoUnits(kUnits.data(), kUnits.size() - 2);
constexpr Wide kMax = INT64_MAX;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the start of `rest` as a whole number, and how many they are. Beyond kMax it stays there.
struct Digits {
  Wide value = 0;
  double scale = 1;  // ten to the power of their number, as far as they count
  int count = 0;
};
Digits TakeWhole(std::string_view& rest) {
  Digits digits;
  for (; !rest.empty() && IsDigit(rest[0]); rest.remove_prefix(1), ++digits.count) {
    digits.value = digits.value * 10 + static_cast<Wide>(rest[0] - '0');
    if (digits.value > kMax) digits.value = kMax + 1;
  }
  return digits;
}
Digits TakeFraction(std::string_view& rest) {
  Digits digits;
  for (; !rest.empty() && IsDigit(rest[0]); rest.remove_prefix(1), ++digits.count) {
    if (digits.value > kMax / 10) continue;  // below what the largest unit can show
    digits.value = digits.value * 10 + static_cast<Wide>(rest[0] - '0');
    digits.scale *= 10;
  }
  return digits;
}

std::string_view TakeUnit(std::string_view& rest) {
  size_t length = 0;
  while (length < rest.size() && rest[length] != '.' && !IsDigit(rest[length])) ++length;
  const std::string_view unit = rest.substr(0, length);
  rest.remove_prefix(length);
  return unit;
}

std::optional<uint64_t> NanosOf(std::string_view name, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.ns;
  }
  return std::nullopt;
}

Result<int64_t> Parse(std::string_view text, std::span<const Unit> units) {
  const Error invalid = Invalid(fmt::format("time: invalid duration \"{}\"", text));
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return 0;
  if (rest.empty()) return invalid;

  Wide total = 0;
  while (!rest.empty()) {
    const Digits whole = TakeWhole(rest);
    Digits fraction;
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      fraction = TakeFraction(rest);
    }
    if (whole.count + fraction.count == 0) return invalid;
    const std::string_view name = TakeUnit(rest);
    if (name.empty()) return Invalid(fmt::format("time: missing unit in duration \"{}\"", text));
    const std::optional<uint64_t> unit = NanosOf(name, units);
    if (!unit) return Invalid(fmt::format("time: unknown unit \"{}\" in duration \"{}\"", name, text));
    total += whole.value * *unit;
    // In floating point, as Go does it: a third of an hour with many digits is twenty minutes.
    total += static_cast<uint64_t>(static_cast<double>(fraction.value) * (static_cast<double>(*unit) / fraction.scale));
    if (total > kMax) return invalid;
  }
  const auto ns = static_cast<int64_t>(total);
  return negative ? -ns : ns;
}

}  // namespace

Result<int64_t> ParseGoDuration(std::string_view text) { return Parse(text, kGoUnits); }

Result<int64_t> ParseLookback(std::string_view text) { return Parse(text, kUnits); }

}  // namespace spoor::jaeger
