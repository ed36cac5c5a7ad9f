// AttributeList: attributes as OTLP's bytes, ready to be copied into the message that they belong to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/attribute.h"
#include "trace/byte_buffer.h"

namespace spoor::trace {

// How deep arrays and maps may stand in one another; what lies deeper is an empty value.
inline constexpr int kValueDepthMax = 64;

struct AttributeLimits {
  uint32_t count_max = UINT32_MAX;
  uint32_t value_characters_max = UINT32_MAX;
};

// Writes behind `out`: the tag of `field`, and a KeyValue message under it. False without memory: nothing was written
// then. Text is mended to UTF-8 and cut to `value_characters_max`.
bool AppendKeyValue(ByteBuffer& out, uint32_t field, std::string_view key, const AttributeValue& value,
                    uint32_t value_characters_max) noexcept;

// Writes attributes under `field`, those of the same key once (the last one, at the place of the first), and returns
// how many were dropped for the limits or for an empty key.
uint32_t AppendAttributes(ByteBuffer& out, uint32_t field, Attributes attributes,
                          const AttributeLimits& limits) noexcept;

// The attributes of a span, which come one by one. Not thread-safe.
class AttributeList {
 public:
  // Replaces the one with that key. False where it was dropped: over the limit, or the key is empty.
  bool Set(std::string_view key, const AttributeValue& value, const AttributeLimits& limits) noexcept;

  uint32_t count() const noexcept { return count_; }
  // Span messages' field `attributes`, all of them.
  const ByteBuffer& wire() const noexcept { return wire_; }
  void Clear() noexcept;

 private:
  struct Entry {
    uint32_t begin = 0;  // of its tag, in wire_
    uint32_t key_begin = 0;
    uint32_t key_size = 0;
  };
  Entry* entries() noexcept { return reinterpret_cast<Entry*>(entries_.data()); }
  bool SetMended(std::string_view key, const AttributeValue& value, const AttributeLimits& limits) noexcept;
  bool AddEntry(const Entry& entry) noexcept;
  void Remove(uint32_t index) noexcept;

  ByteBuffer wire_;
  ByteBuffer entries_;  // of Entry
  uint32_t count_ = 0;
};

}  // namespace spoor::trace
