#include "api/pretty_json.h"

#include <algorithm>

namespace spoor::api {
namespace {

// The length of the string literal that `json` starts with, with its quotes.
size_t StringLength(std::string_view json) {
  size_t end = 1;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return std::min(end + 1, json.size());
}

}  // namespace

std::string PrettyJson(std::string_view json) {
  std::string out;
  out.reserve(json.size() * 2);
  size_t depth = 0;
  const auto new_line = [&] { out.append("\n").append(depth * 4, ' '); };
  while (!json.empty()) {
    const char c = json[0];
    size_t length = 1;
    if (c == '"') {
      length = StringLength(json);
      out.append(json.substr(0, length));
    } else if (json.starts_with("{}") || json.starts_with("[]")) {
      length = 2;
      out.append(json.substr(0, length));
    } else if (c == '{' || c == '[') {
      out.push_back(c);
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out.push_back(c);
    } else if (c == ',') {
      out.push_back(c);
      new_line();
    } else {
      out.push_back(c);
      if (c == ':') out.push_back(' ');
    }
    json.remove_prefix(length);
  }
  return out;
}

}  // namespace spoor::api
