#include "learn/demo/traffic.h"

#include <gtest/gtest.h>

#include <map>

namespace spoor::learn {
namespace {

TEST(Traffic, IsMostlyPlainWithNowAndThenEachThingWorthFinding) {
  std::mt19937 random(7);
  std::map<std::string, int> counts;
  constexpr int kRequests = 10'000;
  for (int i = 0; i < kRequests; ++i) ++counts[NextTarget(random)];
  int plain = 0;
  for (const auto& [target, count] : counts) {
    if (target.find('?') == std::string::npos && target != "/api/users/404") plain += count;
  }
  EXPECT_NEAR(plain, 0.9 * kRequests, 0.02 * kRequests);
  for (const char* target : {"/api/products?slow=true", "/api/orders?n_plus_one=true", "/api/orders?fail=true",
                             "/api/users?fail=true", "/api/users/404", "/api/users/1", "/api/users/5"}) {
    EXPECT_GT(counts[target], 0) << target;
  }
  EXPECT_EQ(counts.count("/api/users/0") + counts.count("/api/users/6") + counts.count("/api/users/{}"), 0u);
}

}  // namespace
}  // namespace spoor::learn
