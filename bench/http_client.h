// A blocking HTTP/1.1 client that costs as little as it can: one keep-alive connection, headers written with the body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor::bench {

class HttpConnection {
 public:
  explicit HttpConnection(uint16_t port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // The status of the answer, whose body is left in `answer`; 0 where the connection broke.
  int Post(std::string_view path, std::string_view content_type, std::string_view body, std::string& answer);
  int Get(std::string_view path, std::string& answer);

 private:
  int Exchange(const std::string& head, std::string_view body, std::string& answer);
  int fd_ = -1;
};

int HttpGet(uint16_t port, std::string_view path);
int HttpPost(uint16_t port, std::string_view path);

}  // namespace spoor::bench
