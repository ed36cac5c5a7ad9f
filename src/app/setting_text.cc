#include "app/setting_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace spoor {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kMilli = 1e6;  // in nanoseconds
constexpr Unit kDurationUnits[] = {
    {"ms", kMilli}, {"s", 1e3 * kMilli}, {"m", 60e3 * kMilli}, {"h", 3600e3 * kMilli}, {"d", 86400e3 * kMilli}};
constexpr double kMaxDurationNs = 9e18;

constexpr double kKibi = 1024;
constexpr Unit kByteUnits[] = {{"", 1},
                               {"B", 1},
                               {"kB", 1e3},
                               {"KB", 1e3},
                               {"MB", 1e6},
                               {"GB", 1e9},
                               {"TB", 1e12},
                               {"KiB", kKibi},
                               {"MiB", kKibi* kKibi},
                               {"GiB", kKibi* kKibi* kKibi},
                               {"TiB", kKibi* kKibi* kKibi* kKibi}};
constexpr double kMaxBytes = 9e18;

const Unit* FindUnit(std::span<const Unit> units, std::string_view name) {
  const auto at = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return at == units.end() ? nullptr : &*at;
}

// Takes a decimal number and the letters behind it off `text`. Nothing where there is no number.
std::optional<std::pair<double, std::string_view>> TakeQuantity(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number, std::chars_format::fixed);
  if (digits == 0 || error != std::errc() || end != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  const size_t letters = std::min(text.find_first_of("0123456789."), text.size());
  const std::string_view unit = text.substr(0, letters);
  text.remove_prefix(letters);
  return std::pair(number, unit);
}

// The number of single letters to change, add, leave out, or swap with their neighbour, to make `b` of `a`.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> distance(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        distance[i][j] = i + j;
        continue;
      }
      const size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      distance[i][j] = std::min({distance[i - 1][j] + 1, distance[i][j - 1] + 1, distance[i - 1][j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[a.size()][b.size()];
}

}  // namespace

Result<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  const Error bad = Invalid(fmt::format("'{}' is not a duration such as 7d, 36h or 1d12h", text));
  if (text.empty()) return bad;
  double total_ns = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto quantity = TakeQuantity(rest);
    if (!quantity) return bad;
    const Unit* unit = FindUnit(kDurationUnits, quantity->second);
    if (unit == nullptr) return bad;
    total_ns += quantity->first * unit->factor;
  }
  if (total_ns > kMaxDurationNs) return bad;
  return std::chrono::nanoseconds(std::llround(total_ns));
}

Result<uint64_t> ParseBytes(std::string_view text) {
  const Error bad = Invalid(fmt::format("'{}' is not a size such as 512MiB or 20GB", text));
  std::string_view rest = text;
  const auto quantity = TakeQuantity(rest);
  if (!quantity || !rest.empty()) return bad;
  const Unit* unit = FindUnit(kByteUnits, quantity->second);
  if (unit == nullptr || quantity->first * unit->factor > kMaxBytes) return bad;
  return static_cast<uint64_t>(std::llround(quantity->first * unit->factor));
}

Result<std::optional<uint16_t>> ParsePort(std::string_view text) {
  if (text == "off") return std::optional<uint16_t>();
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return Invalid(fmt::format("'{}' is not a port: a number up to 65535, 0 for a free one, or off", text));
  }
  return std::optional<uint16_t>(port);
}

std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates) {
  std::string_view nearest;
  size_t least = std::max<size_t>(2, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const size_t distance = EditDistance(text.substr(0, 64), candidate);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string Suggestion(std::string_view text, std::span<const std::string_view> candidates) {
  const std::string_view nearest = Nearest(text, candidates);
  return nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest);
}

}  // namespace spoor
