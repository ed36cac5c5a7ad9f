#include "receive/span_ingest.h"

#include "decode/jaeger_thrift.h"
#include "decode/otlp.h"

namespace spoor {
namespace {

// One of each a thread of the decode pool: they keep their memory from request to request.
SpanBatchBuilder& ThreadBuilder() {
  thread_local SpanBatchBuilder builder;
  return builder;
}
OtlpJsonDecoder& ThreadJsonDecoder() {
  thread_local OtlpJsonDecoder decoder;
  return decoder;
}

Result<DecodeReport> DecodeBody(std::string& body, BodyFormat format, MemoryReservation& reservation) {
  const size_t parsing_bytes = format == BodyFormat::kOtlpJson ? OtlpJsonDecoder::ParsingBytes(body) : 0;
  DecodeMemory memory(reservation, body.size() + parsing_bytes);
  if (!memory.Cover(0)) return Busy("the memory budget is used up");
  switch (format) {
    case BodyFormat::kOtlpProtobuf: return DecodeOtlpProtobuf(body, ThreadBuilder(), memory);
    case BodyFormat::kOtlpJson: return ThreadJsonDecoder().Decode(body, ThreadBuilder(), memory);
    case BodyFormat::kJaegerThrift: return DecodeJaegerThrift(body, ThreadBuilder(), memory);
  }
  return Error(Code::kInternal, "a body of no format");
}

}  // namespace

void SpanIngest::Take(std::string body, MemoryReservation memory, BodyFormat format, Done done) {
  metrics_.CountBody(body.size());
  // The pool's jobs are copyable functions, a request is not.
  auto request = std::make_shared<Request>(std::move(body), std::move(memory), format, std::move(done));
  if (!decode_pool_.Submit([self = shared_from_this(), request] { self->Decode(*request); })) {
    Fail(*request, Busy("too many requests wait to be decoded"), 0);
  }
}

void SpanIngest::CountRefused(int http_status) {
  switch (http_status) {
    case 413:
    case 431: return CountRefused(Code::kTooLarge);
    case 429:
    case 503: return CountRefused(Code::kBusy);
    default: return CountRefused(Code::kInvalid);
  }
}

void SpanIngest::Decode(Request& request) {
  Result<DecodeReport> report = DecodeBody(request.body, request.format, request.memory);
  request.body = std::string();
  if (!report) return Fail(request, std::move(report).error(), 0);
  const auto batch = ThreadBuilder().Finish();
  if (!batch) return Fail(request, batch.error(), report->accepted_spans);
  if (*batch == nullptr) {
    request.memory.Release();
    metrics_.CountSuccess(0, report->rejected_spans);
    return request.done(std::move(report));
  }
  // Shrinks: decoding has covered more.
  if (!request.memory.Resize((*batch)->bytes().size() + sizeof(SpanBatch))) {
    return Fail(request, Busy("the memory budget is used up"), report->accepted_spans);
  }
  sink_.Append(*batch, std::move(request.memory),
               [self = shared_from_this(), report = std::move(*report), done = std::move(request.done)](Status status) {
                 if (!status) {
                   self->metrics_.CountFailure(status.error().code, report.accepted_spans);
                   return done(std::move(status).error());
                 }
                 self->metrics_.CountSuccess(report.accepted_spans, report.rejected_spans);
                 done(report);
               });
}

// Before anybody hears of it, the memory is free again.
void SpanIngest::Fail(Request& request, Error error, uint64_t spans) {
  request.body = std::string();
  request.memory.Release();
  metrics_.CountFailure(error.code, spans);
  request.done(std::move(error));
}

}  // namespace spoor
