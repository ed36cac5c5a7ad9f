#include "bench/grpc_client.h"

#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

namespace spoor::bench {

struct GrpcConnection::Impl {
  std::unique_ptr<grpc::GenericStub> stub;
  grpc::CompletionQueue queue;
};

GrpcConnection::GrpcConnection(uint16_t port) : impl_(std::make_unique<Impl>()) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  impl_->stub = std::make_unique<grpc::GenericStub>(
      grpc::CreateCustomChannel(fmt::format("127.0.0.1:{}", port), grpc::InsecureChannelCredentials(), arguments));
}

GrpcConnection::~GrpcConnection() = default;

int GrpcConnection::Export(const std::string& body) {
  grpc::ClientContext context;
  const grpc::Slice slice(body.data(), body.size(), grpc::Slice::STATIC_SLICE);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer answer;
  grpc::Status status;
  auto call = impl_->stub->PrepareUnaryCall(&context, "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                                            request, &impl_->queue);
  call->StartCall();
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  impl_->queue.Next(&tag, &ok);
  return static_cast<int>(status.error_code());
}

}  // namespace spoor::bench
