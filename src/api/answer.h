// Answers and errors in the words of each API on the query port.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace spoor::api {

// Whose clients ask, and so how errors look.
enum class Dialect : uint8_t {
  kJaeger,    // {"data":null,...,"errors":[{"code":400,"msg":"..."}]}
  kJaegerV3,  // {"error":{"httpCode":400,"message":"..."}}
  kSpoor,     // {"error":{"code":"invalid","message":"..."}}
  kText,      // the sentence
};
Dialect DialectOf(std::string_view path);

HttpResponse JsonAnswer(std::string body);
HttpResponse TextAnswer(int status, std::string_view sentence);

// Retryable errors say when to come back. What is our fault is logged here, once a second at most.
HttpResponse ErrorAnswer(Dialect dialect, const Error& error);
// For what the server itself refuses, with a status of its own.
HttpResponse ErrorAnswer(Dialect dialect, int status, std::string_view message);

}  // namespace spoor::api
