// From a host's name to its addresses, within a time.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace spoor::learn {

enum class ResolveEnd : uint8_t { kFound, kUnknownHost, kTimeout, kStopped };

struct Resolved {
  ResolveEnd end = ResolveEnd::kUnknownHost;
  std::vector<std::string> addresses;  // as numbers: "127.0.0.1", "::1"; in the order in which to try them
  std::string message;                 // why there are none
};

// Asks the system. Returns within `timeout`, and soon after a stop; what the system is still busy with then ends behind
// the scenes, as nothing can interrupt it. Thread-safe.
Resolved Resolve(const std::string& host, std::chrono::milliseconds timeout, const std::stop_token& stop);

}  // namespace spoor::learn
