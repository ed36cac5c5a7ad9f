// Arrays and maps inside attribute values, as plain JSON.
#pragma once

#include <string_view>

#include "base/json_writer.h"

namespace spoor {

// Writes a stored array or map (model/any_value.h) as one JSON value: arrays and objects (members in the order sent,
// duplicates kept), integers as numbers, bytes as base64, NaN and infinities as text, an empty value as null. Bytes
// that are no such value become null as a whole.
void WriteNestedJson(JsonWriter& json, std::string_view any_value);

}  // namespace spoor
