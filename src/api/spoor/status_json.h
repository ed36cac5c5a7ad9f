// What the server says of itself: GET /api/spoor/v1/status (docs/api/spoor.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "api/spoor/challenge_api.h"
#include "base/file_system.h"
#include "base/memory_budget.h"
#include "plan/trace_store.h"

namespace spoor::api {

// A listener that senders and people can use.
struct Endpoint {
  std::string name;  // "otlp-http"
  std::string url;   // "http://127.0.0.1:4318"
};

// What came over an ingest port since the start.
struct ReceivedStatus {
  std::string name;  // as its endpoint's
  uint64_t requests = 0;
  uint64_t spans = 0;             // that were kept
  uint64_t rejected_spans = 0;    // that had bad ids
  uint64_t refused_requests = 0;  // for which there was no room
  uint64_t bad_requests = 0;      // that could not be understood
  uint64_t bytes = 0;             // of bodies, unpacked
};

// What the query port is told of the rest of the server once that is there.
struct ServerFacts {
  std::vector<Endpoint> endpoints;
  // Asked each time, from any thread; one for each ingest port, in the order of `endpoints`. May be empty.
  std::function<std::vector<ReceivedStatus>()> received;
  FileSystem* files = nullptr;
  std::string data_folder;
  uint64_t disk_bytes_max = 0;            // 0: no limit
  std::chrono::nanoseconds retention{0};  // 0: for ever
  std::chrono::nanoseconds rollup_retention{0};
  ChallengeFacts challenge;
};

// The answer. `facts` and `store` are null as long as the server starts. Lists the data folder, so it takes its time:
// not for an I/O thread.
struct StatusQuestion {
  uint64_t started_ns = 0;
  bool ready = false;
  const ServerFacts* facts = nullptr;
  TraceStore* store = nullptr;
  const MemoryBudget& budget;
};
std::string StatusJson(const StatusQuestion& question);

}  // namespace spoor::api
