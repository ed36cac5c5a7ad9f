#include "web/log.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>

#include "web/json.h"

namespace web {
namespace {

// "2026-11-24T14:32:07.418Z".
std::string TimeText() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
  const std::time_t seconds = milliseconds / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof(text) - length, ".%03dZ", static_cast<int>(milliseconds % 1000));
  return text;
}

// As it stands behind "key=": in quotes where it could be misread.
std::string ValueText(std::string_view value) {
  const bool is_plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7F;
  });
  return is_plain ? std::string(value) : JsonText(json::string(value.data(), value.size()));
}

}  // namespace

void Log::Write(std::string_view level, std::string_view message, Fields fields) {
  std::string line = "time=" + TimeText() + " level=" + std::string(level) + " service=" + ValueText(service_) +
                     " msg=" + ValueText(message);
  for (const auto& [key, value] : fields) line += " " + std::string(key) + "=" + ValueText(value);
  const std::string more = more_ ? more_() : "";
  if (!more.empty()) line += " " + more;
  line += "\n";
  const std::lock_guard lock(mutex_);
  std::cerr << line << std::flush;
}

}  // namespace web
