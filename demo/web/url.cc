#include "web/url.h"

#include <algorithm>
#include <charconv>

namespace web {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsUnreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// "host", "host:port" and "[::1]:port".
bool ReadAuthority(std::string_view text, Url& url) {
  const bool is_v6 = !text.empty() && text.front() == '[';
  const size_t host_end = is_v6 ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos) return false;
  url.host = text.substr(is_v6 ? 1 : 0, host_end - (is_v6 ? 1 : 0));
  text.remove_prefix(host_end + (is_v6 ? 1 : 0));
  if (url.host.empty()) return false;
  if (text.empty()) return true;
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data() + 1, end, url.port);
  return text.front() == ':' && error == std::errc() && read_to == end && url.port != 0;
}

}  // namespace

std::string Url::Authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Url> ParseUrl(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.substr(0, kScheme.size()) != kScheme) return std::nullopt;
  text.remove_prefix(kScheme.size());
  const size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  Url url;
  if (!ReadAuthority(text.substr(0, authority_end), url)) return std::nullopt;
  if (authority_end < text.size()) url.target = text.substr(authority_end);
  if (url.target.front() == '?') url.target.insert(0, "/");
  return url;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool has_two = text[i] == '%' && text.size() - i > 2;
    const int high = has_two ? HexDigit(text[i + 1]) : -1;
    const int low = has_two ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string PercentEncode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte / 16];
    encoded += kDigits[byte % 16];
  }
  return encoded;
}

std::map<std::string, std::string> ParseQuery(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (equals == 0) continue;
    query[PercentDecode(pair.substr(0, equals))] = PercentDecode(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return query;
}

}  // namespace web
