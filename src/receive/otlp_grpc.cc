#include "receive/otlp_grpc.h"

#include "decode/otlp_response.h"
#include "net/status.h"

namespace spoor {

GrpcHandler OtlpGrpcHandler(std::shared_ptr<SpanIngest> ingest) {
  return [ingest = std::move(ingest)](GrpcRequest request, GrpcResponder responder) {
    ingest->Take(std::move(request.message), std::move(request.memory), BodyFormat::kOtlpProtobuf,
                 [responder = std::move(responder)](Result<DecodeReport> result) {
                   responder(result ? GrpcResponse{.body = OtlpResponse(*result, OtlpEncoding::kProtobuf)}
                                    : GrpcFailure(result.error()));
                 });
  };
}

}  // namespace spoor
