// The reading half of block/number_encoding.h.
#include <algorithm>
#include <cstring>

#include "block/bit_packing.h"
#include "block/byte_stream.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

// A dictionary of an ascending column of planes, in a column of runs: nothing that is written nests deeper.
constexpr int kDepthMax = 4;
constexpr int kWidthMax = 64;

// Adds how many bits tell the numbers of these widths; false where one is impossible. Whoever wants one number of a
// long column passes all before it, so eight are added at a time.
bool AddWidths(std::span<const std::byte> widths, size_t& bits) {
  constexpr uint64_t kEach = 0x0101010101010101;
  uint64_t impossible = 0;
  size_t at = 0;
  for (; at + 8 <= widths.size(); at += 8) {
    uint64_t eight;
    std::memcpy(&eight, widths.data() + at, sizeof eight);
    impossible |= (eight + kEach * (0x7f - kWidthMax)) | eight;
    const uint64_t is_set = (((eight & kEach * 0x7f) + kEach * 0x7f) | eight) >> 7 & kEach;
    const uint64_t below = eight - is_set;
    constexpr uint64_t kEven = 0x00ff00ff00ff00ff;
    bits += (((below & kEven) + (below >> 8 & kEven)) * 0x0001000100010001) >> 48;
  }
  if ((impossible & kEach * 0x80) != 0) return false;
  for (; at < widths.size(); ++at) {
    const int width = std::to_integer<int>(widths[at]);
    if (width > kWidthMax) return false;
    bits += BitsBelowHighest(width);
  }
  return true;
}

class Decoder {
 public:
  explicit Decoder(ByteReader& in) : in_(in) {}

  Status Read(size_t count, size_t begin, std::span<uint64_t> out, int depth) {
    if (count == 0) return {};
    uint8_t encoding;
    if (depth > kDepthMax) return Corrupt("encodings nest too deep");
    if (!in_.U8(encoding)) return Corrupt("a column ends before its encoding");
    switch (static_cast<NumberEncoding>(encoding)) {
      case NumberEncoding::kConstant: return ReadConstant(out);
      case NumberEncoding::kPacked: return ReadPacked(count, begin, out);
      case NumberEncoding::kPlanes: return ReadPlanes(count, begin, out);
      case NumberEncoding::kDictionary: return ReadDictionary(count, begin, out, depth);
      case NumberEncoding::kAscending: return ReadAscending(count, begin, out, depth);
      case NumberEncoding::kRuns: return ReadRuns(count, begin, out, depth);
      case NumberEncoding::kWidths: return ReadWidths(count, begin, out);
    }
    return Corrupt("a column has an unknown encoding");
  }

 private:
  Status ReadConstant(std::span<uint64_t> out) {
    uint64_t value;
    if (!in_.Varint(value)) return Corrupt("a constant column ends early");
    std::ranges::fill(out, value);
    return {};
  }

  Status ReadPacked(size_t count, size_t begin, std::span<uint64_t> out) {
    uint64_t base;
    uint8_t width;
    std::span<const std::byte> packed;
    if (!in_.Varint(base) || !in_.U8(width) || width > 64 || !in_.Bytes(PackedBytes(count, width), packed)) {
      return Corrupt("a bit-packed column ends early or is wider than 64 bits");
    }
    UnpackBits(packed, begin, base, width, out);
    return {};
  }

  Status ReadPlanes(size_t count, size_t begin, std::span<uint64_t> out) {
    uint64_t base;
    uint8_t planes;
    if (!in_.Varint(base) || !in_.U8(planes) || planes > 8) return Corrupt("a column of planes has no valid head");
    std::ranges::fill(out, base);
    std::vector<std::byte> plane(count);
    for (int p = 0; p < planes; ++p) {
      RETURN_IF_ERROR(ReadStream(in_, plane));
      for (size_t i = 0; i < out.size(); ++i) out[i] += std::to_integer<uint64_t>(plane[begin + i]) << (8 * p);
    }
    return {};
  }

