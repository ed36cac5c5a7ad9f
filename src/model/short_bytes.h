// Comparing and copying short runs of bytes without a call: keys and values have a dozen or two, and a call into the C
// library with its dispatch by length costs more than they do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace spoor {

namespace short_bytes {
template <class Word>
Word Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Not zero where the words at `a` and `b` differ.
template <class Word>
Word Differ(const char* a, const char* b) {
  return Load<Word>(a) ^ Load<Word>(b);
}
inline uint64_t Differ16(const char* a, const char* b) {
  return Differ<uint64_t>(a, b) | Differ<uint64_t>(a + 8, b + 8);
}
}  // namespace short_bytes

// Whether two runs of `size` bytes are equal. Reads nothing outside them: pieces overlap instead.
inline bool SameBytes(const char* a, const char* b, size_t size) {
  if (size >= 16) {
    if (size <= 32) return (short_bytes::Differ16(a, b) | short_bytes::Differ16(a + size - 16, b + size - 16)) == 0;
    return std::memcmp(a, b, size) == 0;
  }
  if (size >= 8)
    return (short_bytes::Differ<uint64_t>(a, b) | short_bytes::Differ<uint64_t>(a + size - 8, b + size - 8)) == 0;
  if (size >= 4)
    return (short_bytes::Differ<uint32_t>(a, b) | short_bytes::Differ<uint32_t>(a + size - 4, b + size - 4)) == 0;
  if (size == 0) return true;
  return a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1];
}

// Copies `size` bytes between runs that do not overlap.
inline void CopyBytes(char* to, const char* from, size_t size) {
  const auto copy8 = [&](size_t at) { std::memcpy(to + at, from + at, 8); };
  if (size > 32 || size < 8) {
    std::memcpy(to, from, size);
  } else if (size >= 16) {
    copy8(0);
    copy8(8);
    copy8(size - 16);
    copy8(size - 8);
  } else {
    copy8(0);
    copy8(size - 8);
  }
}

// Whether all bytes are below 0x80.
inline bool IsAscii(const char* at, size_t size) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  if (size < 8) {
    uint8_t all = 0;
    for (size_t i = 0; i < size; ++i) all |= static_cast<uint8_t>(at[i]);
    return all < 0x80;
  }
  uint64_t all = short_bytes::Load<uint64_t>(at + size - 8);
  for (size_t i = 0; i + 8 < size; i += 8) all |= short_bytes::Load<uint64_t>(at + i);
  return (all & kHigh) == 0;
}

}  // namespace spoor
