// Traces as OTLP JSON (opentelemetry-proto, trace/v1/trace.proto, in the JSON encoding of OTLP's specification): ids as
// hex, 64-bit integers as text, enums as numbers, bytes as base64, NaN and infinities as text. Nothing that was sent is
// lost; fields that have their default are left out but for ids, names and times.
#pragma once

#include <cstdint>
#include <span>

#include "base/json_writer.h"
#include "model/trace.h"

namespace spoor::api {

// Writes one element of resourceSpans for each resource of each batch of the trace, in order of their first spans.
void WriteResourceSpans(JsonWriter& json, const Trace& trace);

// The same of some rows of a batch, of any traces, in order of their first ones.
void WriteResourceSpans(JsonWriter& json, const SpanBatch& batch, std::span<const uint32_t> rows);

}  // namespace spoor::api
