#include "learn/check/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "net/http.h"

namespace spoor::learn {
namespace {

constexpr std::string_view kScheme = "http://";

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool IsPort(std::string_view text) {
  uint16_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() && number != 0;
}

// Splits "host", "host:port", "[::1]" and "[::1]:port"; false for anything else.
bool SplitAuthority(std::string_view text, Url& url) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return false;
    url.host = text.substr(1, bracket - 1);
    rest = text.substr(bracket + 1);
  } else {
    const size_t colon = std::min(text.find(':'), text.size());
    url.host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  url.port = "80";
  if (!rest.empty()) {
    if (rest[0] != ':') return false;
    url.port = rest.substr(1);
  }
  return !url.host.empty() && IsPort(url.port);
}

}  // namespace

std::string Url::Authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == "80" ? name : name + ":" + port;
}

std::string Url::Text() const { return std::string(kScheme) + Authority() + base; }

Result<Url> ParseUrl(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return Invalid(fmt::format("'{}' is no address: {}, as in http://localhost:8080", text, why));
  };
  if (!IsVisible(text)) return wrong("it has to be without blanks and other odd characters");
  if (text.size() >= 8 && EqualsIgnoringCase(text.substr(0, 8), "https://")) {
    return wrong("it has to be http://, https is not spoken here");
  }
  if (text.size() < kScheme.size() || !EqualsIgnoringCase(text.substr(0, kScheme.size()), kScheme)) {
    return wrong("it has to begin with http://");
  }
  const std::string_view rest = text.substr(kScheme.size());
  const size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  if (rest.find_first_of("?#@") != std::string_view::npos) return wrong("it has to end with the path");
  Url url;
  if (!SplitAuthority(rest.substr(0, path), url)) return wrong("it has to name a host, and a port from 1 to 65535");
  url.base = rest.substr(path);
  while (url.base.ends_with('/')) url.base.pop_back();
  return url;
}

}  // namespace spoor::learn
