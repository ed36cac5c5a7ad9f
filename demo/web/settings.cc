#include "web/settings.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "web/url.h"

namespace web {
namespace {

[[noreturn]] void Refuse(const char* name, const std::string& value, const std::string& wanted) {
  std::cerr << name << "=" << value << " makes no sense: it is " << wanted << "\n";
  std::exit(2);
}

}  // namespace

std::string Variable(const char* name, const std::string& fallback) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

double NumberVariable(const char* name, double fallback, double largest) {
  const std::string text = Variable(name, "");
  if (text.empty()) return fallback;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  if (!is_number || value < 0 || value > largest) {
    char limit[32];
    Refuse(name, text, "a number from 0 to " + std::string(limit, std::to_chars(limit, limit + 32, largest).ptr));
  }
  return value;
}

std::string UrlVariable(const char* name, const std::string& fallback) {
  std::string url = Variable(name, fallback);
  if (!ParseUrl(url)) Refuse(name, url, "an address such as " + fallback);
  while (url.back() == '/') url.pop_back();
  return url;
}

Settings Settings::FromEnvironment(const std::string& service_name, uint16_t port) {
  const double told_port = NumberVariable("PORT", port, 65535);
  Settings settings;
  settings.service_name = Variable("SERVICE_NAME", service_name);
  settings.listen_host = Variable("LISTEN_HOST", "127.0.0.1");
  settings.port = static_cast<uint16_t>(told_port);
  if (settings.port != told_port) Refuse("PORT", Variable("PORT", ""), "a whole number");
  return settings;
}

}  // namespace web
