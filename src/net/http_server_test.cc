#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "base/compress.h"
#include "base/worker_pool.h"
#include "net/socket_client.h"

namespace spoor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

// A server whose answer tells what it was asked.
class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    options.name = "test";
    options.host = "127.0.0.1";
    options.body_bytes_max = 1 << 20;
    handler = [](HttpRequest request, HttpResponder responder) {
      responder.Send({.content_type = "text/plain",
                      .body = request.method + " " + request.path + "?" + request.query + " " + request.body});
    };
  }

  void Start() {
    auto started = HttpServer::Start(io, budget, options, handler);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server = *std::move(started);
  }

  SocketClient Connect() { return SocketClient(server->port()); }

  static std::string Post(std::string_view body, std::string_view headers = "") {
    return "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
  }

  static std::string Chunked(std::string_view body, size_t step, std::string_view headers = "") {
    std::string text = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + std::string(headers) + "\r\n";
    for (size_t at = 0; at < body.size(); at += step) {
      const std::string_view piece = body.substr(at, step);
      char size[20];
      snprintf(size, sizeof(size), "%zx\r\n", piece.size());
      text.append(size).append(piece).append("\r\n");
    }
    return text + "0\r\n\r\n";
  }

  IoThreads io{2};
  MemoryBudget budget{64 << 20};
  HttpServerOptions options;
  HttpHandler handler;
  std::unique_ptr<HttpServer> server;
};

constexpr std::string_view kGet = "GET /a%20b?x=1 HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  Start();
  SocketClient client = Connect();
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Ask(kGet);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a b?x=1 ");
    EXPECT_EQ(response.Header("Content-Type"), "text/plain");
    EXPECT_FALSE(response.Header("Date").empty());
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  SocketClient client = Connect();
  client.Send(Post("one") + std::string(kGet) + Chunked("two", 1) +
              Post(GzipCompress("three"), "Content-Encoding: gzip\r\n") + "\r\n" + std::string(kGet));
  EXPECT_EQ(client.Receive().body, "POST /p? one");
  EXPECT_EQ(client.Receive().body, "GET /a b?x=1 ");
  EXPECT_EQ(client.Receive().body, "POST /p? two");
  EXPECT_EQ(client.Receive().body, "POST /p? three");
  EXPECT_EQ(client.Receive().body, "GET /a b?x=1 ");
}

// Holds requests until they are released, in any order.
class HeldRequests {
 public:
  HttpHandler Handler() {
    return [this](HttpRequest request, HttpResponder responder) {
      const std::lock_guard lock(mutex_);
      held_.emplace_back(request.body, std::move(responder));
      most_ = std::max(most_, ++under_way_);
      changed_.notify_all();
    };
  }
  // Waits until request `i` (by arrival) is here, and answers it with its body.
  void Release(size_t i) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_.size() > i; });
    --under_way_;
    held_[i].second.Send({.body = held_[i].first});
  }
  int most_under_way() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<std::string, HttpResponder>> held_;
  int under_way_ = 0;
  int most_ = 0;
};

TEST_F(HttpServerTest, ReadsOnWhileEarlierRequestsAreUnderWayAndAnswersInOrder) {
  HeldRequests requests;
  handler = requests.Handler();
  options.pipelined_max = 3;
  Start();
  SocketClient client = Connect();
  client.Send(Post("0") + Post("1") + Chunked("2", 1) + Post("3") + Post("4"));
  // The last one first: all three must be here before the first is answered.
  for (const size_t i : {2, 1, 0, 3, 4}) requests.Release(i);
  for (const char* body : {"0", "1", "2", "3", "4"}) EXPECT_EQ(client.Receive().body, body);
  EXPECT_EQ(requests.most_under_way(), 3);
}

TEST_F(HttpServerTest, ReadsOneRequestAtATimeWhereOrderMatters) {
  HeldRequests requests;
  handler = requests.Handler();
  Start();
  SocketClient client = Connect();
  client.Send(Post("0") + Post("1") + Post("2"));
  for (const size_t i : {0, 1, 2}) {
    requests.Release(i);
    EXPECT_EQ(client.Receive().body, std::to_string(i));
  }
  EXPECT_EQ(requests.most_under_way(), 1);
}

