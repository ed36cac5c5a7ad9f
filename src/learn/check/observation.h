// What a check has observed so far: the requests that it sent, and what the backend showed of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "learn/check/http_client.h"
#include "learn/check/seen_trace.h"
#include "learn/check/service.h"
#include "learn/check/trace_backend.h"

namespace spoor::learn {

// A request to a service, with a trace context that was made up for it, and what is known of it.
struct Probe {
  Service service = Service::kFrontend;
  std::string path;      // "/api/users"
  std::string trace_id;  // of nothing else in the world
  std::string span_id;   // the caller's, which is the check itself and sends no span
  bool is_health = false;

  bool has_ended = false;
  HttpOutcome outcome;  // once it has ended
  int64_t sent_ns = 0;  // since 1970
  int64_t ended_ns = 0;
  SeenTrace trace;  // of its trace id, as the backend showed it last
};

struct Observation {
  std::vector<Probe> probes;

  BackendState backend = BackendState::kSpeaks;
  std::string backend_message;  // why it does not
  bool is_spoor = false;

  // Found by searching, where a check fails: whether spans of a service stand at the top of traces that no probe began,
  // in the time of the check; and the names of other services that sent spans in that time.
  std::array<bool, kServiceCount> starts_anew{};
  std::vector<std::string> other_names;
};

}  // namespace spoor::learn
