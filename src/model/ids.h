// Trace and span ids: numbers in memory, hex at the edges. A trace id is 128 bits; shorter ones are zero-extended.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor {

struct TraceId {
  uint64_t high = 0;
  uint64_t low = 0;

  bool IsZero() const { return (high | low) == 0; }
  auto operator<=>(const TraceId&) const = default;
};

struct TraceIdHash {
  using is_avalanching = void;
  size_t operator()(const TraceId& id) const {
    uint64_t x = (id.low ^ (id.high * 0x9E3779B97F4A7C15ull)) * 0xD6E8FEB86659FD93ull;
    return x ^ (x >> 32);
  }
};

// A span's 64-bit id as it stands in columns. 0 is "none".
using SpanId = uint64_t;

// 32 lower-case digits.
std::string TraceIdHex(TraceId id);
// 16 digits where the high half is zero, else 32: how Jaeger's older JSON writes it.
std::string TraceIdShortHex(TraceId id);
// 16 lower-case digits.
std::string SpanIdHex(SpanId id);

// Reads 1 to 32 (1 to 16) hex digits of either case, left-padded with zeros; nothing else. Zero is returned as it is.
std::optional<TraceId> ParseTraceId(std::string_view text);
std::optional<SpanId> ParseSpanId(std::string_view text);

}  // namespace spoor
