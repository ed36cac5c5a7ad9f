// A small HTTP client for the demo services: GET, with a deadline, and wrappers around every call, such as tracing.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "web/json.h"

namespace web {

// A request that is about to be sent.
struct Call {
  std::string host;
  uint16_t port = 80;
  boost::beast::http::request<boost::beast::http::empty_body> message;
};

struct Answer {
  int status = 0;  // 0: none came
  std::string body;
  std::string error;  // why none came: "timeout", "Connection refused"

  std::optional<json::value> Json() const { return ParseJson(body); }
};

using Caller = std::function<Answer(Call&)>;
// Calls `next`, and may do something before and after.
using CallWrapper = std::function<Answer(Call&, const Caller& next)>;

// Thread-safe once it is set up.
class Client {
 public:
  static constexpr std::chrono::seconds kTimeout{10};  // from looking up the host to the end of the answer

  // The one added last is the outermost.
  void Wrap(CallWrapper wrapper) { wrappers_.push_back(std::move(wrapper)); }

  // `url`: "http://backend:8081/users". A connection of its own each time.
  Answer Get(const std::string& url) const;

 private:
  std::vector<CallWrapper> wrappers_;
};

}  // namespace web
