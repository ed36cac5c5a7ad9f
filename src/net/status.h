// What a failure is called on the wire: the one table from Code to HTTP and gRPC statuses, and google.rpc.Status.
//
// OTLP's clients retry on HTTP 429, 502, 503 and 504, and on gRPC UNAVAILABLE, DEADLINE_EXCEEDED and the like, but on
// RESOURCE_EXHAUSTED only when RetryInfo comes with it. So what a retry can mend is answered with such a status, and
// what it cannot mend never is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/grpc_server.h"

namespace spoor {

int HttpStatusOf(Code code);
GrpcCode GrpcCodeOf(Code code);
// For what the HTTP server refuses by itself.
GrpcCode GrpcCodeOfHttp(int http_status);

// When a retry is worth while (told as Retry-After or RetryInfo); nothing where it is not.
std::optional<std::chrono::seconds> RetryAfterOf(Code code);
std::optional<std::chrono::seconds> RetryAfterOfHttp(int http_status);

// google.rpc.Status, with google.rpc.RetryInfo where there is a `retry_after`. The message is made valid UTF-8 and cut
// to 4 KiB: it may quote what a client sent.
std::string StatusProto(GrpcCode code, std::string_view message, std::optional<std::chrono::seconds> retry_after);
std::string StatusJson(GrpcCode code, std::string_view message, std::optional<std::chrono::seconds> retry_after);

// The answer to a call that failed.
GrpcResponse GrpcFailure(const Error& error);

}  // namespace spoor
