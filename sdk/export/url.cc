#include "export/url.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace spoor::trace {

std::string Url::HostHeader() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? "443" : "80") ? name : name + ":" + port;
}

std::optional<Url> ParseUrl(std::string_view text) {
  Url url;
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string name(text.substr(0, scheme));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (name != "http" && name != "https") return {};
  url.is_tls = name == "https";
  text.remove_prefix(scheme + 3);
  const size_t path = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, path);
  std::string_view target = text.substr(path);
  target = target.substr(0, target.find('#'));
  url.target = target.empty() || target[0] != '/' ? "/" + std::string(target) : std::string(target);
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  size_t colon = authority.rfind(':');
  if (!authority.empty() && authority[0] == '[') {
    const size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return {};
    url.host = authority.substr(1, bracket - 1);
    colon = bracket + 1 < authority.size() && authority[bracket + 1] == ':' ? bracket + 1 : std::string_view::npos;
  } else {
    url.host = authority.substr(0, colon);
  }
  url.port = colon == std::string_view::npos ? "" : std::string(authority.substr(colon + 1));
  if (url.port.empty()) url.port = url.is_tls ? "443" : "80";
  uint16_t number = 0;
  const char* const end = url.port.data() + url.port.size();
  const auto [read, error] = std::from_chars(url.port.data(), end, number);
  const auto is_visible = [](char c) { return c > 0x20 && c < 0x7F; };
  if (url.host.empty() || error != std::errc() || read != end || number == 0) return {};
  if (!std::all_of(url.host.begin(), url.host.end(), is_visible)) return {};
  if (!std::all_of(url.target.begin(), url.target.end(), is_visible)) return {};
  return url;
}

}  // namespace spoor::trace
