#include "analyze/call_target.h"

#include <gtest/gtest.h>

#include "analyze/made_trace.h"

namespace spoor::analyze {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

std::string TargetOf(Attributes attributes) {
  return CallTarget(*MadeBatch({{.id = 1, .attributes = std::move(attributes)}}), 0);
}

TEST(CallTarget, IsTheServiceThatTheCallerNames) {
  EXPECT_EQ(TargetOf({{"server.address", "10.0.0.7"}, {"peer.service", "acquirer"}, {"db.system", "redis"}}),
            "acquirer");
}

TEST(CallTarget, OfADatabaseIsItsKindAndName) {
  EXPECT_EQ(TargetOf({{"db.namespace", "orders"}, {"db.system.name", "postgresql"}, {"server.address", "pg-3"}}),
            "postgresql orders");
  EXPECT_EQ(TargetOf({{"db.system", "mysql"}, {"db.name", "users"}}), "mysql users");
  EXPECT_EQ(TargetOf({{"db.system", "redis"}, {"net.peer.name", "cache-1"}}), "redis");
}

TEST(CallTarget, OfAMessageIsItsDestination) {
  EXPECT_EQ(TargetOf({{"messaging.destination.name", "orders"}, {"server.address", "broker"}}), "orders");
  EXPECT_EQ(TargetOf({{"messaging.destination", "orders"}}), "orders");
}

TEST(CallTarget, ElseIsTheHost) {
  EXPECT_EQ(TargetOf({{"url.full", "https://other/"}, {"server.address", "api.example"}}), "api.example");
  EXPECT_EQ(TargetOf({{"net.peer.name", "api.example"}}), "api.example");
  EXPECT_EQ(TargetOf({{"network.peer.address", "10.0.0.7"}}), "10.0.0.7");
  EXPECT_EQ(TargetOf({{"net.peer.ip", "10.0.0.7"}}), "10.0.0.7");
}

TEST(CallTarget, TakesTheHostOutOfAUrl) {
  const auto host = [](std::string url) { return TargetOf({{"url.full", std::move(url)}}); };
  EXPECT_EQ(host("https://api.example/v1/charges?x=http://y"), "api.example");
  EXPECT_EQ(host("http://user:pass@word@api.example:8080"), "api.example");
  EXPECT_EQ(host("http://[2001:db8::1]:80/"), "[2001:db8::1]");
  EXPECT_EQ(host("http://api.example#part"), "api.example");
  for (const char* url : {"", "/v1/charges", "http://", "http:///x", "mailto:me@example.org", "://", "http://[", "@"}) {
    EXPECT_LE(host(url).size(), 1u) << url;
  }
  EXPECT_EQ(TargetOf({{"http.url", "http://old.example/"}}), "old.example");
}

TEST(CallTarget, IsEmptyWhereNothingNamesIt) {
  EXPECT_EQ(TargetOf({}), "");
  EXPECT_EQ(TargetOf({{"peer.service", ""}, {"http.method", "GET"}, {"db.name", "orders"}}), "");
}

TEST(CallTarget, TakesTextOnly) {
  SpanBatchBuilder builder;
  builder.AddResource({}, 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.BeginAttributes();
  ASSERT_TRUE(builder.AddAttribute(builder.InternString("peer.service"), ValueType::kInt, 7));
  ASSERT_TRUE(
      builder.AddAttribute(builder.InternString("server.address"), ValueType::kString, builder.InternString("a")));
  ASSERT_TRUE(
      builder.AddAttribute(builder.InternString("server.address"), ValueType::kString, builder.InternString("b")));
  builder.SetSpanAttributes(builder.EndAttributes());
  builder.EndSpan({.trace_id = kMadeTrace, .span_id = 1});
  EXPECT_EQ(CallTarget(**builder.Finish(), 0), "a");
}

}  // namespace
}  // namespace spoor::analyze
