// Reading JSON on demand, in the terms that decoders think in: which member is this, is it a number or a number's text.
#pragma once

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace spoor::json {

using simdjson::ondemand::value;

// A member's name as it stands in the document, from behind its opening quote. At least simdjson::SIMDJSON_PADDING
// bytes can be read from there.
class Name {
 public:
  explicit Name(const char* raw) : raw_(raw) {}

  // Whether the name is `text`, which has no character that JSON escapes.
  template <size_t kSize>
  bool operator==(const char (&text)[kSize]) const {
    static_assert(kSize <= simdjson::SIMDJSON_PADDING);
    return std::memcmp(raw_, text, kSize - 1) == 0 && raw_[kSize - 1] == '"';
  }

  // A name with an escape is equal to no text here, even where it means it.
  bool HasEscape() const {
    const char* at = raw_;
    while (*at != '"' && *at != '\\') ++at;
    return *at == '\\';
  }

 private:
  const char* raw_;
};

// What became of a member.
enum class Taken : uint8_t {
  kYes,
  kUnknown,  // nobody looked at its value
  kFailed,   // ends the walk
};

enum class Walked : uint8_t { kWhole, kFailed, kNotObject, kNotArray, kNotJson, kEscapedName };

// Calls `take(Name, value)` -> Taken for every member of `object`.
template <class Take>
Walked ForEachMember(simdjson::ondemand::object object, Take take) {
  for (auto member : object) {
    simdjson::ondemand::raw_json_string raw;
    value inner;
    if (member.key().get(raw) != simdjson::SUCCESS || member.value().get(inner) != simdjson::SUCCESS) {
      return Walked::kNotJson;
    }
    const Name name(raw.raw());
    switch (take(name, inner)) {
      case Taken::kYes: break;
      case Taken::kFailed: return Walked::kFailed;
      case Taken::kUnknown:
        // It may mean a name that is known; nobody writes those so, and to pass over it would lose what it holds.
        if (name.HasEscape()) return Walked::kEscapedName;
    }
  }
  return Walked::kWhole;
}

// The same for the object that `source` is; null is an object without members.
template <class Take>
Walked ForEachMember(value source, Take take) {
  bool is_null;
  if (source.is_null().get(is_null) != simdjson::SUCCESS) return Walked::kNotJson;
  if (is_null) return Walked::kWhole;
  simdjson::ondemand::object object;
  if (source.get_object().get(object) != simdjson::SUCCESS) return Walked::kNotObject;
  return ForEachMember(object, take);
}

// Calls `take(value)` -> bool for every element of the array that `source` is; null is an array without any.
template <class Take>
Walked ForEachElement(value source, Take take) {
  bool is_null;
  if (source.is_null().get(is_null) != simdjson::SUCCESS) return Walked::kNotJson;
  if (is_null) return Walked::kWhole;
  simdjson::ondemand::array array;
  if (source.get_array().get(array) != simdjson::SUCCESS) return Walked::kNotArray;
  for (auto element : array) {
    value inner;
    if (element.get(inner) != simdjson::SUCCESS) return Walked::kNotJson;
    if (!take(inner)) return Walked::kFailed;
  }
  return Walked::kWhole;
}

// A part of a sentence: "not an object".
constexpr std::string_view WhatWent(Walked walked) {
  switch (walked) {
    case Walked::kNotObject: return "not an object";
    case Walked::kNotArray: return "not an array";
    case Walked::kNotJson: return "not JSON";
    case Walked::kEscapedName: return "a member whose name has an escape";
    case Walked::kWhole:
    case Walked::kFailed: break;
  }
  return "";
}

// The text of a string, or of a number as it stands. False for anything else.
inline bool TextOrNumber(value source, std::string_view& text) {
  simdjson::ondemand::json_type type;
  if (source.type().get(type) != simdjson::SUCCESS) return false;
  if (type == simdjson::ondemand::json_type::string) return source.get_string().get(text) == simdjson::SUCCESS;
  if (type != simdjson::ondemand::json_type::number) return false;
  text = source.raw_json_token();
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  double number;
  return source.get_double().get(number) == simdjson::SUCCESS;
}

// Whether `source` is null, and only then it is read.
inline bool IsNull(value source) {
  bool is_null = false;
  return source.is_null().get(is_null) == simdjson::SUCCESS && is_null;
}

// Reads an integer that stands as a number or as its text, as protobuf's JSON allows for both. A number with a fraction
// or exponent counts where its value is whole ("1e3").
template <class T>
std::optional<T> WholeNumber(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, number);
  if (problem == std::errc() && at == end) return number;
  double real = 0;
  const auto [real_at, real_problem] = std::from_chars(text.data(), end, real);
  constexpr double kBound = std::is_signed_v<T> ? 0x1.0p63 : 0x1.0p64;
  if (real_problem != std::errc() || real_at != end || real != std::floor(real)) return std::nullopt;
  if (real >= kBound || real < (std::is_signed_v<T> ? -kBound : 0)) return std::nullopt;
  return static_cast<T>(real);
}

// The same for a double: also "NaN", "Infinity" and "-Infinity".
inline std::optional<double> RealNumber(std::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  double real = 0;
  const char* end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, real);
  if (problem != std::errc() || at != end || !std::isfinite(real)) return std::nullopt;
  return real;
}

}  // namespace spoor::json
