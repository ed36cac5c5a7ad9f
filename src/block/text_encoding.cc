#include "block/text_encoding.h"

#include <algorithm>

#include "block/byte_stream.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

constexpr uint8_t kByLength = 0;
constexpr uint8_t kByPosition = 1;

// A column of one length goes by position where that pays: many texts, and not long ones (which share words).
constexpr size_t kByPositionTextsMin = 64;
constexpr size_t kByPositionLengthMax = 64;

bool GoesByPosition(std::span<const std::string_view> texts) {
  if (texts.size() < kByPositionTextsMin || texts[0].empty() || texts[0].size() > kByPositionLengthMax) return false;
  return std::ranges::all_of(texts, [&](std::string_view text) { return text.size() == texts[0].size(); });
}

void EncodeByPosition(std::span<const std::string_view> texts, ByteWriter& out) {
  out.U8(kByPosition);
  out.Varint(texts[0].size());
  thread_local std::vector<uint64_t> characters;
  characters.resize(texts.size());
  for (size_t position = 0; position < texts[0].size(); ++position) {
    for (size_t i = 0; i < texts.size(); ++i) characters[i] = static_cast<uint8_t>(texts[i][position]);
    NumberHints hints;
    EncodeNumbers(characters, hints, out);
  }
}

void EncodeByLength(std::span<const std::string_view> texts, ByteWriter& out) {
  out.U8(kByLength);
  std::vector<uint64_t> lengths(texts.size());
  size_t total = 0;
  for (size_t i = 0; i < texts.size(); ++i) total += lengths[i] = texts[i].size();
  NumberHints hints;
  EncodeNumbers(lengths, hints, out);
  std::vector<std::byte> bytes(total);
  size_t at = 0;
  for (const std::string_view text : texts) {
    if (!text.empty()) std::memcpy(bytes.data() + at, text.data(), text.size());
    at += text.size();
  }
  WriteStream(bytes, StreamEffort::kCompress, out);
}

Result<TextColumn> DecodeByPosition(ByteReader& in, size_t count, size_t bytes_max) {
  size_t length;
  if (!in.Varint(length, kByPositionLengthMax) || length * count > bytes_max) {
    return Corrupt("texts by position have no valid length");
  }
  TextColumn texts;
  texts.bytes.resize(length * count);
  texts.end.resize(count);
  for (size_t i = 0; i < count; ++i) texts.end[i] = length * (i + 1);
  for (size_t position = 0; position < length; ++position) {
    ASSIGN_OR_RETURN(const std::vector<uint8_t> characters, ReadNumbers<uint8_t>(in, count, UINT8_MAX));
    for (size_t i = 0; i < count; ++i) texts.bytes[i * length + position] = static_cast<char>(characters[i]);
  }
  return texts;
}

Result<TextColumn> DecodeByLength(ByteReader& in, size_t count, size_t bytes_max) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> lengths, ReadNumbers<uint64_t>(in, count, bytes_max));
  TextColumn texts;
  texts.end.resize(count);
  size_t total = 0;
  for (size_t i = 0; i < count; ++i) {
    total += lengths[i];
    if (total > bytes_max) return Corrupt("texts are longer than they may be");
    texts.end[i] = total;
  }
  texts.bytes.resize(total);
  RETURN_IF_ERROR(ReadStream(in, std::as_writable_bytes(std::span(texts.bytes))));
  return texts;
}

}  // namespace

void EncodeTexts(std::span<const std::string_view> texts, ByteWriter& out) {
  if (GoesByPosition(texts)) {
    EncodeByPosition(texts, out);
  } else {
    EncodeByLength(texts, out);
  }
}

Result<TextColumn> DecodeTexts(ByteReader& in, size_t count, size_t bytes_max) {
  uint8_t mode;
  if (!in.U8(mode)) return Corrupt("a text column ends before its mode");
  if (mode == kByPosition) return DecodeByPosition(in, count, bytes_max);
  if (mode != kByLength) return Corrupt("a text column has an unknown mode");
  return DecodeByLength(in, count, bytes_max);
}

}  // namespace spoor
