#include "receive/receivers.h"

#include <gtest/gtest.h>

#include <charconv>

#include "decode/thrift_writer.h"
#include "net/socket_client.h"
#include "receive/fake_sink.h"
#include "receive/otlp_requests.h"

namespace spoor {
namespace {

uint16_t PortOf(const std::string& address) {
  const std::string digits = address.substr(address.rfind(':') + 1);
  uint16_t port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

class ReceiversTest : public testing::Test {
 protected:
  FakeSink sink_;
  MemoryBudget budget_{size_t{64} << 20};
  WorkerPool pool_{"decode", 1, 16};
  IoThreads io_{1};
};

TEST_F(ReceiversTest, TakesSpansOverHttpUntilStopped) {
  const auto receivers =
      Receivers::Start(io_, budget_, pool_, sink_, {.host = "127.0.0.1", .otlp_http_port = 0, .otlp_grpc_port = 0});
  ASSERT_TRUE(receivers.has_value()) << receivers.error().message;
  EXPECT_NE(PortOf((*receivers)->AddressOf("otlp-grpc")), 0);
  const uint16_t port = PortOf((*receivers)->AddressOf("otlp-http"));
  ASSERT_NE(port, 0);
  SocketClient client(port);
  const std::string body = OneSpanProtobuf();
  client.Send("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto response = client.Receive();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(sink_.batches().size(), 1u);
  (*receivers)->Stop(std::chrono::seconds(5));
  EXPECT_FALSE(SocketClient(port).connected());
}

TEST_F(ReceiversTest, TakesJaegersBatchesAndTellsItsPortsInOrder) {
  const auto receivers =
      Receivers::Start(io_, budget_, pool_, sink_,
                       {.host = "127.0.0.1", .otlp_http_port = 0, .otlp_grpc_port = 0, .jaeger_http_port = 0});
  ASSERT_TRUE(receivers.has_value()) << receivers.error().message;
  const std::vector<ReceiverPort> ports = (*receivers)->Ports();
  ASSERT_EQ(ports.size(), 3u);
  EXPECT_EQ(ports[0].name, "otlp-http");
  EXPECT_EQ(ports[1].name, "otlp-grpc");
  EXPECT_EQ(ports[2].name, "jaeger-http");
  SocketClient client(PortOf(ports[2].address));
  const std::string body = thrift_test::Batch(thrift_test::Span{});
  client.Send(
      "POST /api/traces?format=jaeger.thrift HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-thrift\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  const auto response = client.Receive();
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(sink_.batches().size(), 1u);
  EXPECT_GE((*receivers)->Ports()[2].counts.accepted_spans, 1u);
  (*receivers)->Stop(std::chrono::seconds(5));
}

TEST_F(ReceiversTest, PortsThatAreNotSetStayClosed) {
  const auto receivers = Receivers::Start(io_, budget_, pool_, sink_, {.host = "127.0.0.1", .otlp_http_port = 0});
  ASSERT_TRUE(receivers.has_value());
  EXPECT_EQ((*receivers)->AddressOf("otlp-grpc"), "");
  (*receivers)->Stop(std::chrono::seconds(5));
}

TEST_F(ReceiversTest, ATakenPortIsAnError) {
  const auto first = Receivers::Start(io_, budget_, pool_, sink_, {.host = "127.0.0.1", .otlp_http_port = 0});
  ASSERT_TRUE(first.has_value());
  const uint16_t port = PortOf((*first)->AddressOf("otlp-http"));
  const auto second = Receivers::Start(io_, budget_, pool_, sink_, {.host = "127.0.0.1", .otlp_http_port = port});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(std::to_string(port)), std::string::npos);
  (*first)->Stop(std::chrono::seconds(5));
}

}  // namespace
}  // namespace spoor
