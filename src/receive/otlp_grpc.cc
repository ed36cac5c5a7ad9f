#include "receive/otlp_grpc.h"

#include "net/status.h"

namespace spoor {

GrpcHandler OtlpGrpcHandler(std::shared_ptr<OtlpIngest> ingest) {
  return [ingest = std::move(ingest)](GrpcRequest request, GrpcResponder responder) {
    ingest->Take(std::move(request.message), std::move(request.memory), OtlpEncoding::kProtobuf,
                 [responder = std::move(responder)](Result<OtlpDecodeReport> result) {
                   responder(result ? GrpcResponse{.body = OtlpResponse(*result, OtlpEncoding::kProtobuf)}
                                    : GrpcFailure(result.error()));
                 });
  };
}

}  // namespace spoor
