// Attributes as OTLP JSON: {"key":"k","value":{"intValue":"1"}}.
#pragma once

#include <cstdint>

#include "base/json_writer.h"
#include "model/span_batch.h"

namespace spoor::api {

// Writes "attributes": [...] as a member, and nothing where list `list` is empty.
void WriteOtlpAttributes(JsonWriter& json, const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list);

}  // namespace spoor::api
