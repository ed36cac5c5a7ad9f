// JSON with line breaks, for people who read it.
#pragma once

#include <string>
#include <string_view>

namespace spoor::api {

// `json`, which is well-formed and has no spaces between tokens, indented by four spaces a level as Go's encoder does.
std::string PrettyJson(std::string_view json);

}  // namespace spoor::api
