#include "store/retry_digests.h"

#include <xxhash.h>

#include <utility>

namespace spoor {

BatchDigest DigestOf(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

void RetryDigests::Insert(BatchDigest digest, int64_t now_ns) {
  if (now_ns - young_since_ns_ >= memory_ns_ || young_.size() >= generation_max_) {
    old_ = std::exchange(young_, {});
    young_since_ns_ = now_ns;
  }
  young_.insert(digest);
}

}  // namespace spoor
