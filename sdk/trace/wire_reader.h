// Reading back what the library itself has written: protobuf fields one after the other. Not for bytes from elsewhere.
#pragma once

#include <cstdint>
#include <string_view>

#include "trace/wire.h"

namespace spoor::trace::wire {

class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Goes to the next field. False at the end.
  bool Next() noexcept {
    if (at_ >= end_) return false;
    const uint64_t tag = ReadVarint();
    field_ = static_cast<uint32_t>(tag >> 3);
    switch (static_cast<Type>(tag & 7)) {
      case kVarint: number_ = ReadVarint(); break;
      case kFixed64: number_ = ReadFixed(8); break;
      case kFixed32: number_ = ReadFixed(4); break;
      case kLength: {
        const auto length = static_cast<size_t>(ReadVarint());
        bytes_ = std::string_view(at_, length);
        at_ += length;
      }
    }
    return true;
  }

  uint32_t field() const noexcept { return field_; }
  uint64_t number() const noexcept { return number_; }
  double real() const noexcept {
    double value;
    std::memcpy(&value, &number_, sizeof(value));
    return value;
  }
  std::string_view bytes() const noexcept { return bytes_; }

 private:
  uint64_t ReadVarint() noexcept {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
  }
  uint64_t ReadFixed(int size) noexcept {
    uint64_t value = 0;
    for (int i = 0; i < size; ++i) value |= static_cast<uint64_t>(static_cast<uint8_t>(*at_++)) << (8 * i);
    return value;
  }

  const char* at_;
  const char* end_;
  uint32_t field_ = 0;
  uint64_t number_ = 0;
  std::string_view bytes_;
};

}  // namespace spoor::trace::wire
