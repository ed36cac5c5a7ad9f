#include "learn/course/copy_ports.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "learn/course/text_file.h"

namespace spoor::learn {
namespace {

bool TakePort(std::string_view line, CopyPorts& ports) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  const auto known = std::find_if(kCopyPorts.begin(), kCopyPorts.end(),
                                  [&](const CopyPort& port) { return port.flag == line.substr(0, space); });
  if (known == kCopyPorts.end()) return false;
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data() + space + 1, end, ports.*(known->port));
  return error == std::errc() && stop == end && ports.*(known->port) != 0;
}

}  // namespace

Result<CopyPorts> ReadCopyPorts(FileSystem& files, const std::string& path) {
  const Result<std::string> text = ReadText(files, path);
  if (!text && text.error().code == Code::kNotFound) return CopyPorts{};
  if (!text) return text.error();
  CopyPorts ports;
  for (std::string_view rest = *text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (!TakePort(rest.substr(0, end), ports)) {
      return Corrupt(fmt::format("{}: '{}' is no port: remove the file", path, rest.substr(0, end)));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return ports;
}

Status WriteCopyPorts(FileSystem& files, const std::string& path, const CopyPorts& ports) {
  std::string text;
  for (const CopyPort& port : kCopyPorts) text += fmt::format("{} {}\n", port.flag, ports.*(port.port));
  return WriteText(files, path, text);
}

}  // namespace spoor::learn
