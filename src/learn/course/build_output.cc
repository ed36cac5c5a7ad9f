#include "learn/course/build_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace spoor::learn {
namespace {

constexpr std::string_view kDigits = "0123456789";

// What the tools say by themselves. After ninja's "FAILED:" comes the command, which is a page long.
bool IsNoise(std::string_view line) {
  static constexpr std::array<std::string_view, 8> kBeginnings = {
      "-- ", "FAILED: ", "ninja: ", "make: ", "make[", "gmake", "Consolidate compiler", "Configuring incomplete"};
  return !ProgressOf(line).empty() || std::any_of(kBeginnings.begin(), kBeginnings.end(),
                                                  [&](auto beginning) { return line.starts_with(beginning); });
}

std::string Without(std::string_view line, std::string_view part) {
  std::string text(line);
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
  return text;
}

}  // namespace

std::string ProgressOf(std::string_view line) {
  if (!line.starts_with("[")) return "";
  const size_t first = std::min(line.find_first_not_of(' ', 1), line.size());
  const size_t after = std::min(line.find_first_not_of(kDigits, first), line.size());
  const std::string_view number = line.substr(first, after - first);
  line.remove_prefix(after);
  if (number.empty()) return "";
  if (line.starts_with("%] ")) return fmt::format("{} %", number);
  if (!line.starts_with("/")) return "";
  const size_t end = std::min(line.find_first_not_of(kDigits, 1), line.size());
  return end > 1 && line.substr(end).starts_with("] ") ? fmt::format("{} of {}", number, line.substr(1, end - 1)) : "";
}

std::string CompilersLines(std::string_view output, std::string_view folder, int lines_max) {
  std::string lines;
  int left_out = 0;
  bool is_command = false;
  while (!output.empty()) {
    const size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    const bool is_noise = is_command || IsNoise(line) || (lines.empty() && line.empty());
    is_command = line.starts_with("FAILED: ");
    if (is_noise) continue;
    if (lines_max-- > 0) {
      lines += Without(line, std::string(folder) + "/") + "\n";
    } else {
      ++left_out;
    }
  }
  lines.erase(lines.find_last_not_of('\n') + 1);
  if (left_out > 0) lines += fmt::format("\n… and {} more lines", left_out);
  return lines;
}

}  // namespace spoor::learn
