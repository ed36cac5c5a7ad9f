#include "base/compress.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

namespace spoor {
namespace {

constexpr size_t kMax = size_t{1} << 20;

struct Unpacked {
  Status status;
  std::string bytes;
};

// Feeds `packed` in pieces of `step` bytes.
Unpacked Unpack(Encoding encoding, std::string_view packed, size_t step, size_t bytes_max = kMax,
                size_t budget_bytes = size_t{64} << 20) {
  MemoryBudget budget(budget_bytes);
  BoundedBytes out(bytes_max, budget.Reserve());
  Status status;
  {
    const auto decompressor = Decompressor::Make(encoding, out, budget.Reserve());
    for (size_t at = 0; at < packed.size() && status.has_value(); at += step) {
      status = decompressor->Feed(packed.substr(at, step));
    }
    if (status.has_value()) status = decompressor->Finish();
  }
  auto [bytes, memory] = out.Take();
  EXPECT_GE(memory.bytes(), bytes.size());
  EXPECT_EQ(budget.used_bytes(), memory.bytes());
  return {status, std::move(bytes)};
}

std::string Deflate(std::string_view bytes, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = bytes.size();
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = out.size();
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Sample(size_t size) {
  std::string text;
  for (uint32_t i = 0; text.size() < size; ++i) text += std::to_string(i * 2654435761u) + " spoor ";
  text.resize(size);
  return text;
}

struct Packed {
  Encoding encoding;
  std::string bytes;
};

std::vector<Packed> PackedEveryWay(std::string_view text) {
  return {{Encoding::kIdentity, std::string(text)},
          {Encoding::kGzip, GzipCompress(text)},
          {Encoding::kDeflate, Deflate(text, 15)},
          {Encoding::kDeflate, Deflate(text, -15)},
          {Encoding::kZstd, ZstdCompress(text)}};
}

TEST(Decompressor, GivesBackWhatWasPackedInPiecesOfAnySize) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{300'000}}) {
    const std::string text = Sample(size);
    for (const Packed& packed : PackedEveryWay(text)) {
      for (const size_t step : {size_t{1}, size_t{7}, size_t{4096}, size_t{1} << 20}) {
        if (step == 1 && size > 65536) continue;
        const Unpacked unpacked = Unpack(packed.encoding, packed.bytes, step);
        ASSERT_TRUE(unpacked.status.has_value()) << EncodingName(packed.encoding) << unpacked.status.error().message;
        ASSERT_EQ(unpacked.bytes, text) << EncodingName(packed.encoding);
      }
    }
  }
}

TEST(Decompressor, ReadsEveryMemberOfGzipAndEveryFrameOfZstd) {
  EXPECT_EQ(Unpack(Encoding::kGzip, GzipCompress("one ") + GzipCompress("") + GzipCompress("two"), 3).bytes, "one two");
  EXPECT_EQ(Unpack(Encoding::kZstd, ZstdCompress("one ") + ZstdCompress("two"), 3).bytes, "one two");
}

TEST(Decompressor, TakesExactlyTheLimitAndNotAByteMore) {
  const std::string text = Sample(1000);
  for (const Packed& packed : PackedEveryWay(text)) {
    EXPECT_TRUE(Unpack(packed.encoding, packed.bytes, 100, 1000).status.has_value());
    const Unpacked over = Unpack(packed.encoding, packed.bytes, 100, 999);
    ASSERT_FALSE(over.status.has_value());
    EXPECT_EQ(over.status.error().code, Code::kTooLarge);
  }
}

TEST(Decompressor, StopsABombAtTheLimit) {
  const std::string zeros(size_t{64} << 20, '\0');
  for (const Packed& packed : PackedEveryWay(zeros)) {
    const Unpacked bomb = Unpack(packed.encoding, packed.bytes, size_t{64} << 10);
    ASSERT_FALSE(bomb.status.has_value());
    EXPECT_EQ(bomb.status.error().code, Code::kTooLarge);
    EXPECT_LE(bomb.bytes.size(), kMax + 1);
  }
}

TEST(Decompressor, IsBusyWhenTheBudgetIsUsedUp) {
  const std::string text = Sample(300'000);
  for (const Packed& packed : PackedEveryWay(text)) {
    const Unpacked busy = Unpack(packed.encoding, packed.bytes, 4096, kMax, 100'000);
    ASSERT_FALSE(busy.status.has_value());
    EXPECT_EQ(busy.status.error().code, Code::kBusy);
  }
}

TEST(Decompressor, CallsCutGarbledAndTrailingBytesInvalid) {
  const std::string text = Sample(5000);
  for (const Packed& packed : PackedEveryWay(text)) {
    if (packed.encoding == Encoding::kIdentity) continue;
    const std::string cut = packed.bytes.substr(0, packed.bytes.size() - 1);
    EXPECT_EQ(Unpack(packed.encoding, cut, 100).status.error().code, Code::kInvalid);
    EXPECT_EQ(Unpack(packed.encoding, packed.bytes + "junk", 100).status.error().code, Code::kInvalid);
  }
  for (const Encoding encoding : {Encoding::kGzip, Encoding::kDeflate, Encoding::kZstd}) {
    EXPECT_EQ(Unpack(encoding, "", 1).status.error().code, Code::kInvalid);
    EXPECT_EQ(Unpack(encoding, "\x07 no packed data at all", 100).status.error().code, Code::kInvalid);
  }
}

TEST(Decompressor, RefusesAZstdWindowOverEightMebibytes) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 24);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  const std::string text = Sample(100);
  std::string packed(1000, '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_flush);  // size unknown: the window stands in the header
  ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end);
  packed.resize(out.pos);
  EXPECT_EQ(Unpack(Encoding::kZstd, packed, 1000).status.error().code, Code::kInvalid);
}

TEST(Encoding, ReadsNamesInAnyCase) {
  EXPECT_EQ(ParseEncoding("GZIP"), Encoding::kGzip);
  EXPECT_EQ(ParseEncoding("x-gzip"), Encoding::kGzip);
  EXPECT_EQ(ParseEncoding(""), Encoding::kIdentity);
  EXPECT_EQ(ParseEncoding("br"), std::nullopt);
}

TEST(BoundedBytes, ReservesWhatItAllocates) {
  MemoryBudget budget(1000);
  BoundedBytes bytes(500, budget.Reserve());
  ASSERT_TRUE(bytes.Append(std::string(100, 'a')).has_value());
  EXPECT_EQ(budget.used_bytes(), 100u);
  ASSERT_TRUE(bytes.Append("b").has_value());
  EXPECT_EQ(budget.used_bytes(), 200u);
  auto [text, memory] = bytes.Take();
  EXPECT_EQ(text, std::string(100, 'a') + "b");
  EXPECT_EQ(memory.bytes(), 200u);
}

}  // namespace
}  // namespace spoor
