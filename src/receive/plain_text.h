// Answers in plain text: what ports say where their protocol has no words of its own.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"
#include "net/status.h"

namespace spoor {

// One sentence as a line, with Retry-After where the status asks for a retry.
inline HttpResponse PlainText(int status, std::string_view sentence) {
  HttpResponse response{.status = status, .content_type = "text/plain; charset=utf-8"};
  response.body.append(sentence).push_back('\n');
  if (const auto retry_after = RetryAfterOfHttp(status)) {
    response.headers.emplace_back("Retry-After", std::to_string(retry_after->count()));
  }
  return response;
}

}  // namespace spoor
