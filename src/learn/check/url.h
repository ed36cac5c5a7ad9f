// The address of a service or of a backend, as a person tells it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor::learn {

struct Url {
  std::string host;  // a name or an address, without brackets
  std::string port;  // "8080"
  std::string base;  // the path before every other, without a slash at its end: "" or "/jaeger"

  // As the Host header has it: "[::1]:8080".
  std::string Authority() const;
  // As a person writes it: "http://localhost:8080".
  std::string Text() const;
};

// Reads "http://host[:port][/base]". kInvalid, in one sentence that says what is wrong with it, for everything else.
Result<Url> ParseUrl(std::string_view text);

}  // namespace spoor::learn