  Status ReadDictionary(size_t count, size_t begin, std::span<uint64_t> out, int depth) {
    size_t distinct;
    if (!in_.Varint(distinct, count)) return Corrupt("a column's dictionary is longer than the column");
    std::vector<uint64_t> values(distinct);
    RETURN_IF_ERROR(Read(distinct, 0, values, depth + 1));
    RETURN_IF_ERROR(Read(count, begin, out, depth + 1));
    for (uint64_t& cell : out) {
      if (cell >= distinct) return Corrupt("an index is outside of its column's dictionary");
      cell = values[cell];
    }
    return {};
  }

  Status ReadAscending(size_t count, size_t begin, std::span<uint64_t> out, int depth) {
    uint64_t value;
    if (!in_.Varint(value)) return Corrupt("an ascending column ends early");
    std::vector<uint64_t> steps(count - 1);
    RETURN_IF_ERROR(Read(count - 1, 0, steps, depth + 1));
    for (size_t i = 0; i < begin; ++i) value += steps[i];
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = value;
      if (begin + i < steps.size()) value += steps[begin + i];
    }
    return {};
  }

  Status ReadRuns(size_t count, size_t begin, std::span<uint64_t> out, int depth) {
    size_t runs;
    if (!in_.Varint(runs, count)) return Corrupt("a column has more runs than cells");
    std::vector<uint64_t> values(runs);
    std::vector<uint64_t> lengths(runs);
    RETURN_IF_ERROR(Read(runs, 0, values, depth + 1));
    RETURN_IF_ERROR(Read(runs, 0, lengths, depth + 1));
    size_t cell = 0;
    for (size_t run = 0; run < runs; ++run) {
      if (lengths[run] > count - cell) return Corrupt("runs are longer than their column");
      const size_t from = std::clamp(cell, begin, begin + out.size());
      const size_t to = std::clamp(cell + lengths[run], begin, begin + out.size());
      std::fill(out.begin() + static_cast<ptrdiff_t>(from - begin), out.begin() + static_cast<ptrdiff_t>(to - begin),
                values[run]);
      cell += lengths[run];
    }
    if (cell != count) return Corrupt("runs are shorter than their column");
    return {};
  }

  Status ReadWidths(size_t count, size_t begin, std::span<uint64_t> out) {
    uint64_t base;
    if (!in_.Varint(base)) return Corrupt("a column of widths ends early");
    std::vector<std::byte> widths(count);
    RETURN_IF_ERROR(ReadStream(in_, widths));
    size_t bit = 0;  // where the first number that is wanted has its bits
    if (!AddWidths(std::span(widths).first(begin), bit)) return Corrupt("a number is wider than 64 bits");
    size_t bits = bit;
    if (!AddWidths(std::span(widths).subspan(begin), bits)) return Corrupt("a number is wider than 64 bits");
    std::span<const std::byte> packed;
    if (!in_.Bytes((bits + 7) / 8, packed)) return Corrupt("a column of widths ends before its bits");
    for (size_t i = 0; i < out.size(); ++i) {
      const int width = std::to_integer<int>(widths[begin + i]);
      const size_t below = BitsBelowHighest(width);
      const uint64_t highest = width == 0 ? 0 : uint64_t{1} << (width - 1);
      out[i] = base + (highest | BitsAt(packed, bit, static_cast<int>(below)));
      bit += below;
    }
    return {};
  }

  ByteReader& in_;
};

}  // namespace

Status DecodeNumbers(ByteReader& in, size_t count, size_t begin, std::span<uint64_t> out) {
  return Decoder(in).Read(count, begin, out, 0);
}

template <class T>
Result<std::vector<T>> ReadNumbers(ByteReader& in, size_t count, uint64_t max) {
  std::vector<uint64_t> wide(count);
  RETURN_IF_ERROR(DecodeNumbers(in, count, 0, wide));
  for (const uint64_t value : wide) {
    if (value > max) return Corrupt("a number is larger than what it counts");
  }
  if constexpr (sizeof(T) == 8) {
    return wide;
  } else {
    return std::vector<T>(wide.begin(), wide.end());
  }
}

template Result<std::vector<uint64_t>> ReadNumbers(ByteReader&, size_t, uint64_t);
template Result<std::vector<uint32_t>> ReadNumbers(ByteReader&, size_t, uint64_t);
template Result<std::vector<uint8_t>> ReadNumbers(ByteReader&, size_t, uint64_t);

}  // namespace spoor
