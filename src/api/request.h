// A question to one of the query port's APIs, and how it is answered.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/memory_budget.h"
#include "base/result.h"
#include "net/http.h"
#include "net/router.h"
#include "plan/trace_store.h"
#include "query/jaeger/parameters.h"

namespace spoor::api {

// What a handler works with. Lives for one call, on one thread.
struct Request {
  const HttpRequest& http;
  const PathParameters& path;
  TraceStore& store;
  jaeger::Parameters parameters;
  QueryContext context;
  uint64_t now_ns = 0;  // since 1970
  MemoryReservation answer_memory;

  // Accounts for an answer of that many bytes so far. kBusy where the memory budget has not that much left.
  Status ReserveAnswer(size_t bytes) {
    if (answer_memory.Resize(bytes)) return {};
    return Busy("the answer does not fit into the memory budget now: ask for fewer traces, or retry later");
  }
};

// An error becomes an answer in the words of the API that was asked.
using Handler = std::function<Result<HttpResponse>(Request&)>;

// Where a request's work is done: questions to the store on one pool, administration on another, so that neither waits
// for the other.
enum class Lane : uint8_t { kQuery, kAdmin };

// Has `handler` answer a method and a pattern (net/router.h).
using AddRoute = std::function<void(Lane, std::string_view method, std::string_view pattern, Handler)>;

}  // namespace spoor::api
