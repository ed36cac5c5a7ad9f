// DictionaryWriter: writes a block's dictionary, string after string, and the index of its chunks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "block/block_appender.h"
#include "block/dictionary_encoding.h"

namespace spoor {

// One thread's at a time. Holds a chunk and its strings.
class DictionaryWriter {
 public:
  explicit DictionaryWriter(BlockAppender& appender) : appender_(appender) {}

  // The next string, which gets the next code: texts first, ascending, then bytes and nested values, ascending.
  Status Add(std::string_view string, bool is_text);
  // Writes the last chunk. Nothing may be added any more.
  Status Finish();

  uint32_t string_count() const { return count_; }
  Status AppendIndex();

 private:
  Status Flush();

  BlockAppender& appender_;
  DictionaryIndex index_;
  uint32_t count_ = 0;
  // Of the chunk.
  std::string bytes_;
  std::vector<size_t> end_;
  bool is_text_ = true;
  std::string last_;  // of the chunk before
  ByteWriter chunk_;
};

}  // namespace spoor
