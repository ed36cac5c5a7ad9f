// The parameters of a request, and how Jaeger reads them: the same rules for all of its endpoints.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/ids.h"

namespace spoor::jaeger {

// Names and values, percent-decoded, in the order sent.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::vector<std::pair<std::string, std::string>> all) : all_(std::move(all)) {}

  // The value of a parameter that stands once: "" where it is missing or empty, which mean the same. Standing there
  // several times with different values is an error: nobody can know which one is meant.
  Result<std::string_view> One(std::string_view name) const;
  std::vector<std::string_view> All(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

// The errors are those of Go's strconv, which Jaeger passes on: `strconv.ParseInt: parsing "x": invalid syntax`.
Result<int64_t> ParseInteger(std::string_view text);
Result<bool> ParseBool(std::string_view text);  // 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False

// 1 to 32 hex digits of either case.
Result<TraceId> ParseTraceIdParameter(std::string_view text);

// Reads `text`, where it is not empty, with `parse`; an error says which parameter it is about.
template <class T, class Parse>
Result<T> ParseOr(std::string_view name, std::string_view text, T otherwise, Parse parse) {
  if (text.empty()) return otherwise;
  Result<T> value = parse(text);
  if (!value) return Invalid("unable to parse param '" + std::string(name) + "': " + value.error().message);
  return value;
}

}  // namespace spoor::jaeger
