// RetryDigests: remembers which batches were made durable lately, so that a sender's exact retry is acknowledged
// without being stored again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include <boost/unordered/unordered_flat_set.hpp>

namespace spoor {

// 128 bits of a batch's bytes (XXH3), so that two different batches share one never in practice.
struct BatchDigest {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const BatchDigest&) const = default;
};

struct BatchDigestHash {
  using is_avalanching = void;
  size_t operator()(const BatchDigest& digest) const { return digest.low; }
};

BatchDigest DigestOf(std::span<const std::byte> bytes);

// Two generations: a digest is remembered for one to two times `memory`, less where more than `count_max` are given in
// that time. One thread's at a time. What is forgotten too early costs space, not rightness: equal spans count once.
class RetryDigests {
 public:
  RetryDigests(std::chrono::nanoseconds memory, size_t count_max)
      : memory_ns_(memory.count()), generation_max_(count_max / 2) {}

  bool Contains(BatchDigest digest) const { return young_.contains(digest) || old_.contains(digest); }
  // `now_ns` may stand still or go back.
  void Insert(BatchDigest digest, int64_t now_ns);

  void Clear() {
    young_.clear();
    old_.clear();
  }

  size_t size() const { return young_.size() + old_.size(); }

 private:
  using Generation = boost::unordered_flat_set<BatchDigest, BatchDigestHash>;

  const int64_t memory_ns_;
  const size_t generation_max_;
  int64_t young_since_ns_ = 0;
  Generation young_;
  Generation old_;
};

}  // namespace spoor
