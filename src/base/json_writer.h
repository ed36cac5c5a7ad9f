// JsonWriter: the one way in which Spoor writes JSON. It streams into a string, with no document in between.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

// Appends to `out`, which must outlive it. Commas are its business, balance is the caller's: every Begin needs its End,
// and inside an object every value its Key. The text is always valid UTF-8: bytes that are not become U+FFFD.
// One thread's at a time.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Key(std::string_view name);

  void String(std::string_view text);
  void Int(int64_t number);
  void Uint(uint64_t number);
  // 64-bit integers as text, for readers whose numbers are doubles (OTLP JSON): "9223372036854775807".
  void IntText(int64_t number);
  void UintText(uint64_t number);
  // The shortest digits that read back as the same double. What JSON has no number for becomes text, as in protobuf's
  // JSON: "NaN", "Infinity", "-Infinity".
  void Double(double number);
  void Bool(bool value);
  void Null();
  // A value that is JSON already.
  void Raw(std::string_view json);

  // Key and value in one: text, bool, integers and doubles.
  template <class T>
  void Member(std::string_view name, const T& value) {
    Key(name);
    if constexpr (std::same_as<T, bool>) {
      Bool(value);
    } else if constexpr (std::floating_point<T>) {
      Double(value);
    } else if constexpr (std::signed_integral<T>) {
      Int(value);
    } else if constexpr (std::unsigned_integral<T>) {
      Uint(value);
    } else {
      String(std::string_view(value));
    }
  }

 private:
  void Open(char bracket) {
    Separate();
    out_.push_back(bracket);
    comma_due_ = false;
  }
  void Close(char bracket) {
    out_.push_back(bracket);
    comma_due_ = true;
  }
  void Separate() {
    if (comma_due_) out_.push_back(',');
    comma_due_ = true;
  }

  std::string& out_;
  bool comma_due_ = false;
};

// Appends `text` between quotes, escaped as JSON wants it.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace spoor
