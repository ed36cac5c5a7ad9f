// DecodeMemory: keeps a request's reservation ahead of what its batch takes while it is decoded, so that a body that
// unfolds into a hundred times its size is refused before it has done so.
#pragma once

#include <cstddef>

#include "base/memory_budget.h"

namespace spoor {

// Used by the one thread that decodes.
class DecodeMemory {
 public:
  // `reservation` covers the request's `held_bytes` (body, and what parsing takes beside it), which stay until decoding
  // is over; it outlives this.
  DecodeMemory(MemoryReservation& reservation, size_t held_bytes)
      : reservation_(reservation), held_bytes_(held_bytes) {}

  // Makes sure that a batch of `batch_bytes` is covered twice: as it is built and as it is finished. False where the
  // budget has not that much left.
  [[nodiscard]] bool Cover(size_t batch_bytes) {
    const size_t needed = held_bytes_ + 2 * batch_bytes;
    if (needed <= reservation_.bytes()) [[likely]]
      return true;
    // A quarter more, so that a growing batch seldom asks.
    return reservation_.Resize(needed + needed / 4) || reservation_.Resize(needed);
  }

 private:
  MemoryReservation& reservation_;
  const size_t held_bytes_;
};

}  // namespace spoor
