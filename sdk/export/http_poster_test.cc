#include "export/http_poster.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "api/exporters.h"
#include "testing/http_receiver.h"
#include "testing/recording.h"

namespace spoor::trace {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Lookups of this name hang while one of these lives.
constexpr const char* kHangingName = "hanging.invalid";

class HangingResolver {
 public:
  HangingResolver() { Set(true); }
  ~HangingResolver() {
    std::unique_lock lock(mutex);
    is_hanging = false;
    changed.notify_all();
    changed.wait(lock, [] { return waiting == 0; });
  }
  HangingResolver(const HangingResolver&) = delete;
  HangingResolver& operator=(const HangingResolver&) = delete;

  static void Wait() {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    changed.wait(lock, [] { return !is_hanging; });
    --waiting;
    changed.notify_all();
  }
  static void WaitForLookup() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return waiting > 0; });
  }

 private:
  static void Set(bool hangs) {
    const std::lock_guard lock(mutex);
    is_hanging = hangs;
  }
  static inline std::mutex mutex;
  static inline std::condition_variable changed;
  static inline bool is_hanging = false;
  static inline int waiting = 0;
};

Url UrlOf(uint16_t port) { return {false, "127.0.0.1", std::to_string(port), "/"}; }
const Url kHanging{false, kHangingName, "4318", "/"};

TEST(HttpPoster, GivesUpAtItsDeadlineWhileANameIsLookedUp) {
  const HangingResolver hanging;
  HttpPoster poster(kHanging, {}, {});
  const auto begin = steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(poster.Post("x", false, milliseconds(20)).status, 0);
  }
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(10));
  poster.Cancel();
  poster.Close();
}

TEST(HttpPoster, IsCancelledWhileANameIsLookedUp) {
  const HangingResolver hanging;
  HttpPoster poster(kHanging, {}, {});
  std::thread posting([&] { EXPECT_EQ(poster.Post("x", false, std::chrono::hours(1)).status, 0); });
  HangingResolver::WaitForLookup();
  poster.Cancel();
  posting.join();
  poster.Close();
}

TEST(HttpPoster, PassesOverWhatGoesBeforeTheAnswer) {
  testing::HttpReceiver receiver([](const testing::ReceivedRequest&) {
    testing::Reply reply;
    reply.before = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n";
    reply.status = 202;
    return reply;
  });
  HttpPoster poster(UrlOf(receiver.port()), {}, {});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(poster.Post("x", false, std::chrono::seconds(20)).status, 202);
}

TEST(HttpPoster, TakesAnAnswerWhoseBodyBreaksOffForOne) {
  testing::HttpReceiver receiver([](const testing::ReceivedRequest&) {
    testing::Reply reply;
    reply.before = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
    reply.hangs_up_behind = true;
    return reply;
  });
  HttpPoster poster(UrlOf(receiver.port()), {}, {});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(poster.Post("x", false, std::chrono::seconds(20)).status, 200);
  EXPECT_EQ(receiver.requests().size(), 2u) << "and does not send it again";
}

// However the moment of the cancelling falls, no Post outlives it.
TEST(HttpPoster, IsCancelledAtAnyMoment) {
  testing::HttpReceiver receiver([](const testing::ReceivedRequest&) {
    testing::Reply reply;
    reply.never_comes = true;
    return reply;
  });
  for (int i = 0; i < 200; ++i) {
    HttpPoster poster(UrlOf(receiver.port()), {}, {});
    std::thread posting([&] { EXPECT_EQ(poster.Post("x", false, std::chrono::hours(1)).status, 0); });
    for (int spin = 0; spin < i * 20; ++spin) std::this_thread::yield();
    poster.Cancel();
    posting.join();
  }
}

TEST(HttpPoster, NamesTheFileThatIsWrong) {
  HttpPoster poster({true, "127.0.0.1", "1", "/"}, {"/nowhere/ca.pem", {}, {}}, {});
  EXPECT_NE(poster.Post("x", false, milliseconds(100)).problem.find("/nowhere/ca.pem"), std::string::npos);
}

}  // namespace
}  // namespace spoor::trace

// In the place of the system's, to which all but one name are passed on.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  if (host != nullptr && std::strcmp(host, spoor::trace::kHangingName) == 0) {
    spoor::trace::HangingResolver::Wait();
    return EAI_AGAIN;
  }
  using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto system = reinterpret_cast<Lookup>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return system(host, service, hints, found);
}
