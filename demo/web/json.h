// JSON of the demo services.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace web {

namespace json = boost::json;

// Nothing where `text` is no JSON.
std::optional<json::value> ParseJson(std::string_view text);

// As people write it: 129.9, where Boost.JSON's own serialize() writes 1.299E2.
std::string JsonText(const json::value& value);

// {"error": message}, and {"error": message, "service": service}.
std::string ErrorJson(std::string_view message);
std::string ErrorJson(std::string_view message, std::string_view service);

}  // namespace web
