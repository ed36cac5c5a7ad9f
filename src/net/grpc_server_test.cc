#include "net/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "base/worker_pool.h"
#include "net/socket_client.h"
#include "net/status.h"

namespace spoor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr char kMethod[] = "/test.Service/Echo";

struct Answer {
  grpc::Status status;
  std::string body;
};

// gRPC's own client, saying bytes.
class Client {
 public:
  explicit Client(uint16_t port, grpc_compression_algorithm compression = GRPC_COMPRESS_NONE)
      : stub_(Channel(port, compression)) {}

  Answer Ask(const std::string& method, const std::string& message) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 20s);
    grpc::CompletionQueue queue;
    const grpc::Slice slice(message);
    const grpc::ByteBuffer request(&slice, 1);
    const auto call = stub_.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    Answer answer;
    grpc::ByteBuffer response;
    call->Finish(&response, &answer.status, this);
    void* tag;
    bool ok;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (answer.status.ok() && response.Dump(&slices).ok()) {
      for (const grpc::Slice& piece : slices) {
        answer.body.append(reinterpret_cast<const char*>(piece.begin()), piece.size());
      }
    }
    return answer;
  }

 private:
  static std::shared_ptr<grpc::Channel> Channel(uint16_t port, grpc_compression_algorithm compression) {
    grpc::ChannelArguments arguments;
    arguments.SetCompressionAlgorithm(compression);
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(),
                                     arguments);
  }

  grpc::GenericStub stub_;
};

// A server whose answer tells what it was asked.
class GrpcServerTest : public testing::Test {
 protected:
  GrpcServerTest() {
    options.name = "test";
    options.host = "127.0.0.1";
    options.message_bytes_max = 1 << 20;
    options.methods = {kMethod};
    handler = [](GrpcRequest request, GrpcResponder responder) { responder({.body = "got " + request.message}); };
  }

  void Start() {
    auto started = GrpcServer::Start(budget, options, handler);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server = *std::move(started);
  }

  MemoryBudget budget{64 << 20};
  GrpcServerOptions options;
  GrpcHandler handler;
  std::unique_ptr<GrpcServer> server;
};

TEST_F(GrpcServerTest, HandsMessagesOnAndAnswersBack) {
  std::promise<std::string> peer;
  handler = [&, first = true](GrpcRequest request, GrpcResponder responder) mutable {
    if (std::exchange(first, false)) peer.set_value(request.peer);
    EXPECT_GE(request.memory.bytes(), request.message.size());
    responder({.body = request.method + " " + request.message});
  };
  Start();
  Client client(server->port());
  const Answer answer = client.Ask(kMethod, "hello");
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.body, std::string(kMethod) + " hello");
  EXPECT_THAT(peer.get_future().get(), testing::StartsWith("127.0.0.1:"));
  EXPECT_TRUE(client.Ask(kMethod, "").status.ok());
  // The answer may be here before the handler, which holds the request, has returned.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (budget.used_bytes() != 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST_F(GrpcServerTest, UndoesGzipAndDeflateWithinTheLimit) {
  Start();
  const std::string text(1 << 20, 'a');
  for (const auto compression : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    Client client(server->port(), compression);
    EXPECT_EQ(client.Ask(kMethod, text).body, "got " + text);
    EXPECT_EQ(client.Ask(kMethod, "x").body, "got x");
    const Answer bomb = client.Ask(kMethod, std::string(64 << 20, 'a'));
    EXPECT_EQ(bomb.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(bomb.status.error_message(), HasSubstr("more than 1048576 bytes"));
    EXPECT_EQ(bomb.status.error_details(), StatusProto(GrpcCode::kResourceExhausted, bomb.status.error_message(), {}));
  }
}

