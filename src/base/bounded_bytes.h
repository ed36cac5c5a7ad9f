// BoundedBytes: a string that grows while bytes arrive, never past a limit and never without its share of the memory
// budget.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/memory_budget.h"
#include "base/result.h"

namespace spoor {

// Sets the size of `text` without writing to what is new, which is unspecified until it is written.
void ResizeUninitialized(std::string& text, size_t size);

// Write into Spare() and Commit what was written:
//
//   RETURN_IF_ERROR(bytes.MakeRoom(1 << 16));
//   RETURN_IF_ERROR(bytes.Commit(Read(bytes.Spare())));
//
// Whatever stands behind the size is unspecified. After an error only Take and the destructor are of use.
// One thread's at a time.
class BoundedBytes {
 public:
  // `memory` is resized to what the string really takes.
  BoundedBytes(size_t bytes_max, MemoryReservation memory) : bytes_max_(bytes_max), memory_(std::move(memory)) {}

  // Makes Spare() at least one byte long, and `wanted` where the limit has that much left. kBusy when the budget has
  // not, kTooLarge when it is past the limit already. Grows by doubling, so that appending is linear.
  Status MakeRoom(size_t wanted);
  std::span<char> Spare() { return {bytes_.data() + size_, bytes_.size() - size_}; }
  // Counts the first `count` bytes of Spare() as written. kTooLarge where they pass the limit.
  Status Commit(size_t count);
  Status Append(std::string_view text);

  size_t size() const { return size_; }
  size_t bytes_max() const { return bytes_max_; }

  // The bytes, and what they are reserved under. It is empty afterwards and reserves nothing more.
  std::pair<std::string, MemoryReservation> Take();

 private:
  Error OverLimit() const;

  const size_t bytes_max_;
  MemoryReservation memory_;
  std::string bytes_;  // all of its size is room; the first size_ bytes are written
  size_t size_ = 0;
};

}  // namespace spoor
