// ProtobufReader: a bounded reader of protobuf's wire format (protobuf.dev/programming-guides/encoding), all inline,
// since decoding is what a tracing backend spends its time on.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spoor {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kGroupBegin = 3, kGroupEnd = 4, kFixed32 = 5 };

// A field's number and wire type as they stand before its value.
constexpr uint32_t ProtobufTag(uint32_t field, WireType type) { return field << 3 | static_cast<uint32_t>(type); }

// Reads one message, front to back. Every Read is false where the message ends too early or the bytes are no such
// value; the position is then where the reading began or somewhere behind it, never past the end. Not thread-safe.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) : at_(message.data()), end_(message.data() + message.size()) {}

  bool AtEnd() const { return at_ == end_; }
  const char* at() const { return at_; }
  size_t bytes_left() const { return static_cast<size_t>(end_ - at_); }

  // Passes over one byte; there must be one. Always true, for use in conditions.
  bool SkipByte() {
    ++at_;
    return true;
  }

  // The tag of the next field, as ProtobufTag makes it.
  bool ReadTag(uint32_t& tag) {
    uint64_t wide = 0;
    if (!ReadVarint(wide) || wide > UINT32_MAX || wide < 8) return false;
    tag = static_cast<uint32_t>(wide);
    return true;
  }

  bool ReadVarint(uint64_t& value) {
    if (at_ == end_) return false;
    const auto first = static_cast<uint8_t>(*at_);
    if (first < 0x80) [[likely]] {
      value = first;
      ++at_;
      return true;
    }
    return ReadLongVarint(value);
  }

  bool ReadFixed64(uint64_t& value) { return ReadFixed(value); }
  bool ReadFixed32(uint32_t& value) { return ReadFixed(value); }

  // A length and as many bytes, which stay where they are.
  bool ReadBytes(std::string_view& value) {
    uint64_t length = 0;
    if (!ReadVarint(length) || length > bytes_left()) return false;
    value = {at_, static_cast<size_t>(length)};
    at_ += length;
    return true;
  }

  // Skips the value of a field of that tag. Groups are refused: nothing that is read here has them.
  bool Skip(uint32_t tag) {
    uint64_t number;
    uint32_t number32;
    std::string_view bytes;
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kVarint: return ReadVarint(number);
      case WireType::kFixed64: return ReadFixed64(number);
      case WireType::kBytes: return ReadBytes(bytes);
      case WireType::kFixed32: return ReadFixed32(number32);
      case WireType::kGroupBegin:
      case WireType::kGroupEnd: break;
    }
    return false;
  }

 private:
  bool ReadLongVarint(uint64_t& value) {
    uint64_t read = 0;
    for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      read |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) {
        value = read;
        return true;
      }
    }
    return false;
  }

  template <class T>
  bool ReadFixed(T& value) {
    static_assert(std::endian::native == std::endian::little);
    if (bytes_left() < sizeof(T)) return false;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return true;
  }

  const char* at_;
  const char* end_;
};

}  // namespace spoor
