// The text form of attribute values: what tag searches compare with, and what people read.
//
//   string  as it is                          bytes   base64, standard alphabet, padded
//   bool    true, false                       array   compact JSON: ["a",1,true]
//   int     decimal                           map     compact JSON, members in the order sent
//   double  the shortest digits that read     empty   ""
//           back as the same number, as Go and JavaScript print it: 1.5, 1e+21, 1e-7; NaN, Infinity, -Infinity
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/value.h"

namespace spoor {

// Appends the text of a value. `bytes` is what its cell's code stands for where the type has codes (IsCode).
void AppendValueText(std::string& out, ValueType type, uint64_t cell, std::string_view bytes);

// A text to compare with the text of many values. Doubles also match other spellings of the same number (1.50, 15e-1,
// +Inf), since clients print them differently; everything else matches exactly. Thread-safe once made.
class ValueText {
 public:
  explicit ValueText(std::string text);

  const std::string& text() const { return text_; }

  // For types without codes.
  bool MatchesCell(ValueType type, uint64_t cell) const;
  // For types with codes, whose content is `bytes`.
  bool MatchesBytes(ValueType type, std::string_view bytes) const;

  // Whether a value of any type but string could match: whether it is a number, a truth value, base64, JSON or "".
  bool MayBeOtherThanString() const;

 private:
  std::string text_;
  std::optional<bool> as_bool_;
  std::optional<int64_t> as_int_;
  std::optional<double> as_double_;
  std::optional<std::string> as_bytes_;
};

}  // namespace spoor
