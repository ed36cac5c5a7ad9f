// Columns of numbers as bytes. Each is written in the smallest of a few light encodings, which may nest; the first byte
// says which. docs/formats/block.md, "Numbers", gives their layouts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/byte_reader.h"
#include "block/byte_writer.h"

namespace spoor {

// Numbers are stable: they stand in files.
enum class NumberEncoding : uint8_t {
  kConstant = 0,    // one value for all
  kPacked = 1,      // value - base, bit-packed
  kPlanes = 2,      // value - base, its bytes transposed: all lowest bytes, then all second ones ...
  kDictionary = 3,  // distinct values ascending, and for each cell an index
  kAscending = 4,   // the first value, then differences to the one before
  kRuns = 5,        // values and how often each repeats
  kWidths = 6,      // how many bits value - base has, and the bits below the highest
};

// What was learned from the column's pages so far. One a column, kept from page to page.
struct NumberHints {
  uint8_t zstd_failures = 0;  // tries in a row that brought nothing
  uint8_t dictionary_failures = 0;
  uint8_t widths_failures = 0;
  uint8_t page = 0;
};

struct NumberStatistics {
  uint64_t min = 0;
  uint64_t max = 0;
};

// Appends `values` (any number of them, also none) to `out`.
NumberStatistics EncodeNumbers(std::span<const uint64_t> values, NumberHints& hints, ByteWriter& out);

// Reads cells `begin` .. `begin + out.size()` of a column of `count` numbers from `in`, and leaves `in` behind the
// column. Memory: at most about 24 bytes a cell of the column. kCorrupt where the bytes are no such column.
Status DecodeNumbers(ByteReader& in, size_t count, size_t begin, std::span<uint64_t> out);

// The whole column; every value must be at most `max`, so that it can be an index or a narrower type.
template <class T>
Result<std::vector<T>> ReadNumbers(ByteReader& in, size_t count, uint64_t max);

extern template Result<std::vector<uint64_t>> ReadNumbers(ByteReader&, size_t, uint64_t);
extern template Result<std::vector<uint32_t>> ReadNumbers(ByteReader&, size_t, uint64_t);
extern template Result<std::vector<uint8_t>> ReadNumbers(ByteReader&, size_t, uint64_t);

}  // namespace spoor
