// The target of a request line: where its path and query are.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace spoor {

struct HttpTarget {
  std::string path;   // percent-decoded; "*" for the target "*"
  std::string query;  // as sent, without the '?'
};

// Takes "/path?query", "http://host/path?query" and "*". kInvalid for all else, for malformed percent escapes in the
// path, and for a path with a NUL.
Result<HttpTarget> ParseHttpTarget(std::string_view target);

// The path of `target` as sent, without host and query; empty where it has none.
std::string_view RawHttpPath(std::string_view target);

}  // namespace spoor
