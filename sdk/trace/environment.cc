#include "trace/environment.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "trace/diagnostics.h"

namespace spoor::trace::environment {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string Text(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(Trim(value));
}

std::string Word(const char* name) {
  std::string text = Text(name);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::vector<std::string> Words(const char* name, const char* otherwise) {
  std::string list = Word(name);
  if (list.empty()) list = otherwise;
  std::vector<std::string> words;
  for (std::string_view rest = list; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string word(Trim(rest.substr(0, comma)));
    rest.remove_prefix(std::min(rest.size(), comma + 1));
    const bool is_new = std::find(words.begin(), words.end(), word) == words.end();
    if (!word.empty() && word != "none" && is_new) words.push_back(std::move(word));
  }
  return words;
}

bool IsTrue(const char* name) {
  const std::string word = Word(name);
  if (!word.empty() && word != "true" && word != "false") {
    Diagnose(DiagnosticLevel::kWarn, std::string(name) + "=" + word + " is neither true nor false; it counts as false");
  }
  return word == "true";
}

std::optional<uint64_t> Number(const char* name) {
  const std::string text = Text(name);
  if (text.empty()) return {};
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  Diagnose(DiagnosticLevel::kWarn, std::string(name) + "=" + text + " is not a whole number from 0 on; it is ignored");
  return {};
}

std::optional<double> Real(const char* name) {
  const std::string text = Text(name);
  if (text.empty()) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  Diagnose(DiagnosticLevel::kWarn, std::string(name) + "=" + text + " is not a number; it is ignored");
  return {};
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const bool has_two = text.size() - i > 2;
    const int high = has_two ? HexDigit(text[i + 1]) : -1;
    const int low = has_two ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return {};
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

}  // namespace spoor::trace::environment
