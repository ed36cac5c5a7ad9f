#include "api/ids.h"

#include "trace/hex.h"
#include "trace/wire.h"

namespace spoor::trace {

std::array<uint8_t, 16> TraceId::Bytes() const noexcept {
  std::array<uint8_t, 16> bytes;
  wire::PutBigEndian64(wire::PutBigEndian64(bytes.data(), high), low);
  return bytes;
}

std::string TraceId::ToHex() const {
  std::string text(32, '0');
  WriteHex64(text.data(), high);
  WriteHex64(text.data() + 16, low);
  return text;
}

std::optional<TraceId> TraceId::FromHex(std::string_view text) noexcept {
  TraceId id;
  if (text.size() != 32 || !ReadHex64(text.substr(0, 16), id.high) || !ReadHex64(text.substr(16), id.low)) return {};
  return id.IsValid() ? std::optional<TraceId>(id) : std::nullopt;
}

std::array<uint8_t, 8> SpanId::Bytes() const noexcept {
  std::array<uint8_t, 8> bytes;
  wire::PutBigEndian64(bytes.data(), value);
  return bytes;
}

std::string SpanId::ToHex() const {
  std::string text(16, '0');
  WriteHex64(text.data(), value);
  return text;
}

std::optional<SpanId> SpanId::FromHex(std::string_view text) noexcept {
  SpanId id;
  if (text.size() != 16 || !ReadHex64(text, id.value)) return {};
  return id.IsValid() ? std::optional<SpanId>(id) : std::nullopt;
}

}  // namespace spoor::trace
