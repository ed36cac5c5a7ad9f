#include "query/jaeger/rfc3339.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace spoor::jaeger {
namespace {

// Reads a text from its start to its end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  std::optional<int> Number(int count) {
    if (rest_.size() < static_cast<size_t>(count)) return std::nullopt;
    int value = 0;
    for (int i = 0; i < count; ++i) {
      const char c = rest_[static_cast<size_t>(i)];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(static_cast<size_t>(count));
    return value;
  }
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // One or more digits behind a decimal point, as nanoseconds.
  std::optional<int64_t> Fraction() {
    int64_t ns = 0, unit = 100'000'000;
    bool any = false;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), unit /= 10, any = true) {
      ns += (rest_[0] - '0') * unit;
    }
    return any ? std::optional(ns) : std::nullopt;
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct Clock {
  int hour = 0, minute = 0, second = 0;
  int64_t fraction_ns = 0;
};

std::optional<std::chrono::sys_days> TakeDate(Scanner& scan) {
  const auto year = scan.Number(4);
  if (!year || !scan.Take('-')) return std::nullopt;
  const auto month = scan.Number(2);
  if (!month || !scan.Take('-')) return std::nullopt;
  const auto day = scan.Number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<Clock> TakeClock(Scanner& scan) {
  const auto hour = scan.Number(2);
  if (!hour || *hour > 23 || !scan.Take(':')) return std::nullopt;
  const auto minute = scan.Number(2);
  if (!minute || *minute > 59 || !scan.Take(':')) return std::nullopt;
  const auto second = scan.Number(2);
  if (!second || *second > 59) return std::nullopt;
  Clock clock{*hour, *minute, *second, 0};
  if (scan.Take('.')) {
    const auto fraction = scan.Fraction();
    if (!fraction) return std::nullopt;
    clock.fraction_ns = *fraction;
  }
  return clock;
}

// Seconds east of Greenwich.
std::optional<int64_t> TakeOffset(Scanner& scan) {
  if (scan.Take('Z')) return 0;
  const bool west = scan.Take('-');
  if (!west && !scan.Take('+') && !scan.Take(' ')) return std::nullopt;
  const auto hours = scan.Number(2);
  if (!hours || *hours > 23 || !scan.Take(':')) return std::nullopt;
  const auto minutes = scan.Number(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const int64_t seconds = *hours * 3600 + *minutes * 60;
  return west ? -seconds : seconds;
}

}  // namespace

Result<uint64_t> ParseRfc3339(std::string_view text) {
  const Error bad =
      Invalid(fmt::format("parsing time \"{}\" as \"2006-01-02T15:04:05.999999999Z07:00\": not such a time", text));
  Scanner scan(text);
  const auto date = TakeDate(scan);
  if (!date || !scan.Take('T')) return bad;
  const auto clock = TakeClock(scan);
  if (!clock) return bad;
  const auto offset = TakeOffset(scan);
  if (!offset || !scan.AtEnd()) return bad;

  const int64_t seconds = int64_t{date->time_since_epoch().count()} * 86'400 + clock->hour * 3600 + clock->minute * 60 +
                          clock->second - *offset;
  if (seconds < 0) return uint64_t{0};
  constexpr uint64_t kSecondsMax = UINT64_MAX / 1'000'000'000 - 1;
  if (static_cast<uint64_t>(seconds) > kSecondsMax) return UINT64_MAX;
  return static_cast<uint64_t>(seconds) * 1'000'000'000 + static_cast<uint64_t>(clock->fraction_ns);
}

}  // namespace spoor::jaeger
