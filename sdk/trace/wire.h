// Writing OTLP's protobuf messages: the field numbers of opentelemetry-proto 1.x (trace/v1/trace.proto,
// common/v1/common.proto, resource/v1/resource.proto, collector/trace/v1/trace_service.proto) and the encoding of
// protobuf's own documentation.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace spoor::trace::wire {

enum Type : uint32_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

constexpr uint32_t Tag(uint32_t field, Type type) { return field << 3 | type; }

namespace span {
inline constexpr uint32_t kTraceId = 1, kSpanId = 2, kTraceState = 3, kParentSpanId = 4, kName = 5, kKind = 6,
                          kStart = 7, kEnd = 8, kAttributes = 9, kDroppedAttributes = 10, kEvents = 11,
                          kDroppedEvents = 12, kLinks = 13, kDroppedLinks = 14, kStatus = 15, kFlags = 16;
}
namespace event {
inline constexpr uint32_t kTime = 1, kName = 2, kAttributes = 3, kDroppedAttributes = 4;
}
namespace link {
inline constexpr uint32_t kTraceId = 1, kSpanId = 2, kTraceState = 3, kAttributes = 4, kDroppedAttributes = 5,
                          kFlags = 6;
}
namespace status {
inline constexpr uint32_t kMessage = 2, kCode = 3;
}
namespace key_value {
inline constexpr uint32_t kKey = 1, kValue = 2;
}
namespace any_value {
inline constexpr uint32_t kString = 1, kBool = 2, kInt = 3, kDouble = 4, kArray = 5, kKeyValueList = 6, kBytes = 7;
}
// Of Span.flags and Link.flags: whether the parent (or the span linked to) is known to be remote, and is.
inline constexpr uint32_t kHasIsRemote = 0x100, kIsRemote = 0x200;

constexpr size_t VarintSize(uint64_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

// Write behind `out` and return the byte behind what was written; REQUIRE the room.
inline uint8_t* PutVarint(uint8_t* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<uint8_t>(value | 0x80);
  *out++ = static_cast<uint8_t>(value);
  return out;
}
inline uint8_t* PutBytes(uint8_t* out, const void* data, size_t size) {
  if (size != 0) std::memcpy(out, data, size);
  return out + size;
}
inline uint8_t* PutFixed64(uint8_t* out, uint64_t value) {
  for (int i = 0; i < 8; ++i) *out++ = static_cast<uint8_t>(value >> (8 * i));
  return out;
}
inline uint8_t* PutFixed32(uint8_t* out, uint32_t value) {
  for (int i = 0; i < 4; ++i) *out++ = static_cast<uint8_t>(value >> (8 * i));
  return out;
}
inline uint8_t* PutBigEndian64(uint8_t* out, uint64_t value) {
  for (int i = 7; i >= 0; --i) *out++ = static_cast<uint8_t>(value >> (8 * i));
  return out;
}
inline uint8_t* PutText(uint8_t* out, uint32_t field, std::string_view text) {
  out = PutVarint(out, Tag(field, kLength));
  out = PutVarint(out, text.size());
  return PutBytes(out, text.data(), text.size());
}
constexpr size_t TextSize(uint32_t field, size_t length) {
  return VarintSize(Tag(field, kLength)) + VarintSize(length) + length;
}

}  // namespace spoor::trace::wire
