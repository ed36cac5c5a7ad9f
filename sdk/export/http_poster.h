// HttpPoster: posts bodies to one address over a connection that it keeps.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "export/url.h"

namespace spoor::trace {

struct HttpAnswer {
  int status = 0;       // 0: none came
  std::string problem;  // why, then
  std::string body;
  std::string retry_after;  // the header's value
};

struct TlsFiles {  // PEM; empty ones are not used
  std::string certificate_authorities;
  std::string client_certificate;
  std::string client_key;
};

// Used by one thread, but for Cancel. What Asio throws for want of memory or descriptors comes out as it is.
class HttpPoster {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  HttpPoster(Url url, TlsFiles tls, Headers headers);
  ~HttpPoster();

  // Returns after `timeout` at the latest. A connection that was kept and turns out to be closed is made anew once.
  HttpAnswer Post(std::string_view body, bool is_gzip, std::chrono::milliseconds timeout);

  // From any thread: what is under way ends soon, and every later Post at once.
  void Cancel() noexcept;

  // Closes the connection. REQUIRES that no Post is under way.
  void Close() noexcept;

 private:
  struct Connection;
  // Made when it is first needed. Null where it was cancelled before.
  Connection* TheConnection();

  const Url url_;
  const TlsFiles tls_;
  const Headers headers_;
  std::mutex mutex_;  // of what follows
  std::unique_ptr<Connection> connection_;
  bool is_cancelled_ = false;
};

}  // namespace spoor::trace
