#include "block/text_encoding.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "block/byte_stream.h"
#include "block/number_encoding.h"
#include "block/text_pattern.h"

namespace spoor {
namespace {

constexpr uint8_t kByLength = 0;
constexpr uint8_t kByPosition = 1;
constexpr uint8_t kHexadecimal = 2;
constexpr uint8_t kDecimal = 3;
constexpr uint8_t kIpv4 = 4;

// A column of one length goes by position where that pays: many texts, and not long ones (which share words).
constexpr size_t kByPositionTextsMin = 64;
constexpr size_t kByPositionLengthMax = 64;
constexpr size_t kAsNumbersTextsMin = 16;
constexpr size_t kPatternSample = 64;

bool GoesByPosition(std::span<const std::string_view> texts) {
  if (texts.size() < kByPositionTextsMin || texts[0].empty() || texts[0].size() > kByPositionLengthMax) return false;
  return std::ranges::all_of(texts, [&](std::string_view text) { return text.size() == texts[0].size(); });
}

// Whether all texts have the pattern of the first `sample` of them, and were written so.
bool EncodeHexadecimal(std::span<const std::string_view> texts, size_t sample, ByteWriter& out) {
  const auto pattern = HexPattern::Of(texts.first(std::min(sample, texts.size())));
  if (!pattern) return false;
  thread_local std::vector<std::byte> packed;
  packed.resize((texts.size() * pattern->digit_count() + 1) / 2);
  if (!pattern->Pack(texts, packed.data())) return false;
  out.U8(kHexadecimal);
  out.Varint(pattern->characters().size());
  out.Text(pattern->characters());
  WriteStream(packed, StreamEffort::kCompress, out);
  return true;
}

// Whether all texts are what `parse` takes, and were written as such.
template <class Parse>
bool EncodeAsNumbers(std::span<const std::string_view> texts, uint8_t mode, Parse parse, ByteWriter& out) {
  if (texts.size() < kAsNumbersTextsMin || !parse(texts[0])) return false;
  thread_local std::vector<uint64_t> numbers;
  numbers.clear();
  for (const std::string_view text : texts) {
    const auto number = parse(text);
    if (!number) return false;
    numbers.push_back(*number);
  }
  out.U8(mode);
  NumberHints hints;
  EncodeNumbers(numbers, hints, out);
  return true;
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

Result<HexPattern> ReadPattern(ByteReader& in, size_t count, size_t bytes_max) {
  size_t length;
  std::span<const std::byte> characters;
  if (!in.Varint(length, kByPositionLengthMax) || length * count > bytes_max || !in.Bytes(length, characters)) {
    return Corrupt("hexadecimal texts have no valid pattern");
  }
  return HexPattern(std::string(reinterpret_cast<const char*>(characters.data()), length));
}

Result<TextColumn> DecodeHexadecimal(ByteReader& in, size_t count, size_t bytes_max) {
  ASSIGN_OR_RETURN(const HexPattern pattern, ReadPattern(in, count, bytes_max));
  const size_t length = pattern.characters().size();
  std::vector<std::byte> packed((count * pattern.digit_count() + 1) / 2);
  RETURN_IF_ERROR(ReadStream(in, packed));
  TextColumn texts;
  texts.bytes.resize(length * count);
  texts.end.resize(count);
  for (size_t i = 0; i < count; ++i) texts.end[i] = length * (i + 1);
  pattern.Unpack(packed, count, texts.bytes.data());
  return texts;
}

// Whether one of `count` runs of bytes is `wanted`.
bool HoldsBytes(std::span<const std::byte> runs, size_t count, std::span<const std::byte> wanted) {
  const size_t length = wanted.size();
  for (size_t i = 0; i < count; ++i) {
    const std::byte* run = runs.data() + i * length;
    if (*run == wanted.front() && std::memcmp(run, wanted.data(), length) == 0) return true;
  }
  return false;
}

// Of texts whose digits are whole bytes.
Result<bool> HexadecimalHolds(ByteReader& in, size_t count, const HexPattern& pattern, std::string_view text) {
  std::vector<std::byte> wanted(pattern.digit_count() / 2);
  if (text.size() != pattern.characters().size() || !pattern.Pack(std::span(&text, 1), wanted.data())) return false;
  std::vector<std::byte> packed(count * wanted.size());
  RETURN_IF_ERROR(ReadStream(in, packed));
  return HoldsBytes(packed, count, wanted);
}

Result<bool> NumbersHold(ByteReader& in, size_t count, std::optional<uint64_t> wanted) {
  if (!wanted) return false;
  ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, ReadNumbers<uint64_t>(in, count, UINT64_MAX));
  return std::ranges::find(numbers, *wanted) != numbers.end();
}

// The characters are read only where one of the texts is as long.
Result<bool> LengthsHold(ByteReader& in, size_t count, size_t bytes_max, std::string_view text) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> lengths, ReadNumbers<uint64_t>(in, count, bytes_max));
  if (std::ranges::find(lengths, text.size()) == lengths.end()) return false;
  size_t total = 0;
  for (const uint64_t length : lengths) {
    total += length;
    if (total > bytes_max) return Corrupt("texts are longer than they may be");
  }
  std::vector<char> characters(total);
  RETURN_IF_ERROR(ReadStream(in, std::as_writable_bytes(std::span(characters))));
  size_t begin = 0;
  for (const uint64_t length : lengths) {
    if (length == text.size() && std::string_view(characters.data() + begin, length) == text) return true;
    begin += length;
  }
  return false;
}

