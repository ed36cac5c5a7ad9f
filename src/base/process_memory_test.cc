#include "base/process_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace spoor {
namespace {

TEST(ResidentBytes, GrowWithWhatIsUsed) {
  const uint64_t before = ResidentBytes();
  EXPECT_GT(before, uint64_t{1} << 20);
  const std::vector<char> used(size_t{64} << 20, 'x');
  EXPECT_GE(ResidentBytes(), before + (uint64_t{56} << 20)) << used[5];
}

}  // namespace
}  // namespace spoor
