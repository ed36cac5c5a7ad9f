#include "query/jaeger/parameters.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace spoor::jaeger {

Result<std::string_view> Parameters::One(std::string_view name) const {
  std::string_view value;
  for (const std::string_view other : All(name)) {
    if (other.empty() || other == value) continue;
    if (!value.empty()) return Invalid(fmt::format("parameter '{}' is given twice, with different values", name));
    value = other;
  }
  return value;
}

std::vector<std::string_view> Parameters::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [other, value] : all_) {
    if (other == name) values.push_back(value);
  }
  return values;
}

Result<int64_t> ParseInteger(std::string_view text) {
  const bool plus = text.starts_with('+') && !text.starts_with("+-");
  const char* begin = text.data() + (plus ? 1 : 0);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  const bool digits = error == std::errc::result_out_of_range && end == text.data() + text.size();
  return Invalid(
      fmt::format("strconv.ParseInt: parsing \"{}\": {}", text, digits ? "value out of range" : "invalid syntax"));
}

Result<bool> ParseBool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) return false;
  }
  return Invalid(fmt::format("strconv.ParseBool: parsing \"{}\": invalid syntax", text));
}

Result<TraceId> ParseTraceIdParameter(std::string_view text) {
  if (text.size() > 32) return Invalid(fmt::format("TraceID cannot be longer than 32 hex characters: {}", text));
  const auto id = ParseTraceId(text);
  if (!id) return Invalid(fmt::format("strconv.ParseUint: parsing \"{}\": invalid syntax", text));
  return *id;
}

}  // namespace spoor::jaeger
