// Jaeger's Thrift batches (jaeger.thrift's struct Batch in the binary protocol, without a message around it) into
// batches, straight from the bytes.
#pragma once

#include <string_view>

#include "base/result.h"
#include "decode/decode_memory.h"
#include "decode/decode_report.h"
#include "model/span_batch_builder.h"

namespace spoor {

// Writes the batch's accepted spans into `builder`, which it clears first. Pure but for that: thread-safe with a
// builder a thread. A span is rejected alone where its trace id or span id is zero.
//
// What means what, in OpenTelemetry's terms (as opentelemetry-collector-contrib, pkg/translator/jaeger, ThriftToTraces;
// docs/operating/jaeger_clients.md tells it to people):
// - The process is the resource, its service name the attribute service.name, if it has one.
// - The parent is parentSpanId; where that is 0, the first CHILD_OF reference to the same trace, else the first
//   FOLLOWS_FROM. References other than CHILD_OF the parent are links with the attribute opentracing.ref_type.
// - Tags are attributes, in order, duplicates too, but those of JaegerSpanTags. Logs are events; a text field `event`
//   is the name.
// - Times are microseconds since 1970. What lies before is 0, what does not fit into nanoseconds the latest that does;
//   a negative duration ends before it starts.
// - Text that is not UTF-8: a tag's value becomes bytes; in names and keys U+FFFD stands for what is broken.
//
// Errors: kInvalid where the body is no such struct, with the field and the byte: "spans.tags: cut off at byte 123";
// kTooLarge where a limit of base/limits.h is passed; kBusy where the memory budget is. The builder then holds nothing
// of use. Unknown fields are passed over. Refused: known fields of another type or twice, missing required ones, and
// bytes behind the struct.
Result<DecodeReport> DecodeJaegerThrift(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory);

}  // namespace spoor
