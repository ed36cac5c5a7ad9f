// StringTable: the dictionary of a batch while it is built. Distinct texts get codes in the order in which they come.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "model/growable_array.h"
#include "model/short_bytes.h"

namespace spoor {

// Where the bytes of a string stand in its table.
struct TextPlace {
  uint32_t begin = 0;
  uint32_t length = 0;
};

// Code 0 is the empty string, always. Not thread-safe.
//
// The hash that places a text is the one that the batch stores. It has no seed, so somebody may look for texts that
// collide; once a search meets more than kProbesMax of them the table goes over to a hash with a secret seed, until it
// is cleared.
class StringTable {
 public:
  static constexpr uint32_t kNotUtf8 = UINT32_MAX;

  StringTable() { Clear(); }

  // Forgets all strings and keeps the memory.
  void Clear();
  // Forgets all strings and gives the memory back.
  void Release();

  // The code of `text`, which is copied. A text that is not here yet and is not UTF-8 yields kNotUtf8.
  uint32_t Intern(std::string_view text);
  // A code of its own for bytes that are no text.
  uint32_t AddBytes(std::string_view bytes);

  std::string_view operator[](uint32_t code) const {
    const TextPlace place = Place(code);
    return {bytes_.data() + place.begin, place.length};
  }
  TextPlace Place(uint32_t code) const {
    const uint32_t begin = code == 0 ? 0 : end_[code - 1];
    return {begin, end_[code] - begin};
  }
  // Whether `text` stands at a place.
  bool StandsAt(TextPlace place, std::string_view text) const {
    return place.length == text.size() && SameBytes(bytes_.data() + place.begin, text.data(), text.size());
  }

  size_t count() const { return end_.size(); }
  // Whether texts that collide have made it go over to its secret seed.
  bool is_seeded() const { return seeded_; }
  // More than 32 bits can address were asked for; codes given since are 0.
  bool overflowed() const { return overflowed_; }
  // The bytes held, here and in the batch that will be made from it.
  size_t size_bytes() const { return bytes_.size() + end_.size() * 8 + (mask_ + 1) * sizeof(Slot); }
  size_t capacity_bytes() const { return bytes_.capacity() + end_.capacity() * 8 + slots_.capacity() * sizeof(Slot); }

  std::span<const char> bytes() const { return bytes_.span(); }
  std::span<const uint32_t> ends() const { return end_.span(); }
  std::span<const uint32_t> hashes() const { return hash_.span(); }

 private:
  // `code` is 0 where the slot is free: the empty string needs no slot. The place stands here too, so that most
  // searches touch a slot and the text and nothing else.
  struct Slot {
    uint32_t hash;
    uint32_t code;
    TextPlace place;
  };
  static constexpr size_t kSlotsMin = 1024;
  static constexpr size_t kProbesMax = 128;

  uint32_t Insert(size_t slot, uint32_t placing_hash, uint32_t stored_hash, std::string_view text);
  uint32_t Append(std::string_view bytes, uint32_t stored_hash);
  uint32_t PlacingHash(std::string_view text, uint32_t stored_hash) const;
  void Rebuild(size_t slots);

  GrowableArray<char> bytes_;
  GrowableArray<uint32_t> end_, hash_;
  GrowableArray<Slot> slots_;
  size_t mask_ = 0;
  size_t used_slots_ = 0;
  bool seeded_ = false;
  bool overflowed_ = false;
};

}  // namespace spoor
