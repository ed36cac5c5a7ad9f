// Any bytes as a Jaeger Thrift batch: no crash, and what is accepted makes a batch that Parse takes.
#include "base/check.h"
#include "decode/describe_batch.h"
#include "decode/jaeger_thrift.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static spoor::MemoryBudget budget(size_t{256} << 20);
  static spoor::SpanBatchBuilder builder;
  spoor::MemoryReservation reservation = budget.Reserve();
  spoor::DecodeMemory memory(reservation, size);
  const auto report = spoor::DecodeJaegerThrift({reinterpret_cast<const char*>(data), size}, builder, memory);
  if (!report) return 0;
  const auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  SPOOR_CHECK((*batch == nullptr ? 0 : (*batch)->span_count()) == report->accepted_spans);
  SPOOR_CHECK(*batch == nullptr || spoor::ParseAgain(**batch) != nullptr);
  return 0;
}
