#include "model/string_table.h"

#define XXH_INLINE_ALL  // the library call would cost as much as the hash of a short text
#include <xxhash.h>

#include <bit>

#include "base/random_seed.h"
#include "base/utf8.h"
#include "model/span_batch.h"

namespace spoor {

uint32_t HashString(std::string_view text) {
  const auto hash = static_cast<uint32_t>(XXH3_64bits(text.data(), text.size()));
  return hash == SpanBatch::kNotText ? 1 : hash;
}

void StringTable::Clear() {
  // As many slots as the last batch needed: a stream of batches of one size never rebuilds, and a small batch after a
  // giant one does not sweep the giant's table for long.
  const size_t slots = std::max(kSlotsMin, std::bit_ceil(used_slots_ * 2));
  bytes_.Clear();
  end_.Clear();
  hash_.Clear();
  seeded_ = false;
  overflowed_ = false;
  end_.Push(0);
  hash_.Push(HashString({}));
  Rebuild(slots);
}

void StringTable::Release() {
  bytes_.Release();
  end_.Release();
  hash_.Release();
  slots_.Release();
  used_slots_ = 0;
  Clear();
}

uint32_t StringTable::Intern(std::string_view text) {
  if (text.empty()) return 0;
  const uint32_t stored = HashString(text);
  const uint32_t placing = PlacingHash(text, stored);
  size_t slot = placing & mask_;
  for (size_t probes = 0; slots_[slot].code != 0; slot = (slot + 1) & mask_) {
    if (slots_[slot].hash == placing && StandsAt(slots_[slot].place, text)) return slots_[slot].code;
    if (++probes > kProbesMax && !seeded_) [[unlikely]] {
      seeded_ = true;
      Rebuild(mask_ + 1);
      return Intern(text);
    }
  }
  if (!IsAscii(text.data(), text.size()) && !IsUtf8(text)) [[unlikely]]
    return kNotUtf8;
  return Insert(slot, placing, stored, text);
}

uint32_t StringTable::AddBytes(std::string_view bytes) { return Append(bytes, SpanBatch::kNotText); }

uint32_t StringTable::Insert(size_t slot, uint32_t placing_hash, uint32_t stored_hash, std::string_view text) {
  const uint32_t code = Append(text, stored_hash);
  if (code == 0) return 0;
  slots_[slot] = {placing_hash, code, Place(code)};
  if (++used_slots_ * 2 > mask_) Rebuild((mask_ + 1) * 2);
  return code;
}

uint32_t StringTable::Append(std::string_view bytes, uint32_t stored_hash) {
  if (bytes_.size() + bytes.size() > UINT32_MAX || end_.size() >= kNotUtf8) {
    overflowed_ = true;
    return 0;
  }
  if (!bytes.empty()) CopyBytes(bytes_.Extend(bytes.size()), bytes.data(), bytes.size());
  end_.Push(static_cast<uint32_t>(bytes_.size()));
  hash_.Push(stored_hash);
  return static_cast<uint32_t>(end_.size() - 1);
}

uint32_t StringTable::PlacingHash(std::string_view text, uint32_t stored_hash) const {
  if (!seeded_) [[likely]]
    return stored_hash;
  return static_cast<uint32_t>(XXH3_64bits_withSeed(text.data(), text.size(), ProcessSeed()));
}

// Places every text anew in `slots` slots (a power of two).
void StringTable::Rebuild(size_t slots) {
  slots_.Clear();
  std::memset(static_cast<void*>(slots_.Extend(slots)), 0, slots * sizeof(Slot));
  mask_ = slots - 1;
  used_slots_ = 0;
  for (uint32_t code = 1; code < end_.size(); ++code) {
    if (hash_[code] == SpanBatch::kNotText) continue;
    const uint32_t placing = PlacingHash((*this)[code], hash_[code]);
    size_t slot = placing & mask_;
    while (slots_[slot].code != 0) slot = (slot + 1) & mask_;
    slots_[slot] = {placing, code, Place(code)};
    ++used_slots_;
  }
}

}  // namespace spoor
