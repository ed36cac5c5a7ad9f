// Router: from method and path to whoever answers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"
#include "net/http_server.h"

namespace spoor {

// The values of a pattern's {parameters}, percent-decoded.
class PathParameters {
 public:
  // The value of a parameter that the pattern has.
  const std::string& operator[](std::string_view name) const;

 private:
  friend class Router;
  std::vector<std::pair<std::string_view, std::string>> values_;
};

// Filled before it is used; then immutable and thread-safe.
class Router {
 public:
  using Handler = std::function<void(HttpRequest, const PathParameters&, HttpResponder)>;

  // `pattern` is a path whose segments are literal or one {parameter}: "/api/services/{service}/operations". A
  // parameter takes one segment as sent, so that "%2F" in it is a slash of the value and no separator, and is never
  // empty. Where several patterns fit, the one with the earliest literal segment wins.
  void Add(std::string_view method, std::string_view pattern, Handler handler);

  // What answers a path that no pattern fits, and a method that a fitting pattern does not have (the response's Allow
  // header is added): by default in plain text.
  void SetNotFound(HttpHandler handler) { not_found_ = std::move(handler); }
  void SetMethodNotAllowed(std::function<HttpResponse(const HttpRequest&)> answer) { not_allowed_ = std::move(answer); }

  // Has `request` answered. HEAD goes where GET goes (the HTTP server has made it a GET already).
  void Route(HttpRequest request, HttpResponder responder) const;

 private:
  struct Entry {
    std::string method;
    std::vector<std::string> segments;
    Handler handler;
  };

  std::vector<Entry> entries_;
  HttpHandler not_found_;
  std::function<HttpResponse(const HttpRequest&)> not_allowed_;
};

}  // namespace spoor
