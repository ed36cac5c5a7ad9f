#include "learn/check/resolve.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace spoor::learn {
namespace {

// Threads that wait for the name service. Where it never answers, it is not asked for ever more.
constexpr size_t kAskingMax = 32;

std::vector<std::string> AddressesOf(const addrinfo* list) {
  std::vector<std::string> addresses;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
  }
  return addresses;
}

Resolved AskSystem(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &list); failed != 0) {
    return {ResolveEnd::kUnknownHost, {}, gai_strerror(failed)};
  }
  Resolved resolved{ResolveEnd::kFound, AddressesOf(list), {}};
  freeaddrinfo(list);
  if (resolved.addresses.empty()) return {ResolveEnd::kUnknownHost, {}, "it has no address"};
  return resolved;
}

// What the one who asks and the thread that asks the system share; it lives as long as either needs it.
class Question {
 public:
  void Answer(Resolved resolved) {
    const std::lock_guard lock(mutex_);
    resolved_ = std::move(resolved);
    is_answered_ = true;
    answered_.notify_all();
  }
  // Nothing where the time is over, or somebody asked to stop, before there is an answer.
  std::optional<Resolved> Wait(std::chrono::milliseconds timeout, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!answered_.wait_for(lock, stop, timeout, [this] { return is_answered_; })) return std::nullopt;
    return resolved_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any answered_;
  bool is_answered_ = false;  // guarded by mutex_
  Resolved resolved_;         // guarded by mutex_
};

std::atomic<size_t> asking{0};  // threads

// Null where the machine has no thread to spare.
std::shared_ptr<Question> Ask(const std::string& host) {
  auto question = std::make_shared<Question>();
  ++asking;
  const auto ask = [question, host] {
    question->Answer(AskSystem(host));
    --asking;
  };
  try {
    // check-ok(bans): nothing can interrupt it, so nobody may wait for it; it uses nothing of others
    std::thread(ask).detach();
  } catch (const std::system_error&) {
    --asking;
    return nullptr;
  }
  return question;
}

// Whether `host` is an address itself, which nobody has to be asked for.
bool IsAddress(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return false;
  freeaddrinfo(list);
  return true;
}

}  // namespace

Resolved Resolve(const std::string& host, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  if (IsAddress(host)) return AskSystem(host);
  const Resolved unanswered{ResolveEnd::kTimeout, {}, "no answer from the name service"};
  if (asking >= kAskingMax) return unanswered;
  const std::shared_ptr<Question> question = Ask(host);
  if (question == nullptr) return unanswered;
  if (std::optional<Resolved> resolved = question->Wait(timeout, stop)) return *std::move(resolved);
  if (stop.stop_requested()) return {ResolveEnd::kStopped, {}, "stopped"};
  return unanswered;
}

}  // namespace spoor::learn
