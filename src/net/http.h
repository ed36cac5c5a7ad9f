// HTTP as the rest of Spoor sees it: plain requests and answers, without the library that carries them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/memory_budget.h"
#include "base/result.h"

namespace spoor {

// Header names compare without regard to case. Repeated ones are kept, in order.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

bool EqualsIgnoringCase(std::string_view a, std::string_view b);  // of ASCII letters

struct HttpRequest {
  std::string method;  // "GET"
  std::string target;  // as sent: "/api/traces/1?raw=true"
  std::string path;    // percent-decoded, without the query; never holds a NUL
  std::string query;   // as sent, without the '?'
  HttpHeaders headers;
  std::string body;          // Content-Encoding undone; at most the server's body limit
  MemoryReservation memory;  // what the body was reserved under
  std::string peer;          // "127.0.0.1:50312"
  // True once the client has gone away, so that nobody reads the answer. Null where the server does not look.
  std::shared_ptr<const std::atomic<bool>> client_gone;

  // The first header of that name, or "".
  std::string_view Header(std::string_view name) const;
  // Content-Type without its parameters, or "".
  std::string_view MediaType() const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
  HttpHeaders headers;  // beyond Content-Type, Content-Length, Date
  // Set where the body lives for ever (an embedded file): sent instead of `body`, without a copy.
  std::string_view static_body;
};

// The duty to answer one request. Send may be called from any thread, once; destroyed without it, the client gets 500.
class HttpResponder {
 public:
  using Sender = std::function<void(HttpResponse)>;
  explicit HttpResponder(Sender sender) : sender_(std::move(sender)) {}
  HttpResponder(HttpResponder&& other) noexcept : sender_(std::exchange(other.sender_, nullptr)) {}
  HttpResponder& operator=(HttpResponder&&) = delete;
  ~HttpResponder();

  void Send(HttpResponse response);

 private:
  Sender sender_;
};

// One parameter of a query string or form, decoded ('+' is a space). Malformed percent escapes are kept as they stand.
struct QueryParameter {
  std::string name;
  std::string value;
};
std::vector<QueryParameter> ParseQuery(std::string_view query);

}  // namespace spoor
