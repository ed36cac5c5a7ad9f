#include "learn/check/resolve.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace spoor::learn {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

TEST(Resolve, TakesAnAddressAsItIs) {
  EXPECT_EQ(Resolve("192.0.2.7", kPatience, {}).addresses, std::vector<std::string>{"192.0.2.7"});
  EXPECT_EQ(Resolve("::1", kPatience, {}).addresses, std::vector<std::string>{"::1"});
}

TEST(Resolve, FindsThisMachineByItsName) {
  const Resolved resolved = Resolve("localhost", kPatience, {});
  ASSERT_EQ(resolved.end, ResolveEnd::kFound) << resolved.message;
  const auto is_loopback = [](const std::string& text) { return text == "127.0.0.1" || text == "::1"; };
  EXPECT_TRUE(std::all_of(resolved.addresses.begin(), resolved.addresses.end(), is_loopback));
}

TEST(Resolve, WaitsNoLongerThanItMay) {
  const Resolved late = Resolve("nobody.invalid", std::chrono::milliseconds(0), {});
  EXPECT_NE(late.end, ResolveEnd::kFound);
  std::stop_source stop;
  stop.request_stop();
  const Resolved stopped = Resolve("nobody.invalid", kPatience, stop.get_token());
  EXPECT_TRUE(stopped.end == ResolveEnd::kStopped || stopped.end == ResolveEnd::kUnknownHost) << stopped.message;
}

}  // namespace
}  // namespace spoor::learn
