#include "base/compress.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace spoor {
namespace {

constexpr int kWindowBits = 15;        // zlib's largest
constexpr int kGzipFormat = 16;        // added to the window's bits
constexpr int kZstdWindowLogMax = 23;  // 8 MiB: what RFC 8878 asks every decoder to take, and no more
// What inflate allocates: its state and its window.
constexpr size_t kInflateStateBytes = size_t{48} << 10;
// Room asked for at a time. Doubling takes over from there.
constexpr size_t kRoomBytes = size_t{64} << 10;

class Identity final : public Decompressor {
 public:
  explicit Identity(BoundedBytes& out) : out_(out) {}
  Status Feed(std::string_view bytes) override { return out_.Append(bytes); }
  Status Finish() override { return {}; }

 private:
  BoundedBytes& out_;
};

// gzip and deflate.
class Inflate final : public Decompressor {
 public:
  Inflate(bool gzip, BoundedBytes& out, MemoryReservation memory)
      : gzip_(gzip), out_(out), memory_(std::move(memory)) {}
  ~Inflate() override {
    if (started_) inflateEnd(&stream_);
  }

  Status Feed(std::string_view packed) override {
    if (packed.empty()) return {};
    if (!started_) RETURN_IF_ERROR(Start(static_cast<uint8_t>(packed[0])));
    while (!packed.empty()) {
      const size_t piece = std::min<size_t>(packed.size(), std::numeric_limits<uInt>::max());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
      stream_.avail_in = static_cast<uInt>(piece);
      RETURN_IF_ERROR(Run());
      packed.remove_prefix(piece);
    }
    return {};
  }

  Status Finish() override {
    if (!at_end_) return Invalid(Name() + " data is cut short");
    return {};
  }

 private:
  std::string Name() const { return gzip_ ? "gzip" : "deflate"; }

  Status Start(uint8_t first) {
    if (!memory_.Resize(kInflateStateBytes)) return Busy("the memory budget is used up");
    // "deflate" means zlib's format, but senders exist that leave its two bytes of header out.
    const bool zlib_header = (first & 0x0F) == Z_DEFLATED && (first >> 4) <= kWindowBits - 8;
    const int bits = gzip_ ? kWindowBits + kGzipFormat : zlib_header ? kWindowBits : -kWindowBits;
    SPOOR_CHECK(inflateInit2(&stream_, bits) == Z_OK);
    started_ = true;
    return {};
  }

  // Unpacks until all of the input is taken in and all of its output is out.
  Status Run() {
    while (stream_.avail_in > 0 || more_output_) {
      if (at_end_) {
        if (!gzip_) return Invalid("bytes follow the end of the deflate data");
        inflateReset(&stream_);
        at_end_ = false;
      }
      RETURN_IF_ERROR(out_.MakeRoom(kRoomBytes));
      const size_t room = std::min<size_t>(out_.Spare().size(), std::numeric_limits<uInt>::max());
      stream_.next_out = reinterpret_cast<Bytef*>(out_.Spare().data());
      stream_.avail_out = static_cast<uInt>(room);
      const int code = inflate(&stream_, Z_NO_FLUSH);
      RETURN_IF_ERROR(out_.Commit(room - stream_.avail_out));
      more_output_ = stream_.avail_out == 0 && code == Z_OK;
      if (code == Z_STREAM_END) {
        at_end_ = true;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return Invalid(Name() + " data is malformed: " + (stream_.msg != nullptr ? stream_.msg : zError(code)));
      }
    }
    return {};
  }

  const bool gzip_;
  BoundedBytes& out_;
  MemoryReservation memory_;
  z_stream stream_{};
  bool started_ = false;
  bool at_end_ = false;
  bool more_output_ = false;
};

class Zstd final : public Decompressor {
 public:
  Zstd(BoundedBytes& out, MemoryReservation memory)
      : out_(out), memory_(std::move(memory)), context_(ZSTD_createDCtx(), &ZSTD_freeDCtx) {
    SPOOR_CHECK(context_ != nullptr);
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  }

  Status Feed(std::string_view packed) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    bool more_output = false;
    while (in.pos < in.size || more_output) {
      RETURN_IF_ERROR(out_.MakeRoom(kRoomBytes));
      ZSTD_outBuffer out{out_.Spare().data(), out_.Spare().size(), 0};
      const size_t code = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(code)) return Invalid(std::string("zstd data is malformed: ") + ZSTD_getErrorName(code));
      RETURN_IF_ERROR(out_.Commit(out.pos));
      if (!memory_.Resize(ZSTD_sizeof_DStream(context_.get()))) return Busy("the memory budget is used up");
      at_end_ = code == 0;
      more_output = out.pos == out.size && !at_end_;
    }
    return {};
  }

  Status Finish() override {
    if (!at_end_) return Invalid("zstd data is cut short");
    return {};
  }

 private:
  BoundedBytes& out_;
  MemoryReservation memory_;
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context_;
  bool at_end_ = false;
};

}  // namespace

std::optional<Encoding> ParseEncoding(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (lower.empty() || lower == "identity") return Encoding::kIdentity;
  if (lower == "gzip" || lower == "x-gzip") return Encoding::kGzip;
  if (lower == "deflate") return Encoding::kDeflate;
  if (lower == "zstd") return Encoding::kZstd;
  return std::nullopt;
}

std::string_view EncodingName(Encoding encoding) {
  switch (encoding) {
    case Encoding::kIdentity: return "identity";
    case Encoding::kGzip: return "gzip";
    case Encoding::kDeflate: return "deflate";
    case Encoding::kZstd: return "zstd";
  }
  return "identity";
}

std::unique_ptr<Decompressor> Decompressor::Make(Encoding encoding, BoundedBytes& out, MemoryReservation memory) {
  switch (encoding) {
    case Encoding::kIdentity: return std::make_unique<Identity>(out);
    case Encoding::kGzip: return std::make_unique<Inflate>(true, out, std::move(memory));
    case Encoding::kDeflate: return std::make_unique<Inflate>(false, out, std::move(memory));
    case Encoding::kZstd: return std::make_unique<Zstd>(out, std::move(memory));
  }
  return nullptr;
}

std::string GzipCompress(std::string_view bytes, int level) {
  z_stream stream{};
  SPOOR_CHECK(deflateInit2(&stream, level, Z_DEFLATED, kWindowBits + kGzipFormat, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out;
  ResizeUninitialized(out, deflateBound(&stream, bytes.size()));
  size_t size = 0;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    constexpr size_t kPieceMax = size_t{1} << 30;  // zlib counts in 32 bits
    const size_t piece = std::min(bytes.size(), kPieceMax);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(piece);
    const size_t room = std::min(out.size() - size, kPieceMax);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream.avail_out = static_cast<uInt>(room);
    code = deflate(&stream, piece == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    SPOOR_CHECK(code == Z_OK || code == Z_STREAM_END);
    size += room - stream.avail_out;
    bytes.remove_prefix(piece - stream.avail_in);
  }
  deflateEnd(&stream);
  out.resize(size);
  return out;
}

std::string ZstdCompress(std::string_view bytes, int level) {
  std::string out;
  ResizeUninitialized(out, ZSTD_compressBound(bytes.size()));
  const size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level);
  SPOOR_CHECK(!ZSTD_isError(size));
  out.resize(size);
  return out;
}

}  // namespace spoor
