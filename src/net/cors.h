// Cross-origin requests: which web pages of other origins may send here (the WHATWG Fetch standard's CORS protocol).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/http.h"

namespace spoor {

// Immutable, so thread-safe.
class Cors {
 public:
  // Origins as browsers say them ("https://shop.example:8443"), or "*" for all. None: nothing is allowed, and nothing
  // is said about it.
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // The answer to a preflight; nothing where `request` is none or no origin is configured.
  std::optional<HttpResponse> Preflight(const HttpRequest& request) const;

  // The headers by which the page that sent `request` may read its answer; none where it may not.
  HttpHeaders AnswerHeaders(const HttpRequest& request) const;

 private:
  // What Access-Control-Allow-Origin says; empty where the origin is not allowed.
  std::string AllowedOrigin(const HttpRequest& request) const;

  const std::vector<std::string> origins_;
};

}  // namespace spoor
