#include "api/resource.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Environment;

TEST(Resource, KeepsTheLastOfAttributesWithTheSameKey) {
  EXPECT_EQ(Resource({{"a", 1}, {"b", "x"}, {"a", 2}}).Text("a"), "2");
  EXPECT_EQ(Resource({{"a", 1}}).Text("zzz"), "");
}

TEST(Resource, LetsTheOtherWinWhenMerged) {
  const Resource merged = Resource({{"a", 1}, {"b", 2}}).Merge(Resource({{"b", "new"}, {"c", true}}));
  EXPECT_EQ(merged.Text("a"), "1");
  EXPECT_EQ(merged.Text("b"), "new");
  EXPECT_EQ(merged.Text("c"), "true");
}

TEST(Resource, MergesSchemaUrls) {
  const auto merged = [](const char* a, const char* b) {
    return std::string(Resource({}, a).Merge(Resource({}, b)).schema_url());
  };
  EXPECT_EQ(merged("x", ""), "x");
  EXPECT_EQ(merged("", "x"), "x");
  EXPECT_EQ(merged("x", "x"), "x");
  EXPECT_EQ(merged("x", "y"), "") << "they contradict one another";
}

TEST(Resource, NamesTheProgramWhereNobodyNamesTheService) {
  const Resource resource = Resource::Default();
  EXPECT_EQ(resource.Text("service.name"), "unknown_service:sdk_test");
  EXPECT_EQ(resource.Text("telemetry.sdk.name"), "opentelemetry");
  EXPECT_EQ(resource.Text("telemetry.sdk.language"), "cpp");
  EXPECT_NE(resource.Text("telemetry.sdk.version"), "");
}

TEST(Resource, ReadsTheEnvironment) {
  const Environment environment{{"OTEL_RESOURCE_ATTRIBUTES", "service.name=a, k%20 = v%2Cw ,empty=,"}};
  const Resource resource = Resource::Default();
  EXPECT_EQ(resource.Text("service.name"), "a");
  EXPECT_EQ(resource.Text("k "), "v,w");
  const Environment named{{"OTEL_SERVICE_NAME", "b"}};
  EXPECT_EQ(Resource::Default().Text("service.name"), "b") << "it wins";
  EXPECT_EQ(Resource::Default().Text("k "), "v,w");
}

TEST(Resource, IgnoresTheWholeVariableForOneError) {
  for (const char* bad : {"good=1,bad", "good=1,=2", "good=1,k=%zz", "good=1,k=%2"}) {
    const testing::Diagnostics diagnostics;
    const Environment environment{{"OTEL_RESOURCE_ATTRIBUTES", bad}};
    EXPECT_EQ(Resource::Default().Text("good"), "") << bad;
    EXPECT_NE(diagnostics.text().find("OTEL_RESOURCE_ATTRIBUTES"), std::string::npos);
  }
}

TEST(Resource, DetectsHostAndProcess) {
  const Resource resource = Resource::Detect();
  EXPECT_NE(resource.Text("host.name"), "");
  EXPECT_NE(resource.Text("host.arch"), "");
  EXPECT_EQ(resource.Text("os.type"), "linux");
  EXPECT_EQ(resource.Text("process.pid"), std::to_string(getpid()));
  EXPECT_EQ(resource.Text("process.executable.name"), "sdk_test");
}

TEST(Resource, HasOneRandomInstanceIdForTheProcess) {
  const std::string id = Resource::Detect().Text("service.instance.id");
  ASSERT_EQ(id.size(), 36u) << id;
  EXPECT_EQ(id[14], '4') << "the version of " << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << "the variant of " << id;
  EXPECT_EQ(Resource::Detect().Text("service.instance.id"), id);
  const Resource same = Resource::Detect().OfThisProcess();
  EXPECT_EQ(same.Text("service.instance.id"), id);
}

}  // namespace
}  // namespace spoor::trace
