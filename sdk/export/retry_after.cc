#include "export/retry_after.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <iterator>

#include "trace/environment.h"

namespace spoor::trace {
namespace {

using std::chrono::seconds;

// Of digits only.
std::optional<int> Number(std::string_view text) noexcept {
  int number = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || text[0] < '0' || text[0] > '9') return {};
  const auto [read, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && read == end ? std::optional<int>(number) : std::nullopt;
}

// IMF-fixdate: the form that everybody has to send today, always of 29 characters.
std::optional<std::time_t> Date(std::string_view text) noexcept {
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return {};
  const auto month = std::find(std::begin(kMonths), std::end(kMonths), text.substr(8, 3));
  const auto day = Number(text.substr(5, 2)), year = Number(text.substr(12, 4));
  const auto hour = Number(text.substr(17, 2)), minute = Number(text.substr(20, 2)),
             second = Number(text.substr(23, 2));
  if (month == std::end(kMonths) || !day || !year || !hour || !minute || !second) return {};
  std::tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = static_cast<int>(month - std::begin(kMonths));
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  return timegm(&parts);
}

}  // namespace

std::optional<seconds> ReadRetryAfter(std::string_view header, std::chrono::system_clock::time_point now) noexcept {
  header = environment::Trim(header);
  if (const auto count = Number(header)) return seconds(*count);
  const auto date = Date(header);
  if (!date) return {};
  const auto from_now = *date - std::chrono::system_clock::to_time_t(now);
  return seconds(std::max<std::time_t>(from_now, 0));
}

}  // namespace spoor::trace
