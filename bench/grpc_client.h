// One gRPC channel that exports OTLP bodies as they are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace spoor::bench {

class GrpcConnection {
 public:
  explicit GrpcConnection(uint16_t port);
  ~GrpcConnection();
  // gRPC's status code; 0 is OK.
  int Export(const std::string& body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spoor::bench
