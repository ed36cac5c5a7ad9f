#include "learn/check/service.h"

#include <gtest/gtest.h>

namespace spoor::learn {
namespace {

TEST(Service, IsKnownByTheNameOfItsSpans) {
  for (const Service service : kServices) EXPECT_EQ(ServiceNamed(NameOf(service)), service);
  EXPECT_EQ(ServiceNamed("database"), std::nullopt);
  EXPECT_EQ(DownstreamOf(Service::kFrontend), Service::kBackend);
  EXPECT_EQ(DownstreamOf(Service::kBackend), Service::kDatabase);
  EXPECT_EQ(DownstreamOf(Service::kDatabase), std::nullopt);
}

TEST(Service, IsKnownByThePathsThatItServes) {
  EXPECT_EQ(ServiceServing("/api/users"), Service::kFrontend);
  EXPECT_EQ(ServiceServing("/shop/api/orders"), Service::kFrontend);
  EXPECT_EQ(ServiceServing("/products"), Service::kBackend);
  EXPECT_EQ(ServiceServing("/db/users"), Service::kDatabase);
  for (const char* path : {"", "/", "/health", "/api/user", "/superusers", "users"}) {
    EXPECT_EQ(ServiceServing(path), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace spoor::learn
