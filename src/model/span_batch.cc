#include "model/span_batch.h"

namespace spoor {

std::optional<StringCode> SpanBatch::Find(std::string_view text) const {
  const uint32_t hash = HashString(text);
  const auto matches = [&](size_t code) {
    return string_hash[code] == hash && String(static_cast<StringCode>(code)) == text;
  };
  // Sixteen at a time without a branch, which compilers turn into vector instructions.
  constexpr size_t kStride = 16;
  size_t code = 0;
  for (; code + kStride <= string_hash.size(); code += kStride) {
    uint32_t any = 0;
    for (size_t i = 0; i < kStride; ++i) any |= string_hash[code + i] == hash ? 1 : 0;
    if (any == 0) continue;
    for (size_t i = code; i < code + kStride; ++i) {
      if (matches(i)) return static_cast<StringCode>(i);
    }
  }
  for (; code < string_hash.size(); ++code) {
    if (matches(code)) return static_cast<StringCode>(code);
  }
  return std::nullopt;
}

}  // namespace spoor
