// For tests: a server on 127.0.0.1 (or ::1) that says whatever a test wants it to, to one connection after the other.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/check.h"
#include "learn/check/url.h"

namespace spoor::learn {

class RawServer {
 public:
  enum class Then : uint8_t { kClose, kStayOpen };

  // Reads a request's head, sends `answer`, and then closes or says nothing more.
  explicit RawServer(std::string answer, Then then = Then::kClose, int family = AF_INET)
      : answer_(std::move(answer)), then_(then), fd_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage at{};
    at.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET) {
      reinterpret_cast<sockaddr_in&>(at).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {
      reinterpret_cast<sockaddr_in6&>(at).sin6_addr = in6addr_loopback;
    }
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    is_bound_ = bind(fd_, reinterpret_cast<sockaddr*>(&at), size) == 0 && listen(fd_, 16) == 0;
    if (!is_bound_) return;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in&>(at).sin_port
                                    : reinterpret_cast<sockaddr_in6&>(at).sin6_port);
    host_ = family == AF_INET ? "127.0.0.1" : "::1";
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  ~RawServer() {
    thread_ = {};
    for (const int connection : open_) close(connection);
    close(fd_);
  }

  bool is_bound() const { return is_bound_; }  // false where the machine has no such address
  Url url() const { return {host_, std::to_string(port_), {}}; }
  // The head of the last request.
  std::string request() const {
    const std::lock_guard lock(mutex_);
    return request_;
  }

 private:
  static bool Wait(int fd, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd wait{fd, POLLIN, 0};
      if (poll(&wait, 1, 10) > 0) return true;
    }
    return false;
  }

  void Run(const std::stop_token& stop) {
    while (Wait(fd_, stop)) Serve(accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC), stop);
  }

  void Serve(int connection, const std::stop_token& stop) {
    std::string head;
    char bytes[4096];
    while (head.find("\r\n\r\n") == std::string::npos && Wait(connection, stop)) {
      const ssize_t count = recv(connection, bytes, sizeof bytes, 0);
      if (count <= 0) break;
      head.append(bytes, static_cast<size_t>(count));
    }
    {
      const std::lock_guard lock(mutex_);
      request_ = head;
    }
    send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    if (then_ == Then::kClose) {
      close(connection);
    } else {
      open_.push_back(connection);
    }
  }

  const std::string answer_;
  const Then then_;
  const int fd_;
  bool is_bound_ = false;
  uint16_t port_ = 0;
  std::string host_;
  std::vector<int> open_;
  mutable std::mutex mutex_;
  std::string request_;
  std::jthread thread_;
};

// An address where nobody listens: bound, so that nobody else takes it, but not listening.
class ClosedPort {
 public:
  ClosedPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    SPOOR_CHECK(bind(fd_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
  }
  ~ClosedPort() { close(fd_); }
  Url url() const { return {"127.0.0.1", std::to_string(port_), {}}; }

 private:
  int fd_;
  uint16_t port_ = 0;
};

}  // namespace spoor::learn
