// How the time of a critical path is shared by services.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyze/critical_path.h"

namespace spoor::analyze {

struct ServiceTime {
  std::string name;  // "" of a gap, and of spans without a service
  uint64_t time_ns = 0;

  friend bool operator==(const ServiceTime&, const ServiceTime&) = default;
};

// Longest first, then by name; services without time on the path are left out. The times add up to the duration of the
// path. `path` is of `trace`. Thread-safe.
std::vector<ServiceTime> TimeByService(const Trace& trace, const CriticalPath& path);

// The same where the path itself is not needed: for rows of a result list.
std::vector<ServiceTime> CriticalPathByService(const Trace& trace);

}  // namespace spoor::analyze
