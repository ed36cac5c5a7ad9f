// StringMerger: the dictionaries of many batches made into one, each distinct value once. It uses the hashes that the
// batches carry, and keeps views of the batches' bytes, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/span_batch.h"

namespace spoor {

// One thread's at a time. Ids are dense, by first occurrence; 0 is the empty text.
class StringMerger {
 public:
  StringMerger();

  // The ids of all strings of `batch`, by code.
  void Merge(const SpanBatch& batch, std::vector<uint32_t>& ids);

  uint32_t size() const { return static_cast<uint32_t>(strings_.size()); }
  std::string_view text(uint32_t id) const { return strings_[id]; }
  // False for bytes and nested values: they equal no text, even of the same bytes.
  bool is_text(uint32_t id) const { return is_text_[id] != 0; }

 private:
  uint32_t Add(std::string_view string, uint32_t hash, bool is_text);
  void Grow();

  std::vector<uint32_t> slots_;  // id + 1, or 0
  uint64_t mask_ = 0;
  std::vector<std::string_view> strings_;
  std::vector<uint32_t> hashes_;
  std::vector<uint8_t> is_text_;
};

}  // namespace spoor
