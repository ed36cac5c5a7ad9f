#include "api/query_server.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"
#include "base/limits.h"
#include "net/socket_client.h"

namespace spoor::api {
namespace {

std::string Get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

class QueryServerTest : public testing::Test {
 protected:
  QueryServerTest() {
    auto started = QueryServer::Start(io_, budget_, {.host = "127.0.0.1"});
    SPOOR_CHECK(started.has_value());
    server_ = *std::move(started);
    store_.Add(SampleBatch());
  }

  ReferenceStore store_;
  MemoryBudget budget_{size_t{64} << 20};
  IoThreads io_{2};
  std::unique_ptr<QueryServer> server_;
};

TEST_F(QueryServerTest, AnswersOverHttpOnceItIsReady) {
  SocketClient client(server_->port());
  EXPECT_EQ(client.Ask(Get("/api/services")).status, 503);
  server_->SetReady(store_, {});
  const auto services = client.Ask(Get("/api/services"));
  EXPECT_EQ(services.status, 200);
  EXPECT_EQ(services.Header("Content-Type"), "application/json");
  EXPECT_EQ(services.body, "{\"data\":[\"bank\",\"shop\"],\"total\":2,\"limit\":0,\"offset\":0,\"errors\":null}\n");
  EXPECT_EQ(client.Ask(Get("/api/services/a%2Fb/operations")).status, 200);
  const auto page = client.Ask(Get("/search"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_FALSE(page.body.empty());
  EXPECT_EQ(client.Ask(Get("/search", "If-None-Match: " + page.Header("ETag") + "\r\n")).status, 304);
}

TEST_F(QueryServerTest, RefusesLargeBodiesInTheWordsOfTheApi) {
  server_->SetReady(store_, {});
  SocketClient client(server_->port());
  const auto response = client.Ask("POST /api/spoor/v1/admin/compact HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                   std::to_string(limits::kQueryBodyBytesMax + 1) + "\r\n\r\n");
  EXPECT_EQ(response.status, 413);
  EXPECT_TRUE(response.body.starts_with(R"({"error":{"code":"too_large","message":")")) << response.body;
}

TEST_F(QueryServerTest, StopsWithOpenConnections) {
  server_->SetReady(store_, {});
  SocketClient client(server_->port());
  EXPECT_EQ(client.Ask(Get("/api/services")).status, 200);
  server_->SetStopping();
  EXPECT_EQ(client.Ask(Get("/ready")).status, 503);
  server_->Stop(std::chrono::seconds(5));
  EXPECT_TRUE(client.IsClosed());
}

TEST(QueryServer, SaysWhichPortIsTaken) {
  MemoryBudget budget(1 << 20);
  IoThreads io(1);
  const auto first = QueryServer::Start(io, budget, {.host = "127.0.0.1"});
  ASSERT_TRUE(first.has_value());
  const auto second = QueryServer::Start(io, budget, {.host = "127.0.0.1", .port = (*first)->port()});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(std::to_string((*first)->port())), std::string::npos);
}

}  // namespace
}  // namespace spoor::api
