// Reads the arrays and maps inside attribute values, which columns hold as serialised OTLP AnyValues
// (opentelemetry-proto, common/v1/common.proto): one level at a time, without an object a value.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json_writer.h"
#include "model/value.h"

namespace spoor {

// One AnyValue. For bool, int and double `cell` is as model/value.h says; for string and bytes `bytes` is the content;
// for array and map it is the serialised list of elements, for NestedElements.
struct NestedValue {
  ValueType type = ValueType::kEmpty;
  uint64_t cell = 0;
  std::string_view bytes;
};

// The value in `any_value`. Bytes that are not an AnyValue read as far as they go, and as an empty value at worst: what
// columns hold was checked when it was taken in.
NestedValue ReadNestedValue(std::string_view any_value);

// Goes over the elements of an array or a map, in the order in which they were sent.
class NestedElements {
 public:
  explicit NestedElements(const NestedValue& list);

  // The next element; its key is "" in arrays. False at the end.
  bool Next(std::string_view& key, NestedValue& value);

 private:
  std::string_view rest_;
  bool map_;
};

// Writes the value as plain JSON: arrays and objects (members in the order sent, duplicates kept), integers as numbers,
// bytes as base64, NaN and infinities as text, an empty value as null.
void WriteNestedJson(JsonWriter& json, const NestedValue& value);

}  // namespace spoor
