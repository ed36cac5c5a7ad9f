#include "app/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace spoor {
namespace {

constexpr std::chrono::milliseconds kEvery{200};

std::string Grouped(uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string TimeLeft(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds) + 1;
  if (whole < 120) return fmt::format("{} s left", whole);
  if (whole < 7200) return fmt::format("{} min left", whole / 60);
  return fmt::format("{} h left", whole / 3600);
}

}  // namespace

std::string ProgressText(uint64_t done, uint64_t all, const std::string& unit, double seconds) {
  if (all == 0) return fmt::format("{} {}", Grouped(done), unit);
  const double share = static_cast<double>(done) / static_cast<double>(all);
  std::string text = fmt::format("{:.0f} % · {} of {} {}", share * 100, Grouped(done), Grouped(all), unit);
  // Before that it would be a guess.
  constexpr double kSecondsMin = 1, kShareMin = 0.005;
  if (seconds >= kSecondsMin && share >= kShareMin) text += " · " + TimeLeft(seconds / share - seconds);
  return text;
}

ProgressLine::ProgressLine(std::string unit)
    : unit_(std::move(unit)), is_terminal_(isatty(STDERR_FILENO) == 1), begin_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() {
  if (is_written_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::Tell(uint64_t done, uint64_t all) {
  if (!is_terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (is_written_ && now - told_ < kEvery) return;
  told_ = now;
  is_written_ = true;
  const std::string text = ProgressText(done, all, unit_, std::chrono::duration<double>(now - begin_).count());
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
}

}  // namespace spoor
