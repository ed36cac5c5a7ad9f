// For tests: a client that says over a socket whatever a test wants to, and nothing else.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace spoor {

class SocketClient {
 public:
  explicit SocketClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
  }
  SocketClient(SocketClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), read_(std::move(other.read_)) {}
  SocketClient& operator=(SocketClient&&) = delete;
  ~SocketClient() {
    if (fd_ >= 0) close(fd_);
  }

  bool connected() const { return connected_; }
  int fd() const { return fd_; }

  // False where the server does not take it.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  void CloseSending() { shutdown(fd_, SHUT_WR); }

  struct Response {
    int status = 0;  // 0: the connection ended, or nothing came for 20 s
    std::string head;
    std::string body;

    std::string Header(std::string_view name) const {
      const size_t at = head.find("\r\n" + std::string(name) + ": ");
      if (at == std::string::npos) return {};
      const size_t start = at + name.size() + 4;
      return head.substr(start, head.find("\r\n", start) - start);
    }
  };

  // The next answer. `head_only`: to a HEAD.
  Response Receive(bool head_only = false) {
    Response response;
    size_t end;
    while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
      if (!Fill()) return response;
    }
    response.head = read_.substr(0, end + 2);
    read_.erase(0, end + 4);
    response.status = static_cast<int>(Number(std::string_view(response.head).substr(9, 3)));
    const std::string length = response.Header("Content-Length");
    const size_t size = head_only ? 0 : Number(length);
    while (read_.size() < size) {
      if (!Fill()) return {};
    }
    response.body = read_.substr(0, size);
    read_.erase(0, size);
    return response;
  }

  Response Ask(std::string_view request) {
    if (!Send(request)) return {};
    return Receive();
  }

  // Whether the server ends the connection, with nothing more said.
  bool IsClosed() {
    while (Fill()) {
    }
    return ended_ && read_.empty();
  }

 private:
  static size_t Number(std::string_view text) {
    size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  bool Fill() {
    pollfd wait{fd_, POLLIN, 0};
    if (poll(&wait, 1, 20'000) <= 0) return false;
    char bytes[65536];
    const ssize_t count = recv(fd_, bytes, sizeof(bytes), 0);
    if (count <= 0) {
      ended_ = true;
      return false;
    }
    read_.append(bytes, static_cast<size_t>(count));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string read_;
};

}  // namespace spoor
