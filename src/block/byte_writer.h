// ByteWriter: bytes of a file as they are put together. Little endian throughout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace spoor {

class ByteWriter {
 public:
  void U8(uint8_t value) { bytes_.push_back(std::byte{value}); }
  void U32(uint32_t value) { Fixed(&value, sizeof value); }
  void U64(uint64_t value) { Fixed(&value, sizeof value); }
  // LEB128: seven bits a byte, lowest first, the top bit set on all but the last.
  void Varint(uint64_t value) {
    while (value >= 0x80) {
      U8(static_cast<uint8_t>(value | 0x80));
      value >>= 7;
    }
    U8(static_cast<uint8_t>(value));
  }
  void Bytes(std::span<const std::byte> bytes) { Fixed(bytes.data(), bytes.size()); }
  void Text(std::string_view text) { Fixed(text.data(), text.size()); }

  // Room for `size` more bytes, to be written by the caller; valid until the next call.
  std::byte* Extend(size_t size) {
    bytes_.resize(bytes_.size() + size);
    return bytes_.data() + bytes_.size() - size;
  }
  // Forgets everything from byte `size` on.
  void Truncate(size_t size) { bytes_.resize(size); }
  void Clear() { bytes_.clear(); }

  size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<const std::byte> from(size_t begin) const { return std::span(bytes_).subspan(begin); }

 private:
  void Fixed(const void* data, size_t size) {
    if (size == 0) return;
    std::memcpy(Extend(size), data, size);
  }

  std::vector<std::byte> bytes_;
};

}  // namespace spoor
