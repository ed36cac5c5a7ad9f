#include "learn/check/resolve.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>

namespace spoor::learn {
namespace {

constexpr auto kSlice = std::chrono::milliseconds(50);

// What glibc works on. It has to stay where it is until glibc is done with it.
struct Question {
  std::string host;
  addrinfo hints{};
  gaicb request{};

  ~Question() {
    if (request.ar_result != nullptr) freeaddrinfo(request.ar_result);
  }
  bool IsDone() { return gai_error(&request) != EAI_INPROGRESS; }
};

// Questions that nobody waits for any more and that glibc is still busy with.
class Abandoned {
 public:
  void Add(std::unique_ptr<Question> question) {
    const std::lock_guard lock(mutex_);
    questions_.push_back(std::move(question));
  }
  void Sweep() {
    const std::lock_guard lock(mutex_);
    std::erase_if(questions_, [](const std::unique_ptr<Question>& question) { return question->IsDone(); });
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Question>> questions_;
};

Abandoned& TheAbandoned() {
  static Abandoned& abandoned = *new Abandoned;
  return abandoned;
}

std::vector<std::string> AddressesOf(const addrinfo* list) {
  std::vector<std::string> addresses;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
  }
  return addresses;
}

}  // namespace

Resolved Resolve(const std::string& host, std::chrono::milliseconds timeout, const std::stop_token& stop) {
  TheAbandoned().Sweep();
  auto question = std::make_unique<Question>();
  question->host = host;
  question->hints.ai_family = AF_UNSPEC;
  question->hints.ai_socktype = SOCK_STREAM;
  question->request.ar_name = question->host.c_str();
  question->request.ar_request = &question->hints;
  gaicb* list[] = {&question->request};
  if (const int failed = getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr); failed != 0) {
    return {ResolveEnd::kUnknownHost, {}, gai_strerror(failed)};
  }
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!question->IsDone()) {
    const bool stopped = stop.stop_requested();
    if (stopped || std::chrono::steady_clock::now() >= deadline) {
      if (gai_cancel(&question->request) == EAI_NOTCANCELED) TheAbandoned().Add(std::move(question));
      return {stopped ? ResolveEnd::kStopped : ResolveEnd::kTimeout, {}, "no answer from the name service"};
    }
    const timespec slice{0, std::chrono::nanoseconds(kSlice).count()};
    gai_suspend(list, 1, &slice);
  }
  if (const int failed = gai_error(&question->request); failed != 0) {
    return {ResolveEnd::kUnknownHost, {}, gai_strerror(failed)};
  }
  Resolved resolved{ResolveEnd::kFound, AddressesOf(question->request.ar_result), {}};
  if (resolved.addresses.empty()) return {ResolveEnd::kUnknownHost, {}, "it has no address"};
  return resolved;
}

}  // namespace spoor::learn
