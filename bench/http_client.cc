#include "bench/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <charconv>

namespace spoor::bench {
namespace {

bool SendAll(int fd, std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    iovec pieces[2] = {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    const size_t of_head = std::min(head.size(), static_cast<size_t>(sent));
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<size_t>(sent) - of_head);
  }
  return true;
}

size_t ContentLength(std::string_view head) {
  for (std::string_view name : {"Content-Length: ", "content-length: "}) {
    const size_t at = head.find(name);
    if (at == std::string_view::npos) continue;
    size_t length = 0;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

HttpConnection::HttpConnection(uint16_t port) {
  fd_ = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(fd_);
    fd_ = -1;
  }
}

HttpConnection::~HttpConnection() {
  if (fd_ >= 0) close(fd_);
}

int HttpConnection::Exchange(const std::string& head, std::string_view body, std::string& answer) {
  if (fd_ < 0 || !SendAll(fd_, head, body)) return 0;
  std::string in;
  char buffer[65536];
  size_t head_end = std::string::npos;
  while (head_end == std::string::npos) {
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) return 0;
    in.append(buffer, static_cast<size_t>(got));
    head_end = in.find("\r\n\r\n");
  }
  const size_t length = ContentLength(std::string_view(in).substr(0, head_end));
  answer.assign(in, head_end + 4);
  while (answer.size() < length) {
    const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) return 0;
    answer.append(buffer, static_cast<size_t>(got));
  }
  int status = 0;
  std::from_chars(in.data() + 9, in.data() + 12, status);
  return status;
}

int HttpConnection::Post(std::string_view path, std::string_view content_type, std::string_view body,
                         std::string& answer) {
  return Exchange(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
                              path, content_type, body.size()),
                  body, answer);
}

int HttpConnection::Get(std::string_view path, std::string& answer) {
  return Exchange(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path), {}, answer);
}

int HttpGet(uint16_t port, std::string_view path) {
  std::string answer;
  return HttpConnection(port).Get(path, answer);
}

int HttpPost(uint16_t port, std::string_view path) {
  std::string answer;
  return HttpConnection(port).Post(path, "application/json", "", answer);
}

}  // namespace spoor::bench
