#include "block/byte_stream.h"

#include <zstd.h>

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "base/check.h"

namespace spoor {
namespace {

constexpr uint8_t kRaw = 0;
constexpr uint8_t kZstd = 1;
constexpr uint8_t kRepeated = 2;

constexpr int kZstdLevel = 1;
constexpr size_t kCompressBytesMin = 64;  // below, a frame's header eats the gain
constexpr double kRandomBits = 7.9;       // a byte of this entropy is not worth a try

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx* Compressor() {
  thread_local std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* StreamDecompressor() {
  thread_local std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  return context.get();
}

bool IsRepeated(std::span<const std::byte> bytes) {
  return !bytes.empty() && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

// Whether a zstd frame smaller than `bytes` was written.
bool WriteZstd(std::span<const std::byte> bytes, ByteWriter& out) {
  thread_local std::vector<std::byte> frame;
  const size_t room = ZSTD_compressBound(bytes.size());
  if (frame.size() < room) frame.resize(room);
  std::byte* begin = frame.data();
  const size_t size = ZSTD_compressCCtx(Compressor(), begin, room, bytes.data(), bytes.size(), kZstdLevel);
  if (ZSTD_isError(size) != 0 || size + 3 >= bytes.size()) return false;
  out.U8(kZstd);
  out.Varint(size);
  out.Bytes({begin, size});
  return true;
}

}  // namespace

double ByteEntropyBits(std::span<const std::byte> bytes) {
  if (bytes.empty()) return 0;
  // Two histograms, so that equal neighbours do not wait for each other.
  std::array<uint32_t, 512> counts{};
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    ++counts[std::to_integer<size_t>(bytes[i])];
    ++counts[256 + std::to_integer<size_t>(bytes[i + 1])];
  }
  if (i < bytes.size()) ++counts[std::to_integer<size_t>(bytes[i])];
  double weighted = 0;
  for (size_t value = 0; value < 256; ++value) {
    const uint32_t count = counts[value] + counts[256 + value];
    if (count > 0) weighted += count * std::log2(static_cast<float>(count));
  }
  const auto total = static_cast<double>(bytes.size());
  return std::log2(total) - weighted / total;
}

void WriteStream(std::span<const std::byte> bytes, StreamEffort effort, ByteWriter& out) {
  if (bytes.size() >= 2 && IsRepeated(bytes)) {
    out.U8(kRepeated);
    out.U8(std::to_integer<uint8_t>(bytes[0]));
    return;
  }
  if (effort == StreamEffort::kCompress && bytes.size() >= kCompressBytesMin && ByteEntropyBits(bytes) < kRandomBits &&
      WriteZstd(bytes, out)) {
    return;
  }
  out.U8(kRaw);
  out.Bytes(bytes);
}

Status ReadStream(ByteReader& in, std::span<std::byte> into) {
  uint8_t codec;
  if (!in.U8(codec)) return Corrupt("a stream ends before its codec");
  std::span<const std::byte> stored;
  if (codec == kRaw) {
    if (!in.Bytes(into.size(), stored)) return Corrupt("a raw stream ends early");
    if (!stored.empty()) std::memcpy(into.data(), stored.data(), stored.size());
    return {};
  }
  if (codec == kRepeated) {
    uint8_t byte;
    if (!in.U8(byte)) return Corrupt("a stream ends before its byte");
    if (!into.empty()) std::memset(into.data(), byte, into.size());
    return {};
  }
  if (codec != kZstd) return Corrupt("a stream has an unknown codec");
  uint64_t size;
  if (!in.Varint(size) || !in.Bytes(size, stored)) return Corrupt("a zstd stream ends early");
  const size_t unpacked =
      ZSTD_decompressDCtx(StreamDecompressor(), into.data(), into.size(), stored.data(), stored.size());
  if (ZSTD_isError(unpacked) != 0 || unpacked != into.size()) return Corrupt("a zstd stream is not of its size");
  return {};
}

}  // namespace spoor
