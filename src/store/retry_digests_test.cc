#include "store/retry_digests.h"

#include <gtest/gtest.h>

#include <string_view>

namespace spoor {
namespace {

using std::chrono::seconds;

constexpr int64_t kSecond = 1'000'000'000;

BatchDigest Of(std::string_view text) { return DigestOf(std::as_bytes(std::span(text))); }

TEST(RetryDigests, KnowsWhatWasInsertedAndNothingElse) {
  RetryDigests digests(seconds(10), 100);
  digests.Insert(Of("a"), 0);
  EXPECT_TRUE(digests.Contains(Of("a")));
  EXPECT_FALSE(digests.Contains(Of("b")));
}

TEST(RetryDigests, RemembersForAtLeastItsMemoryAndForgetsAfterTwice) {
  RetryDigests digests(seconds(10), 100);
  digests.Insert(Of("a"), 100 * kSecond);
  digests.Insert(Of("b"), 110 * kSecond);
  EXPECT_TRUE(digests.Contains(Of("a")));
  digests.Insert(Of("c"), 120 * kSecond);
  EXPECT_FALSE(digests.Contains(Of("a")));
  EXPECT_TRUE(digests.Contains(Of("b")));
}

TEST(RetryDigests, StaysWithinItsCountWhateverIsInserted) {
  RetryDigests digests(seconds(10), 100);
  for (int i = 0; i < 10'000; ++i) digests.Insert({1, static_cast<uint64_t>(i) * 0x9E3779B97F4A7C15ull}, 0);
  EXPECT_LE(digests.size(), 100u);
  EXPECT_TRUE(digests.Contains({1, 9'999 * 0x9E3779B97F4A7C15ull}));
}

TEST(RetryDigests, KeepsWhatItKnowsWhenTheClockGoesBack) {
  RetryDigests digests(seconds(10), 100);
  digests.Insert(Of("a"), 100 * kSecond);
  digests.Insert(Of("b"), 5 * kSecond);
  EXPECT_TRUE(digests.Contains(Of("a")));
  EXPECT_TRUE(digests.Contains(Of("b")));
}

}  // namespace
}  // namespace spoor
