#include "model/ids.h"

namespace spoor {
namespace {

void AppendHex(uint64_t value, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out.push_back(kDigits[(value >> shift) & 15]);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string TraceIdHex(TraceId id) {
  std::string out;
  out.reserve(32);
  AppendHex(id.high, out);
  AppendHex(id.low, out);
  return out;
}

std::string TraceIdShortHex(TraceId id) { return id.high == 0 ? SpanIdHex(id.low) : TraceIdHex(id); }

std::string SpanIdHex(SpanId id) {
  std::string out;
  out.reserve(16);
  AppendHex(id, out);
  return out;
}

std::optional<TraceId> ParseTraceId(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  TraceId id;
  for (char c : text) {
    int digit = HexDigit(c);
    if (digit < 0) return std::nullopt;
    id.high = (id.high << 4) | (id.low >> 60);
    id.low = (id.low << 4) | static_cast<uint64_t>(digit);
  }
  return id;
}

std::optional<SpanId> ParseSpanId(std::string_view text) {
  if (text.size() > 16) return std::nullopt;
  auto id = ParseTraceId(text);
  if (!id) return std::nullopt;
  return id->low;
}

}  // namespace spoor
