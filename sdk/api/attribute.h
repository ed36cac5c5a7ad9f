// Attribute: a key with a typed value, as it is handed to the library: views of what the caller has, read before the
// call returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace spoor::trace {

// A view of values that stand one behind the other. C++17 has no std::span.
template <class T>
class ListView {
 public:
  constexpr ListView() noexcept = default;
  constexpr ListView(const T* data, size_t size) noexcept : data_(data), size_(size) {}
  // The list must live until the call that takes the view returns, as one written in that call does.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 9
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ListView(std::initializer_list<T> list) noexcept : data_(list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 9
#pragma GCC diagnostic pop
#endif
  template <class Allocator>
  ListView(const std::vector<T, Allocator>& list) noexcept : data_(list.data()), size_(list.size()) {}

  constexpr const T* begin() const noexcept { return data_; }
  constexpr const T* end() const noexcept { return data_ + size_; }
  constexpr size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const T& operator[](size_t index) const noexcept { return data_[index]; }

 private:
  const T* data_ = nullptr;
  size_t size_ = 0;
};

struct Attribute;
struct BytesView {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

// A value of any type that OpenTelemetry knows. Text that is not UTF-8 is mended when it is taken in.
class AttributeValue {
 public:
  enum class Type : uint8_t {
    kEmpty,
    kBool,
    kInt,
    kLargeInt,  // unsigned, beyond int64_t
    kDouble,
    kString,
    kBytes,
    kBools,
    kInts,
    kDoubles,
    kStrings,
    kOwnedStrings,  // as kStrings, of std::string
    kArray,
    kMap
  };

  constexpr AttributeValue() noexcept : int_(0) {}
  template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0>
  constexpr AttributeValue(T value) noexcept : type_(Type::kBool), bool_(value) {}
  // Unsigned numbers beyond the largest signed one are told as text, in decimal, as the specification has it.
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, long> = 0>
  constexpr AttributeValue(T value) noexcept
      : type_(std::is_unsigned_v<T> && static_cast<int64_t>(value) < 0 ? Type::kLargeInt : Type::kInt),
        int_(static_cast<int64_t>(value)) {}
  template <class T, std::enable_if_t<std::is_enum_v<T> && std::is_convertible_v<T, int64_t>, char> = 0>
  constexpr AttributeValue(T value) noexcept : type_(Type::kInt), int_(static_cast<int64_t>(value)) {}
  constexpr AttributeValue(double value) noexcept : type_(Type::kDouble), double_(value) {}
  constexpr AttributeValue(std::string_view value) noexcept : type_(Type::kString), string_(value) {}
  // Null is an empty text.
  constexpr AttributeValue(const char* value) noexcept
      : AttributeValue(value == nullptr ? std::string_view() : std::string_view(value)) {}
  AttributeValue(const std::string& value) noexcept : AttributeValue(std::string_view(value)) {}
  constexpr AttributeValue(BytesView value) noexcept : type_(Type::kBytes), bytes_(value) {}
  constexpr AttributeValue(ListView<bool> list) noexcept : type_(Type::kBools), bools_(list) {}
  constexpr AttributeValue(ListView<int64_t> list) noexcept : type_(Type::kInts), ints_(list) {}
  constexpr AttributeValue(ListView<double> list) noexcept : type_(Type::kDoubles), doubles_(list) {}
  constexpr AttributeValue(ListView<std::string_view> list) noexcept : type_(Type::kStrings), strings_(list) {}
  constexpr AttributeValue(ListView<std::string> list) noexcept : type_(Type::kOwnedStrings), owned_strings_(list) {}
  constexpr AttributeValue(ListView<AttributeValue> list) noexcept : type_(Type::kArray), array_(list) {}
  constexpr AttributeValue(ListView<Attribute> list) noexcept : type_(Type::kMap), map_(list) {}

  // A vector of bool is none in C++, so bools are given as a ListView<bool>.
  template <class T, class Allocator>
  AttributeValue(const std::vector<T, Allocator>& list) noexcept : AttributeValue(ListView<T>(list)) {
    static_assert(!std::is_same_v<T, bool> && std::is_constructible_v<AttributeValue, ListView<T>>,
                  "lists hold int64_t, double, std::string, std::string_view, AttributeValue or Attribute");
  }

  constexpr Type type() const noexcept { return type_; }
  // REQUIRES for each the type of its name.
  constexpr bool boolean() const noexcept { return bool_; }
  constexpr int64_t integer() const noexcept { return int_; }  // kLargeInt: its bits
  constexpr double number() const noexcept { return double_; }
  constexpr std::string_view string() const noexcept { return string_; }
  constexpr BytesView bytes() const noexcept { return bytes_; }
  constexpr ListView<bool> bools() const noexcept { return bools_; }
  constexpr ListView<int64_t> ints() const noexcept { return ints_; }
  constexpr ListView<double> doubles() const noexcept { return doubles_; }
  constexpr ListView<std::string_view> strings() const noexcept { return strings_; }
  constexpr ListView<std::string> owned_strings() const noexcept { return owned_strings_; }
  constexpr ListView<AttributeValue> array() const noexcept { return array_; }
  constexpr ListView<Attribute> map() const noexcept { return map_; }

 private:
  Type type_ = Type::kEmpty;
  union {
    bool bool_;
    int64_t int_;
    double double_;
    std::string_view string_;
    BytesView bytes_;
    ListView<bool> bools_;
    ListView<int64_t> ints_;
    ListView<double> doubles_;
    ListView<std::string_view> strings_;
    ListView<std::string> owned_strings_;
    ListView<AttributeValue> array_;
    ListView<Attribute> map_;
  };
};

static_assert(std::is_trivially_copyable_v<AttributeValue>);

struct Attribute {
  std::string_view key;
  AttributeValue value;
};

using Attributes = ListView<Attribute>;

}  // namespace spoor::trace
