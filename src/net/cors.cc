#include "net/cors.h"

#include <algorithm>

namespace spoor {

std::string Cors::AllowedOrigin(const HttpRequest& request) const {
  const std::string_view origin = request.Header("Origin");
  if (origin.empty()) return {};
  for (const std::string& allowed : origins_) {
    if (allowed == "*") return "*";
    if (EqualsIgnoringCase(allowed, origin)) return std::string(origin);
  }
  return {};
}

std::optional<HttpResponse> Cors::Preflight(const HttpRequest& request) const {
  if (origins_.empty() || request.method != "OPTIONS" || request.Header("Origin").empty() ||
      request.Header("Access-Control-Request-Method").empty()) {
    return std::nullopt;
  }
  HttpResponse answer{.status = 204, .headers = AnswerHeaders(request)};
  if (AllowedOrigin(request).empty()) {
    answer.status = 403;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = "this origin is not among those that may send here\n";
    return answer;
  }
  answer.headers.emplace_back("Access-Control-Allow-Methods", "POST");
  const std::string_view headers = request.Header("Access-Control-Request-Headers");
  if (!headers.empty()) answer.headers.emplace_back("Access-Control-Allow-Headers", headers);
  answer.headers.emplace_back("Access-Control-Max-Age", "7200");
  return answer;
}

HttpHeaders Cors::AnswerHeaders(const HttpRequest& request) const {
  HttpHeaders headers;
  if (origins_.empty()) return headers;
  const std::string origin = AllowedOrigin(request);
  if (!origin.empty()) {
    headers.emplace_back("Access-Control-Allow-Origin", origin);
    headers.emplace_back("Access-Control-Expose-Headers", "Retry-After");
  }
  // Caches must not give one origin's answer to another.
  if (origin != "*") headers.emplace_back("Vary", "Origin");
  return headers;
}

}  // namespace spoor