TEST_F(HttpServerTest, AnswersWhatIsUnderWayBeforeItRefusesTheNextRequest) {
  HeldRequests requests;
  handler = requests.Handler();
  options.pipelined_max = 4;
  Start();
  SocketClient client = Connect();
  client.Send(Post("0") + Post("1") + "this is no request\r\n\r\n");
  for (const size_t i : {1, 0}) requests.Release(i);
  EXPECT_EQ(client.Receive().body, "0");
  EXPECT_EQ(client.Receive().body, "1");
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, AnswersAClientThatHasSaidAllItHasToSay) {
  HeldRequests requests;
  handler = requests.Handler();
  options.pipelined_max = 4;
  Start();
  SocketClient client = Connect();
  client.Send(Post("0") + Post("1"));
  client.CloseSending();
  for (const size_t i : {1, 0}) requests.Release(i);
  EXPECT_EQ(client.Receive().body, "0");
  EXPECT_EQ(client.Receive().body, "1");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, DoesNotTakeARequestThatIsUnderWayForAnIdleConnection) {
  HeldRequests requests;
  handler = requests.Handler();
  options.pipelined_max = 4;
  options.header_timeout = 30ms;
  Start();
  SocketClient client = Connect();
  client.Send(Post("0"));
  SocketClient idle = Connect();
  EXPECT_TRUE(idle.IsClosed()) << "it was idle for as long";
  requests.Release(0);
  EXPECT_EQ(client.Receive().body, "0");
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, ReadsARequestThatComesByteByByte) {
  Start();
  SocketClient client = Connect();
  for (const char c : Post("abc") + Chunked("def", 2)) client.Send(std::string_view(&c, 1));
  EXPECT_EQ(client.Receive().body, "POST /p? abc");
  EXPECT_EQ(client.Receive().body, "POST /p? def");
}

