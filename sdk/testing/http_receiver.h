// A small HTTP server for tests, on a free port of 127.0.0.1: answers as the test says and keeps what came.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "testing/self_signed.h"

namespace spoor::trace::testing {

struct ReceivedRequest {
  std::string target;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
  int connection = 0;  // the how-manieth, from 0
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  bool hangs_up_behind = false;  // closes the connection after the answer, without saying so in it
  bool never_comes = false;
  std::string before = {};  // bytes that go before it
};

class HttpReceiver {
 public:
  using Answer = std::function<Reply(const ReceivedRequest&)>;
  explicit HttpReceiver(
      Answer answer = [](const ReceivedRequest&) { return Reply{}; }, std::optional<SelfSigned> identity = {});
  ~HttpReceiver();

  uint16_t port() const { return port_; }
  std::string Url(const std::string& scheme = "http") const;
  std::vector<ReceivedRequest> requests() const;
  // Whether the other ends of all connections that hang up have been closed.
  bool WaitForHungUp(int count);

 private:
  struct Listener;
  void Accept();
  void Serve(int socket, int connection);

  const Answer answer_;
  std::unique_ptr<Listener> listener_;
  uint16_t port_ = 0;
  std::thread accepting_;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::vector<std::thread> serving_;
  std::vector<int> sockets_;
  std::vector<ReceivedRequest> requests_;
  int hung_up_ = 0;
  bool is_over_ = false;
};

}  // namespace spoor::trace::testing