TEST_F(GrpcServerTest, RefusesALargerMessageAndGoesOn) {
  Start();
  Client client(server->port());
  EXPECT_EQ(client.Ask(kMethod, std::string((1 << 20) + 1, 'a')).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(client.Ask(kMethod, std::string(40 << 20, 'a')).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(client.Ask(kMethod, std::string(1 << 20, 'a')).status.ok());
}

TEST_F(GrpcServerTest, RefusesWhatTheBudgetDoesNotAllowAndAsksForARetry) {
  MemoryReservation others = budget.Reserve();
  ASSERT_TRUE(others.Resize((64 << 20) - 100'000));
  Start();
  const Answer answer = Client(server->port()).Ask(kMethod, std::string(200'000, 'a'));
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(answer.status.error_details(), HasSubstr("google.rpc.RetryInfo"));
}

TEST_F(GrpcServerTest, AnswersUnknownMethodsAndHealthChecksItself) {
  Start();
  Client client(server->port());
  EXPECT_EQ(client.Ask("/test.Service/Other", "x").status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(client.Ask("/grpc.health.v1.Health/Check", "").body, "\x08\x01");
}

TEST_F(GrpcServerTest, TellsErrorsWithTheirDetails) {
  handler = [](GrpcRequest, GrpcResponder responder) { responder(GrpcFailure(Error(Code::kFull, "no space"))); };
  Start();
  const Answer answer = Client(server->port()).Ask(kMethod, "x");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.status.error_message(), "no space");
  EXPECT_EQ(answer.status.error_details(), StatusProto(GrpcCode::kUnavailable, "no space", 1s));
}

TEST_F(GrpcServerTest, AnswersFromOtherThreadsAndForThoseWhoForget) {
  WorkerPool pool("test", 1, 10);
  handler = [&](GrpcRequest request, GrpcResponder responder) {
    if (request.message == "forget") return;
    EXPECT_TRUE(pool.Submit([responder = std::move(responder)] { responder({.body = "later"}); }));
  };
  Start();
  Client client(server->port());
  EXPECT_EQ(client.Ask(kMethod, "x").body, "later");
  EXPECT_EQ(client.Ask(kMethod, "forget").status.error_code(), grpc::StatusCode::INTERNAL);
}

TEST_F(GrpcServerTest, ServesManyClientsAtOnce) {
  Start();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([this, i] {
      Client client(server->port());
      const std::string body(10'000 * (i + 1), static_cast<char>('a' + i));
      for (int n = 0; n < 30; ++n) EXPECT_EQ(client.Ask(kMethod, body).body, "got " + body);
    });
  }
}

TEST_F(GrpcServerTest, StopLetsACallUnderWayAnswer) {
  std::promise<GrpcResponder> taken;
  handler = [&](GrpcRequest, GrpcResponder responder) { taken.set_value(std::move(responder)); };
  Start();
  auto asked = std::async(std::launch::async, [this] { return Client(server->port()).Ask(kMethod, "x"); });
  GrpcResponder responder = taken.get_future().get();
  std::jthread stopping([&] { server->Stop(20s); });
  // New connections are refused once the stop has begun.
  while (SocketClient(server->port()).connected()) std::this_thread::yield();
  responder({.body = "done"});
  responder = nullptr;
  EXPECT_EQ(asked.get().body, "done");
}

TEST_F(GrpcServerTest, StopCutsWhatOutlastsItsPatience) {
  std::promise<GrpcResponder> taken;
  handler = [&](GrpcRequest, GrpcResponder responder) { taken.set_value(std::move(responder)); };
  Start();
  auto asked = std::async(std::launch::async, [this] { return Client(server->port()).Ask(kMethod, "x"); });
  const GrpcResponder responder = taken.get_future().get();
  server->Stop(10ms);
  EXPECT_FALSE(asked.get().status.ok());
  server.reset();
  responder({});  // nobody is there any more, and that is no harm
}

TEST_F(GrpcServerTest, NamesTheTakenPortAndWhatToDo) {
  Start();
  GrpcServerOptions second = options;
  second.port = server->port();
  const auto failed = GrpcServer::Start(budget, second, handler);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Code::kIo);
  EXPECT_THAT(failed.error().message, HasSubstr("127.0.0.1:" + std::to_string(server->port())));
  EXPECT_THAT(failed.error().message, HasSubstr("Address already in use"));
  EXPECT_TRUE(Client(server->port()).Ask(kMethod, "x").status.ok());
  second.host = "no.such.host.invalid";
  EXPECT_FALSE(GrpcServer::Start(budget, second, handler).has_value());
}

TEST_F(GrpcServerTest, SurvivesWhatIsNoHttp2) {
  Start();
  for (const std::string_view garbage : {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01",
                                         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    SocketClient(server->port()).Send(garbage);
  }
  EXPECT_TRUE(Client(server->port()).Ask(kMethod, "x").status.ok());
}

}  // namespace
}  // namespace spoor