TEST_F(HttpServerTest, UndoesEveryContentEncoding) {
  Start();
  SocketClient client = Connect();
  const std::string body(300'000, 'b');
  for (const auto& [name, packed] : {std::pair<std::string, std::string>{"identity", body},
                                     {"gzip", GzipCompress(body)},
                                     {"GZip", GzipCompress(body)},
                                     {"zstd", ZstdCompress(body)}}) {
    const std::string header = "Content-Encoding: " + name + "\r\n";
    EXPECT_EQ(client.Ask(Post(packed, header)).body, "POST /p? " + body) << name;
    EXPECT_EQ(client.Ask(Chunked(packed, 1000, header)).body, "POST /p? " + body) << name;
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST_F(HttpServerTest, TakesABodyOfExactlyTheLimit) {
  options.body_bytes_max = 100'000;
  Start();
  SocketClient client = Connect();
  const std::string body(100'000, 'b');
  EXPECT_EQ(client.Ask(Post(body)).status, 200);
  EXPECT_EQ(client.Ask(Chunked(body, 999)).status, 200);
  EXPECT_EQ(client.Ask(Post(GzipCompress(body), "Content-Encoding: gzip\r\n")).status, 200);
}

TEST_F(HttpServerTest, RefusesALargerBodyByItsLengthAlone) {
  Start();
  SocketClient client = Connect();
  const auto response = client.Ask("POST /p HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.Header("Connection"), "close");
  EXPECT_THAT(response.body, HasSubstr("more than 1048576 bytes"));
  client.CloseSending();
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, LetsAClientThatStillSendsReadItsRefusal) {
  Start();
  SocketClient client = Connect();
  // Far more than the buffers of both systems hold, and all of it before the first look at the answer.
  ASSERT_TRUE(client.Send("POST /p HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n"));
  ASSERT_TRUE(client.Send(std::string(50'000'000, 'b')));
  EXPECT_EQ(client.Receive().status, 413);
}

TEST_F(HttpServerTest, RefusesWhatGrowsPastTheLimit) {
  Start();
  const std::string large(2 << 20, 'b');
  EXPECT_EQ(Connect().Ask(Chunked(large, 60'000)).status, 413);
  EXPECT_EQ(Connect().Ask(Chunked(GzipCompress(large), 1000, "Content-Encoding: gzip\r\n")).status, 413);
  EXPECT_EQ(Connect().Ask(Post(GzipCompress(large), "Content-Encoding: gzip\r\n")).status, 413);
  EXPECT_EQ(Connect().Ask(Post(ZstdCompress(std::string(64 << 20, '\0')), "Content-Encoding: zstd\r\n")).status, 413);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST_F(HttpServerTest, RefusesWhatTheBudgetDoesNotAllowAndAsksForARetry) {
  MemoryReservation others = budget.Reserve();
  ASSERT_TRUE(others.Resize((64 << 20) - 100'000));
  Start();
  const auto response = Connect().Ask(Post(std::string(200'000, 'b')));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.Header("Retry-After"), "1");
  EXPECT_EQ(Connect().Ask(Post(GzipCompress(std::string(200'000, 'b')), "Content-Encoding: gzip\r\n")).status, 429);
  others.Release();
  EXPECT_EQ(Connect().Ask(Post(std::string(200'000, 'b'))).status, 200);
}

TEST_F(HttpServerTest, ReservesNoMoreForABodyThanHasArrivedAndALittle) {
  options.body_bytes_max = 32 << 20;
  Start();
  SocketClient client = Connect();
  client.Send("POST /p HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 30000000\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 100);  // so the head has been read
  EXPECT_LE(budget.used_bytes(), 256u << 10);
}

TEST_F(HttpServerTest, HoldsTheBodysMemoryUntilTheRequestIsGone) {
  std::promise<HttpRequest> taken;
  handler = [&](HttpRequest request, HttpResponder responder) {
    taken.set_value(std::move(request));
    responder.Send({});
  };
  Start();
  EXPECT_EQ(Connect().Ask(Post(std::string(200'000, 'b'))).status, 200);
  {
    const HttpRequest request = taken.get_future().get();
    EXPECT_GE(budget.used_bytes(), 200'000u);
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST_F(HttpServerTest, CallsUnreadableEncodedDataBadAndUnknownEncodingsUnsupported) {
  Start();
  EXPECT_EQ(Connect().Ask(Post("no gzip", "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(Connect().Ask(Post(GzipCompress("cut").substr(0, 15), "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(Connect().Ask(Post("x", "Content-Encoding: br\r\n")).status, 415);
  EXPECT_EQ(Connect().Ask(Post("x", "Content-Encoding: gzip, gzip\r\n")).status, 415);
}

TEST_F(HttpServerTest, ContinuesWhenAskedAndAnswersAtOnceWhenItWillNot) {
  Start();
  SocketClient client = Connect();
  client.Send("POST /p HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 100);
  EXPECT_EQ(client.Ask("abc").body, "POST /p? abc");
  EXPECT_EQ(client.Ask("POST /p HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n").status, 413);
  EXPECT_EQ(Connect().Ask("POST /p HTTP/1.1\r\nExpect: miracles\r\nContent-Length: 3\r\n\r\n").status, 417);
}

TEST_F(HttpServerTest, CallsGarbageABadRequestAtOnce) {
  Start();
  for (const std::string_view garbage :
       {"\x16\x03\x01\x02\x00\x01\x00", "hello\r\n", "GET\x01 / HTTP/1.1\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET relative HTTP/1.1\r\n\r\n", "GET /%00 HTTP/1.1\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    SocketClient client = Connect();
    EXPECT_EQ(client.Ask(garbage).status, 400) << garbage;
  }
  EXPECT_EQ(Connect().Ask("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n").status, 501);
  EXPECT_EQ(Connect().Ask(kGet).status, 200);
}

TEST_F(HttpServerTest, UnderstandsTargetsWithTheirOrigin) {
  Start();
  EXPECT_EQ(Connect().Ask("GET http://host:1/x?y HTTP/1.1\r\n\r\n").body, "GET /x?y ");
  EXPECT_EQ(Connect().Ask("OPTIONS * HTTP/1.1\r\n\r\n").body, "OPTIONS *? ");
}

TEST_F(HttpServerTest, RefusesAHeadOverItsLimit) {
  Start();
  const std::string filler(70'000, 'h');
  EXPECT_EQ(Connect().Ask("GET / HTTP/1.1\r\nX: " + filler + "\r\n\r\n").status, 431);
  EXPECT_EQ(Connect().Ask("GET / HTTP/1.1\r\nX: " + filler).status, 431);
  EXPECT_EQ(Connect().Ask("GET /" + filler).status, 431);
  EXPECT_EQ(Connect().Ask("GET / HTTP/1.1\r\nX: " + filler.substr(0, 60'000) + "\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, EndsAnIdleConnectionInSilenceAndASlowHeadWithAWord) {
  options.header_timeout = 50ms;
  Start();
  EXPECT_TRUE(Connect().IsClosed());
  SocketClient slow = Connect();
  EXPECT_EQ(slow.Ask("GET / HT").status, 408);
}

TEST_F(HttpServerTest, EndsABodyThatStallsOrNeverEnds) {
  options.body_stall_timeout = 50ms;
  Start();
  EXPECT_EQ(Connect().Ask("POST /p HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc").status, 408);
  EXPECT_EQ(Connect().Ask("POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc").status, 408);
  server.reset();

  options.body_stall_timeout = 10s;
  options.body_timeout = 100ms;
  Start();
  SocketClient trickling = Connect();
  trickling.Send("POST /p HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
  pollfd answered{trickling.fd(), POLLIN, 0};
  while (poll(&answered, 1, 5) == 0) trickling.Send("b");
  EXPECT_EQ(trickling.Receive().status, 408);
}

TEST_F(HttpServerTest, EndsAConnectionWhoseClientReadsNothing) {
  options.write_timeout = 50ms;
  std::promise<void> sent;
  handler = [&](HttpRequest, HttpResponder responder) {
    responder.Send({.content_type = "image/png", .body = std::string(100 << 20, 'x')});
    sent.set_value();
  };
  Start();
  SocketClient client = Connect();
  client.Send(kGet);
  sent.get_future().wait();
  // Stop has patience enough for the client to be given up first: it would wait for the answer otherwise.
  const auto start = std::chrono::steady_clock::now();
  server->Stop(20s);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 15s);
}

TEST_F(HttpServerTest, AnswersHeadAsGetWithoutTheBody) {
  Start();
  SocketClient client = Connect();
  client.Send("HEAD /a HTTP/1.1\r\n\r\n");
  const auto response = client.Receive(true);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("Content-Length"), std::to_string(std::string("GET /a? ").size()));
  EXPECT_EQ(client.Ask(kGet).status, 200);
}

TEST_F(HttpServerTest, ClosesWhenTheClientAsksForIt) {
  Start();
  SocketClient client = Connect();
  EXPECT_EQ(client.Ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").Header("Connection"), "close");
  EXPECT_TRUE(client.IsClosed());
  SocketClient old = Connect();
  EXPECT_EQ(old.Ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.IsClosed());
}

TEST_F(HttpServerTest, PacksLargeTextForClientsThatTakeIt) {
  const std::string text(5000, 't');
  handler = [&](HttpRequest request, HttpResponder responder) {
    responder.Send({.content_type = request.path == "/png" ? "image/png" : "application/json", .body = text});
  };
  Start();
  SocketClient client = Connect();
  const auto packed = client.Ask("GET / HTTP/1.1\r\nAccept-Encoding: gzip, deflate\r\n\r\n");
  EXPECT_EQ(packed.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(packed.Header("Vary"), "Accept-Encoding");
  BoundedBytes out(10'000, budget.Reserve());
  ASSERT_TRUE(Decompressor::Make(Encoding::kGzip, out, budget.Reserve())->Feed(packed.body).has_value());
  EXPECT_EQ(out.Take().first, text);
  EXPECT_EQ(client.Ask("GET / HTTP/1.1\r\nAccept-Encoding: gzip, zstd\r\n\r\n").Header("Content-Encoding"), "zstd");
  EXPECT_EQ(client.Ask("GET / HTTP/1.1\r\nAccept-Encoding: gzip;q=0\r\n\r\n").body, text);
  EXPECT_EQ(client.Ask("GET / HTTP/1.1\r\n\r\n").body, text);
  EXPECT_EQ(client.Ask("GET /png HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n").body, text);
}

TEST_F(HttpServerTest, SendsABodyThatLivesForEverAndKeepsHeadersApart) {
  static const std::string file(100'000, 'f');
  handler = [](HttpRequest, HttpResponder responder) {
    responder.Send({.content_type = "image/png", .headers = {{"X", "a\r\nSet-Cookie: b"}}, .static_body = file});
  };
  Start();
  const auto response = Connect().Ask(kGet);
  EXPECT_EQ(response.body, file);
  EXPECT_EQ(response.Header("X"), "a  Set-Cookie: b");
  EXPECT_EQ(response.Header("Set-Cookie"), "");
}

TEST_F(HttpServerTest, AnswersFromOtherThreadsAndForThoseWhoForget) {
  WorkerPool pool("test", 1, 10);
  handler = [&](HttpRequest request, HttpResponder responder) {
    if (request.path == "/forget") return;
    auto shared = std::make_shared<HttpResponder>(std::move(responder));
    EXPECT_TRUE(pool.Submit([shared] { shared->Send({.body = "later"}); }));
  };
  Start();
  SocketClient client = Connect();
  EXPECT_EQ(client.Ask(kGet).body, "later");
  EXPECT_EQ(client.Ask("GET /forget HTTP/1.1\r\n\r\n").status, 500);
}

// Answers only once the client has gone, or never.
class WatchedServerTest : public HttpServerTest {
 protected:
  WatchedServerTest() {
    options.watch_clients = true;
    handler = [this](HttpRequest request, HttpResponder responder) {
      if (request.path == "/quick") return responder.Send({.body = "quick"});
      const auto shared = std::make_shared<HttpResponder>(std::move(responder));
      EXPECT_TRUE(pool.Submit([this, shared, gone = request.client_gone] {
        begun.count_down();
        while (!*gone && !let_go) std::this_thread::yield();
        saw_it_go = gone->load();
        shared->Send({.body = "late"});
      }));
    };
    Start();
  }
  ~WatchedServerTest() override {
    let_go = true;
    pool.Stop();
    server.reset();
  }
  // Whether the request was told that its client is gone.
  bool Told() {
    pool.Stop();
    return saw_it_go;
  }

  static constexpr std::string_view kSlow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
  static constexpr std::string_view kQuick = "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n";
  WorkerPool pool{"test", 1, 10};
  std::latch begun{1};
  std::atomic<bool> let_go{false};
  std::atomic<bool> saw_it_go{false};
};

TEST_F(WatchedServerTest, TellsARequestThatItsClientHasGone) {
  {
    SocketClient client = Connect();
    ASSERT_TRUE(client.Send(kSlow));
    begun.wait();
  }
  EXPECT_TRUE(Told());
}

TEST_F(WatchedServerTest, TellsARequestThatItsClientHasResetTheConnection) {
  {
    SocketClient client = Connect();
    ASSERT_TRUE(client.Send(kSlow));
    begun.wait();
    const linger hard{.l_onoff = 1, .l_linger = 0};
    setsockopt(client.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  EXPECT_TRUE(Told());
}

TEST_F(WatchedServerTest, AnswersTheNextRequestThatComesMeanwhile) {
  SocketClient client = Connect();
  EXPECT_EQ(client.Ask(kQuick).body, "quick");
  ASSERT_TRUE(client.Send(std::string(kSlow) + std::string(kQuick)));
  begun.wait();
  let_go = true;
  EXPECT_EQ(client.Receive().body, "late");
  EXPECT_EQ(client.Receive().body, "quick");
  EXPECT_EQ(client.Ask(kQuick).body, "quick");
  EXPECT_FALSE(Told());
}

TEST_F(HttpServerTest, WordsItsRefusalsAsThePortDoes) {
  options.error_format = [](int status, std::string_view message, const HttpRequest& head) {
    return HttpResponse{.status = status == 415 ? 400 : status,
                        .content_type = "application/json",
                        .body = head.path + ": " + std::string(message)};
  };
  Start();
  const auto response = Connect().Ask(Post("x", "Content-Encoding: br\r\n"));
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith("/p: "));
}

TEST_F(HttpServerTest, StaysOpenToNewcomersWhenIdleConnectionsFloodIt) {
  options.connections_max = 20;
  Start();
  std::vector<SocketClient> idle;
  for (int i = 0; i < 100; ++i) idle.push_back(Connect());
  EXPECT_EQ(Connect().Ask(kGet).status, 200);
  int closed = 0;
  for (SocketClient& client : idle) closed += client.Ask(kGet).status == 0;
  EXPECT_GE(closed, 75);
}

TEST_F(HttpServerTest, RefusesNewcomersWhenAllConnectionsAreAtWork) {
  options.connections_max = 2;
  std::latch at_work(2);
  std::latch release(1);
  std::vector<std::jthread> threads;
  std::mutex mutex;
  handler = [&](HttpRequest, HttpResponder responder) {
    std::lock_guard lock(mutex);
    threads.emplace_back([&, responder = std::move(responder)]() mutable {
      at_work.count_down();
      release.wait();
      responder.Send({});
    });
  };
  Start();
  SocketClient first = Connect();
  SocketClient second = Connect();
  first.Send(kGet);
  second.Send(kGet);
  at_work.wait();
  const auto refused = Connect().Receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  release.count_down();
  EXPECT_EQ(first.Receive().status, 200);
  EXPECT_EQ(second.Receive().status, 200);
}

TEST_F(HttpServerTest, StopAnswersWhatIsUnderWayAndClosesWhatIsIdle) {
  std::promise<HttpResponder> taken;
  handler = [&](HttpRequest, HttpResponder responder) { taken.set_value(std::move(responder)); };
  Start();
  SocketClient idle = Connect();
  SocketClient busy = Connect();
  busy.Send(kGet);
  HttpResponder responder = taken.get_future().get();
  std::jthread stopping([&] { server->Stop(20s); });
  EXPECT_TRUE(idle.IsClosed());
  responder.Send({.body = "done"});
  const auto response = busy.Receive();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response.Header("Connection"), "close");
  stopping.join();
  EXPECT_FALSE(Connect().connected());
}

TEST_F(HttpServerTest, StopCutsWhatOutlastsItsPatience) {
  std::promise<HttpResponder> taken;
  handler = [&](HttpRequest, HttpResponder responder) { taken.set_value(std::move(responder)); };
  Start();
  SocketClient busy = Connect();
  busy.Send(kGet);
  HttpResponder responder = taken.get_future().get();
  server->Stop(10ms);
  EXPECT_TRUE(busy.IsClosed());
  server.reset();
  responder.Send({});  // nobody is there any more, and that is no harm
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
  Start();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([this, i] {
      SocketClient client = Connect();
      const std::string body(10'000 * (i + 1), static_cast<char>('a' + i));
      for (int n = 0; n < 50; ++n) EXPECT_EQ(client.Ask(Post(body)).body, "POST /p? " + body);
    });
  }
}

TEST_F(HttpServerTest, SurvivesClientsThatVanishAtAnyMoment) {
  Start();
  const std::string requests =
      Post("abc") + Chunked("def", 2) + Post(GzipCompress("ghi"), "Content-Encoding: gzip\r\n");
  for (size_t length = 0; length <= requests.size(); ++length) Connect().Send(requests.substr(0, length));
  EXPECT_EQ(Connect().Ask(kGet).status, 200);
}

TEST_F(HttpServerTest, NamesTheTakenPortAndWhatToDo) {
  Start();
  HttpServerOptions second = options;
  second.port = server->port();
  const auto failed = HttpServer::Start(io, budget, second, handler);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Code::kIo);
  EXPECT_THAT(failed.error().message, HasSubstr("127.0.0.1:" + std::to_string(server->port())));
  EXPECT_THAT(failed.error().message, HasSubstr("choose another port"));
  second.host = "no.such.host.invalid";
  EXPECT_FALSE(HttpServer::Start(io, budget, second, handler).has_value());
}

TEST_F(HttpServerTest, TellsItsAddressOnAnyInterface) {
  Start();
  EXPECT_EQ(server->address(), "127.0.0.1:" + std::to_string(server->port()));
}

}  // namespace
}  // namespace spoor
