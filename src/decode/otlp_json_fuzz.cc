// Any bytes as an OTLP JSON request: no crash, and what is accepted makes a batch that Parse takes.
#include "base/check.h"
#include "decode/describe_batch.h"
#include "decode/otlp.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static spoor::MemoryBudget budget(size_t{256} << 20);
  static spoor::SpanBatchBuilder builder;
  static spoor::OtlpJsonDecoder decoder;
  spoor::MemoryReservation reservation = budget.Reserve();
  spoor::DecodeMemory memory(reservation, size);
  std::string body(reinterpret_cast<const char*>(data), size);
  const auto report = decoder.Decode(body, builder, memory);
  if (!report) return 0;
  const auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  SPOOR_CHECK((*batch == nullptr ? 0 : (*batch)->span_count()) == report->accepted_spans);
  SPOOR_CHECK(*batch == nullptr || spoor::ParseAgain(**batch) != nullptr);
  return 0;
}