template <class Append>
Result<TextColumn> DecodeAsNumbers(ByteReader& in, size_t count, size_t bytes_max, uint64_t max, Append append) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, ReadNumbers<uint64_t>(in, count, max));
  TextColumn texts;
  texts.end.reserve(count);
  for (const uint64_t number : numbers) {
    append(number, texts.bytes);
    if (texts.bytes.size() > bytes_max) return Corrupt("texts are longer than they may be");
    texts.end.push_back(texts.bytes.size());
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
  if (EncodeAsNumbers(texts, kDecimal, ParseDecimal, out) || EncodeAsNumbers(texts, kIpv4, ParseIpv4, out)) return;
  if (!GoesByPosition(texts)) return EncodeByLength(texts, out);
  // The first few mostly show the pattern of all.
  if (EncodeHexadecimal(texts, kPatternSample, out) || EncodeHexadecimal(texts, texts.size(), out)) return;
  EncodeByPosition(texts, out);
}

Result<TextColumn> DecodeTexts(ByteReader& in, size_t count, size_t bytes_max) {
  uint8_t mode;
  if (!in.U8(mode)) return Corrupt("a text column ends before its mode");
  switch (mode) {
    case kByLength: return DecodeByLength(in, count, bytes_max);
    case kByPosition: return DecodeByPosition(in, count, bytes_max);
    case kHexadecimal: return DecodeHexadecimal(in, count, bytes_max);
    case kDecimal: return DecodeAsNumbers(in, count, bytes_max, UINT64_MAX, AppendDecimal);
    case kIpv4: return DecodeAsNumbers(in, count, bytes_max, UINT32_MAX, AppendIpv4);
  }
  return Corrupt("a text column has an unknown mode");
}

Result<bool> TextsHold(ByteReader& in, size_t count, size_t bytes_max, std::string_view text) {
  ByteReader ahead = in;
  uint8_t mode;
  if (count > 0 && ahead.U8(mode)) {
    if (mode == kByLength) return LengthsHold(ahead, count, bytes_max, text);
    if (mode == kDecimal) return NumbersHold(ahead, count, ParseDecimal(text));
    if (mode == kIpv4) return NumbersHold(ahead, count, ParseIpv4(text));
    if (mode == kHexadecimal) {
      ASSIGN_OR_RETURN(const HexPattern pattern, ReadPattern(ahead, count, bytes_max));
      if (pattern.digit_count() > 0 && pattern.digit_count() % 2 == 0) {
        return HexadecimalHolds(ahead, count, pattern, text);
      }
    }
  }
  ASSIGN_OR_RETURN(const TextColumn texts, DecodeTexts(in, count, bytes_max));
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == text) return true;
  }
  return false;
}

}  // namespace spoor
