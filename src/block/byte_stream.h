// A stream: bytes whose number the reader knows already, stored as they are, as one repeated byte, or as a zstd frame.
// The smallest unit of docs/formats/block.md.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "block/byte_reader.h"
#include "block/byte_writer.h"

namespace spoor {

// Whether zstd is worth its time. What looks random is stored raw under either.
enum class StreamEffort : uint8_t { kNone, kCompress };

void WriteStream(std::span<const std::byte> bytes, StreamEffort effort, ByteWriter& out);

// Reads a stream of `into.size()` bytes. kCorrupt where it is of another size or is none.
Status ReadStream(ByteReader& in, std::span<std::byte> into);

// A lower bound, in bits a byte, of what coding each of `bytes` by itself costs: its entropy.
double ByteEntropyBits(std::span<const std::byte> bytes);

}  // namespace spoor
