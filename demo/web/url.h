// Addresses, as far as the demo services need them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace web {

struct Url {
  std::string host;  // without the brackets of an IPv6 address
  uint16_t port = 80;
  std::string target = "/";

  // "backend:8081", "[::1]:8081".
  std::string Authority() const;
};

// "http://host:port/path"; nothing where it is something else.
std::optional<Url> ParseUrl(std::string_view text);

// "a%20b" to "a b"; what is not two hex digits behind a percent sign stays as it is.
std::string PercentDecode(std::string_view text);

// The opposite, for a part of a path: all but letters, digits and -._~ is written as percent signs.
std::string PercentEncode(std::string_view text);

// "a=1&b" to {a: 1, b: ""}. Of a name that stands there twice, the last value counts.
std::map<std::string, std::string> ParseQuery(std::string_view text);

}  // namespace web
