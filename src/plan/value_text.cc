#include "plan/value_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <system_error>

#include "base/base64.h"
#include "base/json_writer.h"
#include "plan/nested_json.h"

namespace spoor {
namespace {

void AppendInt(std::string& out, int64_t value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

// The shortest digits that read back as `value`, as std::to_chars writes them: "1.5e+300", "1e-07".
std::string_view Scientific(double value, std::span<char> buffer) {
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  return {buffer.data(), static_cast<size_t>(end - buffer.data())};
}

// With an exponent, but without its leading zero.
void AppendWithExponent(std::string& out, double value) {
  std::array<char, 40> buffer;
  std::string_view text = Scientific(value, buffer);
  const size_t exponent = text.find('e') + 2;
  out += text.substr(0, exponent);
  text.remove_prefix(exponent);
  out += text.substr(text.size() > 1 && text[0] == '0' ? 1 : 0);
}

// A whole number of up to 21 digits: those that count, then zeros. std::to_chars would write all digits of the number
// that is really stored.
void AppendLargeWhole(std::string& out, double value) {
  std::array<char, 40> buffer;
  const std::string_view text = Scientific(value, buffer);
  const size_t e = text.find('e');
  size_t digits_left = static_cast<size_t>(text[e + 2] - '0') * 10 + static_cast<size_t>(text[e + 3] - '0') + 1;
  for (const char c : text.substr(0, e)) {
    if (c == '.') continue;
    out.push_back(c);
    if (c != '-') --digits_left;
  }
  out.append(digits_left, '0');
}

void AppendDouble(std::string& out, double value) {
  const double size = std::fabs(value);
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else if (size != 0 && (size < 1e-6 || size >= 1e21)) {
    AppendWithExponent(out, value);
  } else if (size >= 0x1p53) {
    AppendLargeWhole(out, value);
  } else {
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
    out.append(buffer.data(), end);
  }
}

std::optional<int64_t> ParseInt(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  std::string again;
  AppendInt(again, value);
  return again == text ? std::optional(value) : std::nullopt;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "Infinity" || text == "+Infinity" || text == "Inf" || text == "+Inf") return HUGE_VAL;
  if (text == "-Infinity" || text == "-Inf") return -HUGE_VAL;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || ((digits[0] < '0' || digits[0] > '9') && digits[0] != '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> ParseBytes(std::string_view text) {
  std::string bytes, again;
  if (!DecodeBase64(text, bytes)) return std::nullopt;
  AppendBase64(again, bytes);
  return again == text ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace

void AppendValueText(std::string& out, ValueType type, uint64_t cell, std::string_view bytes) {
  switch (type) {
    case ValueType::kEmpty: return;
    case ValueType::kString: out += bytes; return;
    case ValueType::kBool: out += cell != 0 ? "true" : "false"; return;
    case ValueType::kInt: AppendInt(out, static_cast<int64_t>(cell)); return;
    case ValueType::kDouble: AppendDouble(out, CellToDouble(cell)); return;
    case ValueType::kBytes: AppendBase64(out, bytes); return;
    case ValueType::kArray:
    case ValueType::kMap: {
      JsonWriter json(out);
      WriteNestedJson(json, bytes);
      return;
    }
  }
}

ValueText::ValueText(std::string text)
    : text_(std::move(text)), as_int_(ParseInt(text_)), as_double_(ParseDouble(text_)), as_bytes_(ParseBytes(text_)) {
  if (text_ == "true") as_bool_ = true;
  if (text_ == "false") as_bool_ = false;
}

bool ValueText::MatchesCell(ValueType type, uint64_t cell) const {
  switch (type) {
    case ValueType::kEmpty: return text_.empty();
    case ValueType::kBool: return as_bool_ && *as_bool_ == (cell != 0);
    case ValueType::kInt: return as_int_ && static_cast<uint64_t>(*as_int_) == cell;
    case ValueType::kDouble: {
      if (!as_double_) return false;
      const double value = CellToDouble(cell);
      return std::isnan(value) ? std::isnan(*as_double_) : value == *as_double_;
    }
    default: return false;
  }
}

bool ValueText::MatchesBytes(ValueType type, std::string_view bytes) const {
  switch (type) {
    case ValueType::kString: return bytes == text_;
    case ValueType::kBytes: return as_bytes_ && bytes == *as_bytes_;
    case ValueType::kArray:
    case ValueType::kMap: {
      if (!text_.starts_with(type == ValueType::kArray ? '[' : '{')) return false;
      std::string own;
      AppendValueText(own, type, 0, bytes);
      return own == text_;
    }
    default: return false;
  }
}

bool ValueText::MayBeOtherThanString() const {
  return as_bool_ || as_int_ || as_double_ || as_bytes_ || text_.starts_with('[') || text_.starts_with('{');
}

}  // namespace spoor
