// What trace assembly noticed of a span, as sentences for people.
#pragma once

#include <cstdint>

#include "base/json_writer.h"

namespace spoor::api {

// One array element a bit of `warnings` (model/trace_assembly.h's span_warning).
void WriteWarnings(JsonWriter& json, uint8_t warnings);

}  // namespace spoor::api
