// Sends OTLP JSON to a server, one request after the other over one connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace spoor {

// One thread's at a time.
class OtlpSender {
 public:
  // "http://127.0.0.1:4318", with or without a path in front of /v1/traces. Connects when it first sends.
  static Result<std::unique_ptr<OtlpSender>> Make(const std::string& url);
  virtual ~OtlpSender() = default;

  // Sends a request and waits for its answer; where the server has too much to do, for as long as it says, and again.
  // How many spans it rejected. kInvalid where it refused the request for good, kIo where it cannot be reached.
  virtual Result<uint64_t> Send(const std::string& body) = 0;
};

}  // namespace spoor
