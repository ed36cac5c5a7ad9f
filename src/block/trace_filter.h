// TraceFilter: says whether a key may be in a set, wrong about once in 256 times and never about one that is in it: a
// binary fuse filter of 8-bit fingerprints, about 9 bits a key. Source: Graf and Lemire, "Binary Fuse Filters: Fast and
// Smaller Than Xor Filters" (ACM JEA 27, 2022).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/byte_writer.h"

namespace spoor {

// Immutable once made; shared between threads freely.
class TraceFilter {
 public:
  // A filter of `keys`, which may repeat. Appends nothing where none could be made, which no set of keys is known for.
  static void Build(std::vector<uint64_t> keys, ByteWriter& out);

  // kCorrupt where `bytes` is not what Build wrote.
  static Result<TraceFilter> Parse(std::span<const std::byte> bytes);

  bool MayHold(uint64_t key) const;

 private:
  // Where in the fingerprints a key's three lie.
  struct Geometry {
    uint64_t seed = 0;
    uint32_t segment_length = 0;  // a power of two
    uint32_t segment_count = 0;   // in which a key's first fingerprint may lie; two more follow

    uint64_t Hash(uint64_t key) const;
    void Locate(uint64_t hash, uint32_t (&at)[3]) const;
    size_t size() const { return size_t{segment_length} * (segment_count + 2); }
  };
  static Geometry GeometryFor(size_t keys);
  static bool Fill(const Geometry& geometry, std::span<const uint64_t> keys, std::vector<uint8_t>& fingerprints);
  static uint8_t Fingerprint(uint64_t hash) { return static_cast<uint8_t>(hash ^ (hash >> 32)); }

  Geometry geometry_;
  std::vector<uint8_t> fingerprints_;
};

}  // namespace spoor
