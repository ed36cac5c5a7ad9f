#include "base/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/utf8.h"

namespace spoor {
namespace {

// Whether any of eight bytes needs more than copying: a control character, '"', '\\' or anything beyond ASCII. May
// say yes for bytes beside such a one, never no for one.
bool NeedsCare(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  constexpr uint64_t kHigh = 0x8080808080808080u;
  const uint64_t below_space = word - kOnes * 0x20;
  const uint64_t quote = (word ^ (kOnes * '"')) - kOnes;
  const uint64_t backslash = (word ^ (kOnes * '\\')) - kOnes;
  return ((below_space | quote | backslash | word) & kHigh) != 0;
}

bool IsPlain(uint8_t byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

// The length of the start of `text` that stands in JSON as it is.
size_t PlainLength(std::string_view text) {
  size_t at = 0;
  while (text.size() - at >= 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof(word));
    if (NeedsCare(word)) break;
    at += 8;
  }
  while (at < text.size() && IsPlain(static_cast<uint8_t>(text[at]))) ++at;
  return at;
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "\\u00";
      out.push_back(kDigits[static_cast<uint8_t>(c) >> 4]);
      out.push_back(kDigits[static_cast<uint8_t>(c) & 15]);
    }
  }
}

template <class T>
void AppendNumber(std::string& out, T number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  while (true) {
    const size_t plain = PlainLength(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    size_t length = 1;
    if (static_cast<uint8_t>(text[0]) < 0x80) {
      AppendEscaped(out, text[0]);
    } else if ((length = Utf8SequenceLength(text)) != 0) {
      out.append(text.substr(0, length));
    } else {
      length = Utf8InvalidLength(text);
      out += kUtf8Replacement;
    }
    text.remove_prefix(length);
  }
  out.push_back('"');
}

void JsonWriter::Key(std::string_view name) {
  Separate();
  AppendJsonString(out_, name);
  out_.push_back(':');
  comma_due_ = false;
}

void JsonWriter::String(std::string_view text) {
  Separate();
  AppendJsonString(out_, text);
}

void JsonWriter::Int(int64_t number) {
  Separate();
  AppendNumber(out_, number);
}

void JsonWriter::Uint(uint64_t number) {
  Separate();
  AppendNumber(out_, number);
}

void JsonWriter::IntText(int64_t number) {
  Separate();
  out_.push_back('"');
  AppendNumber(out_, number);
  out_.push_back('"');
}

void JsonWriter::UintText(uint64_t number) {
  Separate();
  out_.push_back('"');
  AppendNumber(out_, number);
  out_.push_back('"');
}

void JsonWriter::Double(double number) {
  if (std::isnan(number)) return String("NaN");
  if (std::isinf(number)) return String(number > 0 ? "Infinity" : "-Infinity");
  Separate();
  AppendNumber(out_, number);
}

void JsonWriter::Bool(bool value) { Raw(value ? "true" : "false"); }

void JsonWriter::Null() { Raw("null"); }

void JsonWriter::Raw(std::string_view json) {
  Separate();
  out_.append(json);
}

}  // namespace spoor
