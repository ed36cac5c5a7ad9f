// A small HTTP/1.1 client that waits on the spot: one request, one answer, one connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "learn/check/url.h"
#include "net/http.h"

namespace spoor::learn {

// How a request ended.
enum class HttpEnd : uint8_t {
  kAnswered,     // with any status
  kUnknownHost,  // its name has no address
  kRefused,      // nobody listens on that port
  kUnreachable,  // no way to that address
  kTimeout,      // no connection, or no whole answer, in time
  kClosed,       // the connection was closed before the answer was whole
  kNotHttp,      // what came is not HTTP/1
  kTooLarge,     // over the limit
  kStopped,      // somebody asked to stop
};

struct HttpOutcome {
  HttpEnd end = HttpEnd::kStopped;
  int status = 0;       // where it was answered
  std::string body;     // where it was answered
  std::string message;  // else: why, as the end of a sentence: "connection refused", "no answer within 5 s"

  bool IsAnswered() const { return end == HttpEnd::kAnswered; }
};

// Each step has a time of its own.
struct HttpPatience {
  std::chrono::milliseconds resolve = limits::kCheckConnectTimeout;
  std::chrono::milliseconds connect = limits::kCheckConnectTimeout;
  std::chrono::milliseconds answer = limits::kCheckAnswerTimeout;  // from the connection to the last byte
  size_t body_bytes_max = limits::kCheckAnswerBytesMax;
};

// GETs `target` (path and query, beginning with a slash) below the base of `url`. Redirections are not followed.
// Soon after a stop it ends, too. Thread-safe.
HttpOutcome HttpGet(const Url& url, std::string_view target, const HttpHeaders& headers, const HttpPatience& patience,
                    const std::stop_token& stop);

}  // namespace spoor::learn
