// ByteBuffer: bytes that grow at their end and keep their room for the next use.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace spoor::trace {

// Not thread-safe. Nothing throws: where there is no memory, Room() is null and nothing has changed.
class ByteBuffer {
 public:
  ByteBuffer() noexcept = default;
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;
  ~ByteBuffer() { std::free(data_); }

  const uint8_t* data() const noexcept { return data_; }
  uint8_t* data() noexcept { return data_; }
  uint32_t size() const noexcept { return size_; }

  // Where the next `bytes` go; Advance says how many were written. Null where there is no memory.
  uint8_t* Room(size_t bytes) noexcept {
    if (bytes > capacity_ - size_ && !Grow(bytes)) return nullptr;
    return data_ + size_;
  }
  void Advance(const uint8_t* end) noexcept { size_ = static_cast<uint32_t>(end - data_); }

  bool Assign(const void* bytes, size_t count) noexcept {
    if (count > capacity_) {
      size_ = 0;
      if (!Grow(count)) return false;
    }
    if (count != 0) std::memcpy(data_, bytes, count);
    size_ = static_cast<uint32_t>(count);
    return true;
  }

  void Resize(uint32_t size) noexcept { size_ = size; }  // REQUIRES size <= size()
  void Erase(uint32_t begin, uint32_t end) noexcept {
    std::memmove(data_ + begin, data_ + end, size_ - end);
    size_ -= end - begin;
  }

  // Empties it, and gives room back that is more than a usual span needs.
  void Clear() noexcept {
    size_ = 0;
    if (capacity_ <= kKeptBytesMax) return;
    std::free(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

 private:
  static constexpr uint32_t kKeptBytesMax = 4096;
  static constexpr size_t kBytesMax = size_t{1} << 30;

  bool Grow(size_t bytes) noexcept {
    const size_t needed = size_ + bytes;
    if (bytes > kBytesMax || needed > kBytesMax) return false;
    size_t capacity = capacity_ < 128 ? 128 : size_t{capacity_} * 2;
    if (capacity < needed) capacity = needed;
    void* data = std::realloc(data_, capacity);
    if (data == nullptr) return false;
    data_ = static_cast<uint8_t*>(data);
    capacity_ = static_cast<uint32_t>(capacity);
    return true;
  }

  uint8_t* data_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

}  // namespace spoor::trace
