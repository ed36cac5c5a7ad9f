// A gRPC server for unary methods over byte buffers: no generated classes, no gRPC types outside grpc_server.cc.
// Messages arrive uncompressed: identity and gzip are undone by us, into bounded memory (gRPC's own unpacking is off,
// since it inflates without a bound).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/memory_budget.h"
#include "base/result.h"

namespace spoor {

// google.rpc.Code's numbers, those that we send.
enum class GrpcCode : uint8_t {
  kOk = 0,
  kCancelled = 1,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kResourceExhausted = 8,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
};

struct GrpcRequest {
  std::string method;   // "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
  std::string message;  // one serialised message, decompressed
  MemoryReservation memory;
  std::string peer;
};

struct GrpcResponse {
  GrpcCode code = GrpcCode::kOk;
  std::string message;         // the error's text; empty when OK
  std::string body;            // the serialised answer when OK
  std::string status_details;  // a serialised google.rpc.Status for grpc-status-details-bin (RetryInfo), or empty
};

// May be called from any thread, once. Destroyed without it, the client gets INTERNAL.
using GrpcResponder = std::function<void(GrpcResponse)>;
using GrpcHandler = std::function<void(GrpcRequest, GrpcResponder)>;

struct GrpcServerOptions {
  std::string name;
  std::string host;
  uint16_t port = 0;
  size_t message_bytes_max = 0;      // before and after decompression
  std::vector<std::string> methods;  // all others answer UNIMPLEMENTED
  // Told why a call of one of them was refused before it came to the handler; from any thread. May be empty.
  std::function<void(Code)> on_refusal;
};

class GrpcServer {
 public:
  static Result<std::unique_ptr<GrpcServer>> Start(MemoryBudget& budget, GrpcServerOptions options,
                                                   GrpcHandler handler);
  virtual ~GrpcServer() = default;
  virtual std::string address() const = 0;
  virtual uint16_t port() const = 0;
  virtual void Stop(std::chrono::milliseconds patience) = 0;
};

}  // namespace spoor
