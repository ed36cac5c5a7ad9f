// Compression of what goes over the wire: unpacking what strangers send into bounded memory while it arrives, and
// packing answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_bytes.h"
#include "base/memory_budget.h"
#include "base/result.h"

namespace spoor {

// The content codings of HTTP and gRPC that we speak.
enum class Encoding : uint8_t { kIdentity, kGzip, kDeflate, kZstd };

// From a coding's name, in any case: "gzip", "x-gzip", "deflate", "zstd", "identity", "" (identity).
std::optional<Encoding> ParseEncoding(std::string_view name);
std::string_view EncodingName(Encoding encoding);

// Unpacks one body, piece by piece, into `out`. gzip may have several members, zstd several frames, "deflate" is zlib's
// format or the bare one. One thread's at a time.
class Decompressor {
 public:
  // `out` outlives it. `memory`: its own state is reserved under it (for zstd at most its window, 8 MiB, and a little).
  static std::unique_ptr<Decompressor> Make(Encoding encoding, BoundedBytes& out, MemoryReservation memory);
  virtual ~Decompressor() = default;

  // kInvalid: not what the encoding says. kTooLarge: past the limit of `out`. kBusy: the budget is used up.
  // After an error it is of no use any more.
  virtual Status Feed(std::string_view packed) = 0;
  // To be called at the end of the body; kInvalid where that is not the end of the data.
  virtual Status Finish() = 0;
};

// All at once, for a level where 1 is the fastest.
std::string GzipCompress(std::string_view bytes, int level = 1);
std::string ZstdCompress(std::string_view bytes, int level = 1);

}  // namespace spoor
