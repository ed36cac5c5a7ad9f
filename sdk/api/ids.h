// TraceId and SpanId: the identifiers of W3C trace context (16 and 8 bytes, never all zero where they are valid).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor::trace {

// 16 bytes; `high` are the first eight of its written form.
struct TraceId {
  uint64_t high = 0;
  uint64_t low = 0;

  bool IsValid() const noexcept { return (high | low) != 0; }
  std::array<uint8_t, 16> Bytes() const noexcept;
  // 32 lower-case hex digits.
  std::string ToHex() const;
  // From exactly 32 lower-case hex digits that are not all zero.
  static std::optional<TraceId> FromHex(std::string_view text) noexcept;

  friend bool operator==(TraceId a, TraceId b) noexcept { return a.high == b.high && a.low == b.low; }
  friend bool operator!=(TraceId a, TraceId b) noexcept { return !(a == b); }
};

struct SpanId {
  uint64_t value = 0;

  bool IsValid() const noexcept { return value != 0; }
  std::array<uint8_t, 8> Bytes() const noexcept;
  // 16 lower-case hex digits.
  std::string ToHex() const;
  // From exactly 16 lower-case hex digits that are not all zero.
  static std::optional<SpanId> FromHex(std::string_view text) noexcept;

  friend bool operator==(SpanId a, SpanId b) noexcept { return a.value == b.value; }
  friend bool operator!=(SpanId a, SpanId b) noexcept { return !(a == b); }
};

// The trace-flags byte of W3C trace context, level 2.
namespace trace_flags {
inline constexpr uint8_t kSampled = 1;
inline constexpr uint8_t kRandom = 2;  // the low 56 bits of the trace id are random
}  // namespace trace_flags

}  // namespace spoor::trace
