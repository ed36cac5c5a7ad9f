// The address that spans are sent to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spoor::trace {

struct Url {
  bool is_tls = false;
  std::string host;    // without brackets
  std::string port;    // "4318"
  std::string target;  // path and query, "/v1/traces"

  // As the Host header has it.
  std::string HostHeader() const;
  // As one says it to people: without a user's name and password.
  std::string ToText() const { return (is_tls ? "https://" : "http://") + HostHeader() + target; }
};

// From "http://host:port/path"; nothing where it is none with http or https.
std::optional<Url> ParseUrl(std::string_view text);

}  // namespace spoor::trace
