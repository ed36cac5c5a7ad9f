// StringMerger: strings of the dictionaries of many batches, each distinct value once. It uses the hashes that the
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

  // The id of a string of `batch`.
  uint32_t Add(const SpanBatch& batch, StringCode code);
  // To be called some strings ahead of Add.
  void Prefetch(const SpanBatch& batch, StringCode code) const {
    __builtin_prefetch(&slots_[batch.string_hash[code] & mask_]);
  }

  uint32_t size() const { return static_cast<uint32_t>(strings_.size()); }
  std::string_view text(uint32_t id) const { return strings_[id]; }
  // False for bytes and nested values: they equal no text, even of the same bytes.
  bool is_text(uint32_t id) const { return is_text_[id] != 0; }

 private:
  // The hash stands beside the id, so that nearly no other string is looked at.
  struct Slot {
    uint32_t id_plus_1 = 0;
    uint32_t hash = 0;
  };
  uint32_t Add(std::string_view string, uint32_t hash, bool is_text);
  void Grow();

  std::vector<Slot> slots_;
  uint64_t mask_ = 0;
  std::vector<std::string_view> strings_;
  std::vector<uint8_t> is_text_;
};

}  // namespace spoor
