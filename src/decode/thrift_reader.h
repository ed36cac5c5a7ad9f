// ThriftReader: a bounded reader of Thrift's binary protocol (apache/thrift, doc/specs/thrift-binary-protocol.md), all
// inline, since decoding is what a tracing backend spends its time on. It reads structs without a message around them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/limits.h"

namespace spoor {

enum class ThriftType : uint8_t {
  kStop = 0,  // ends a struct
  kBool = 2,
  kByte = 3,
  kDouble = 4,
  kI16 = 6,
  kI32 = 8,
  kI64 = 10,
  kString = 11,  // and binary
  kStruct = 12,
  kMap = 13,
  kSet = 14,
  kList = 15,
  kUuid = 16,
};

// A field's type and number as they stand before its value.
constexpr uint32_t ThriftTag(ThriftType type, uint16_t field) {
  return uint32_t{static_cast<uint8_t>(type)} << 16 | field;
}
constexpr ThriftType TypeOfTag(uint32_t tag) { return static_cast<ThriftType>(tag >> 16); }
constexpr uint16_t FieldOfTag(uint32_t tag) { return static_cast<uint16_t>(tag); }
inline constexpr uint32_t kThriftStop = 0;

// Reads front to back. Every Read is false where the bytes end too early or cannot be such a value; the position is
// then where the reading began. A copy reads on from the same place by itself. Not thread-safe.
class ThriftReader {
 public:
  explicit ThriftReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool AtEnd() const { return at_ == end_; }
  const char* at() const { return at_; }
  size_t bytes_left() const { return static_cast<size_t>(end_ - at_); }

  // The next field of a struct, as ThriftTag makes it, or kThriftStop behind the last.
  bool ReadTag(uint32_t& tag) {
    if (bytes_left() >= 3) [[likely]] {
      if (*at_ == 0) {
        tag = kThriftStop;
        ++at_;
        return true;
      }
      const auto byte = [this](size_t i) { return uint32_t{static_cast<uint8_t>(at_[i])}; };
      tag = byte(0) << 16 | byte(1) << 8 | byte(2);
      at_ += 3;
      return true;
    }
    if (AtEnd() || *at_ != 0) return false;
    tag = kThriftStop;
    ++at_;
    return true;
  }

  bool ReadBool(bool& value) {
    uint8_t byte;
    if (!ReadNumber(byte)) return false;
    value = byte != 0;
    return true;
  }
  bool ReadI32(int32_t& value) { return ReadNumber(value); }
  bool ReadI64(int64_t& value) { return ReadNumber(value); }
  // An IEEE 754 double as its bits.
  bool ReadDouble(uint64_t& bits) { return ReadNumber(bits); }

  // A length and as many bytes, which stay where they are.
  bool ReadString(std::string_view& value) {
    if (bytes_left() < 4) return false;
    const uint32_t length = BigEndian32(at_);
    if (length > bytes_left() - 4) return false;
    value = {at_ + 4, length};
    at_ += 4 + size_t{length};
    return true;
  }

  // The head of a list or a set. `count` values can stand in what is left; more is false.
  bool ReadList(ThriftType& element, uint32_t& count) {
    if (bytes_left() < 5) return false;
    const auto type = static_cast<ThriftType>(*at_);
    const uint32_t size = BigEndian32(at_ + 1);
    if (size != 0 && (SizeMin(type) == 0 || uint64_t{size} * SizeMin(type) > bytes_left() - 5)) return false;
    element = type;
    count = size;
    at_ += 5;
    return true;
  }

  // Passes over a value, in time linear in its bytes. kTooDeep: it holds structs, lists or maps inside one another
  // beyond limits::kThriftDepthMax. The position is undefined where it is not kYes.
  enum class Skipped : uint8_t { kYes, kMalformed, kTooDeep };
  Skipped Skip(ThriftType type);

 private:
  bool ReadMap(ThriftType& key, ThriftType& value, uint64_t& entries);

  // The least bytes of a value; 0 for what is no type.
  static constexpr uint32_t SizeMin(ThriftType type) {
    switch (type) {
      case ThriftType::kBool:
      case ThriftType::kByte: return 1;
      case ThriftType::kI16: return 2;
      case ThriftType::kI32: return 4;
      case ThriftType::kDouble:
      case ThriftType::kI64: return 8;
      case ThriftType::kUuid: return 16;
      case ThriftType::kString: return 4;
      case ThriftType::kStruct: return 1;
      case ThriftType::kMap: return 6;
      case ThriftType::kSet:
      case ThriftType::kList: return 5;
      case ThriftType::kStop: break;
    }
    return 0;
  }
  static constexpr bool IsFixed(ThriftType type) { return SizeMin(type) != 0 && type < ThriftType::kString; }

  static uint32_t BigEndian32(const char* at) {
    uint32_t word;
    std::memcpy(&word, at, sizeof(word));
    return __builtin_bswap32(word);
  }

  template <class T>
  bool ReadNumber(T& value) {
    static_assert(std::endian::native == std::endian::little);
    if (bytes_left() < sizeof(T)) return false;
    std::memcpy(&value, at_, sizeof(T));
    if constexpr (sizeof(T) == 4) value = static_cast<T>(__builtin_bswap32(static_cast<uint32_t>(value)));
    if constexpr (sizeof(T) == 8) value = static_cast<T>(__builtin_bswap64(static_cast<uint64_t>(value)));
    at_ += sizeof(T);
    return true;
  }

  const char* at_;
  const char* end_;
};

}  // namespace spoor
