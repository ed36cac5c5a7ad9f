// Reading JSON of strangers leniently: what is not there, or is something else, is empty.
#pragma once

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spoor::learn {

// A parsed document, with everything that is read from it in it.
class JsonDocument {
 public:
  explicit JsonDocument(std::string_view json) : error_(parser_.parse(json.data(), json.size()).get(root_)) {}

  bool IsJson() const { return error_ == simdjson::SUCCESS; }
  simdjson::dom::element root() const { return root_; }  // REQUIRES IsJson()
  // False where it is no JSON or no object.
  bool Object(simdjson::dom::object& object) const { return IsJson() && root_.get(object) == simdjson::SUCCESS; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  simdjson::error_code error_;
};

template <class T, class Source>
T ValueAt(const Source& source, std::string_view name) {
  T value{};
  if (source[name].get(value) != simdjson::SUCCESS) return T{};
  return value;
}

template <class Source>
std::string_view TextAt(const Source& source, std::string_view name) {
  return ValueAt<std::string_view>(source, name);
}

// A number, or a number's text, as 64-bit integers stand in protobuf's JSON.
template <class Source>
int64_t IntAt(const Source& source, std::string_view name) {
  int64_t number = 0;
  if (source[name].get(number) == simdjson::SUCCESS) return number;
  const std::string_view text = TextAt(source, name);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Elements of an array, and members of an object; none where there is no such thing.
inline std::vector<simdjson::dom::element> Elements(simdjson::simdjson_result<simdjson::dom::element> source) {
  simdjson::dom::array array;
  if (source.get(array) != simdjson::SUCCESS) return {};
  return {array.begin(), array.end()};
}
template <class Source>
std::vector<simdjson::dom::element> ArrayAt(const Source& source, std::string_view name) {
  return Elements(source[name]);
}
template <class Source>
std::vector<std::pair<std::string_view, simdjson::dom::element>> ObjectAt(const Source& source, std::string_view name) {
  simdjson::dom::object object;
  if (source[name].get(object) != simdjson::SUCCESS) return {};
  std::vector<std::pair<std::string_view, simdjson::dom::element>> members;
  for (const auto& member : object) members.emplace_back(member.key, member.value);
  return members;
}

// The texts of an array; kInvalid where it is none, or has something else in it.
inline Result<std::vector<std::string>> TextsOf(simdjson::dom::element source) {
  simdjson::dom::array array;
  if (source.get(array) != simdjson::SUCCESS) return Invalid("not a list");
  std::vector<std::string> texts;
  for (const simdjson::dom::element one : array) {
    std::string_view text;
    if (one.get(text) != simdjson::SUCCESS) return Invalid("not a list of texts");
    texts.emplace_back(text);
  }
  return texts;
}

}  // namespace spoor::learn
