#include "learn/programs/process_identity.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <vector>

namespace spoor::learn {
namespace {

constexpr size_t kStateField = 3;  // as proc(5) counts them
constexpr size_t kStartField = 22;

std::string KernelText(const std::string& path) {
  std::ifstream in(path);  // check-ok(bans): the kernel answers, no disk
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const size_t start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) return words;
    text.remove_prefix(start);
    const size_t length = std::min(text.find_first_of(" \n"), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

template <class Number>
bool Read(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

}  // namespace

std::string ProcessIdentity::Text() const { return fmt::format("{} {} {}\n", pid, start_ticks, boot_id); }

std::optional<ProcessIdentity> ProcessIdentity::Parse(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  ProcessIdentity identity;
  if (words.size() != 3 || !Read(words[0], identity.pid) || !Read(words[1], identity.start_ticks)) return std::nullopt;
  if (identity.pid <= 1) return std::nullopt;  // 0, 1 and less stand for many processes in kill()
  identity.boot_id = words[2];
  return identity;
}

std::optional<ProcessIdentity> ProcessIdentity::Of(pid_t pid) {
  const std::string stat = KernelText(fmt::format("/proc/{}/stat", pid));
  const size_t name_end = stat.rfind(')');  // the name, the second field, may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<std::string_view> fields = Words(std::string_view(stat).substr(name_end + 1));
  if (fields.size() <= kStartField - kStateField) return std::nullopt;
  const std::string_view state = fields[0];
  ProcessIdentity identity{.pid = pid, .start_ticks = 0, .boot_id = {}};
  if (state == "Z" || state == "X" || !Read(fields[kStartField - kStateField], identity.start_ticks))
    return std::nullopt;
  const std::string boot_id = KernelText("/proc/sys/kernel/random/boot_id");
  identity.boot_id = boot_id.substr(0, boot_id.find('\n'));
  return identity;
}

}  // namespace spoor::learn
