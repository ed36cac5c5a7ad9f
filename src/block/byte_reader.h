// ByteReader: bounded reading of bytes that nobody vouches for. Every call says whether it could be done; after a call
// that could not, the position is unspecified and the reader is given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace spoor {

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool U8(uint8_t& value) { return Fixed(&value, sizeof value); }
  [[nodiscard]] bool U32(uint32_t& value) { return Fixed(&value, sizeof value); }
  [[nodiscard]] bool U64(uint64_t& value) { return Fixed(&value, sizeof value); }
  [[nodiscard]] bool Varint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      uint8_t byte;
      if (!U8(byte)) return false;
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return shift < 63 || byte <= 1;
    }
    return false;
  }
  // A varint that is at most `limit`.
  template <class T>
  [[nodiscard]] bool Varint(T& value, uint64_t limit) {
    uint64_t wide;
    if (!Varint(wide) || wide > limit) return false;
    value = static_cast<T>(wide);
    return true;
  }
  [[nodiscard]] bool Bytes(uint64_t size, std::span<const std::byte>& bytes) {
    if (size > remaining()) return false;
    bytes = bytes_.subspan(position_, size);
    position_ += size;
    return true;
  }

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

 private:
  bool Fixed(void* into, size_t size) {
    if (size > remaining()) return false;
    std::memcpy(into, bytes_.data() + position_, size);
    position_ += size;
    return true;
  }

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
};

}  // namespace spoor
