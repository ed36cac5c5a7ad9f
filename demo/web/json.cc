#include "web/json.h"

#include <boost/json/src.hpp>  // Boost.JSON's own code, here alone, so that no library of it has to be there
#include <charconv>
#include <cmath>

namespace web {
namespace {

void Append(std::string& text, const json::value& value);

void AppendNumber(std::string& text, double number) {
  if (!std::isfinite(number)) {
    text += "null";
    return;
  }
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), number);
  if (error == std::errc()) text.append(digits, end);
}

void AppendArray(std::string& text, const json::array& array) {
  const char* separator = "[";
  for (const json::value& element : array) {
    text += std::exchange(separator, ",");
    Append(text, element);
  }
  text += array.empty() ? "[]" : "]";
}

void AppendObject(std::string& text, const json::object& object) {
  const char* separator = "{";
  for (const auto& [key, value] : object) {
    text += std::exchange(separator, ",");
    text += json::serialize(json::value(key)) + ":";
    Append(text, value);
  }
  text += object.empty() ? "{}" : "}";
}

void Append(std::string& text, const json::value& value) {
  if (const double* number = value.if_double()) return AppendNumber(text, *number);
  if (const json::array* array = value.if_array()) return AppendArray(text, *array);
  if (const json::object* object = value.if_object()) return AppendObject(text, *object);
  text += json::serialize(value);
}

json::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::optional<json::value> ParseJson(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(View(text), error);
  if (error) return std::nullopt;
  return value;
}

std::string JsonText(const json::value& value) {
  std::string text;
  Append(text, value);
  return text;
}

std::string ErrorJson(std::string_view message) { return JsonText(json::object{{"error", View(message)}}); }

std::string ErrorJson(std::string_view message, std::string_view service) {
  return JsonText(json::object{{"error", View(message)}, {"service", View(service)}});
}

}  // namespace web
