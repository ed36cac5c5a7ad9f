// Columns of texts as bytes: lengths, then characters; texts of one length by position, or as a pattern with
// hexadecimal digits, of four bits each; numbers and addresses as numbers. docs/formats/block.md, "Texts".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "block/byte_reader.h"
#include "block/byte_writer.h"

namespace spoor {

// Appends `texts` to `out`.
void EncodeTexts(std::span<const std::string_view> texts, ByteWriter& out);

// Texts that were read, one behind the other.
struct TextColumn {
  std::vector<char> bytes;
  std::vector<size_t> end;  // of text i; it begins where i - 1 ends

  size_t size() const { return end.size(); }
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : end[i - 1];
    return {bytes.data() + begin, end[i] - begin};
  }
};

// Reads a column of `count` texts that hold at most `bytes_max` bytes together. kCorrupt where it is none.
Result<TextColumn> DecodeTexts(ByteReader& in, size_t count, size_t bytes_max);

// Whether `text` is one of such a column, at a fraction of the price where they are not stored as they are.
Result<bool> TextsHold(ByteReader& in, size_t count, size_t bytes_max, std::string_view text);

}  // namespace spoor
