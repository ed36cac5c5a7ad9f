#include "plan/nested_value.h"

#include <protozero/pbf_reader.hpp>
#include <string>

#include "base/base64.h"
#include "base/limits.h"

namespace spoor {
namespace {

// Field numbers of opentelemetry/proto/common/v1/common.proto.
enum : uint32_t {
  kStringValue = 1,
  kBoolValue = 2,
  kIntValue = 3,
  kDoubleValue = 4,
  kArrayValue = 5,
  kKvlistValue = 6,
  kBytesValue = 7,
  kListValues = 1,
  kKeyValueKey = 1,
  kKeyValueValue = 2,
};

constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kFixed64 = protozero::pbf_wire_type::fixed64;
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;

std::string_view ReadView(protozero::pbf_reader& message) {
  const protozero::data_view view = message.get_view();
  return {view.data(), view.size()};
}

void ReadField(protozero::pbf_reader& message, NestedValue& value) {
  using protozero::tag_and_type;
  switch (message.tag_and_type()) {
    case tag_and_type(kStringValue, kBytes): value = {ValueType::kString, 0, ReadView(message)}; return;
    case tag_and_type(kBoolValue, kVarint): value = {ValueType::kBool, message.get_uint64() != 0 ? 1u : 0u, {}}; return;
    case tag_and_type(kIntValue, kVarint): value = {ValueType::kInt, message.get_uint64(), {}}; return;
    case tag_and_type(kDoubleValue, kFixed64): value = {ValueType::kDouble, message.get_fixed64(), {}}; return;
    case tag_and_type(kArrayValue, kBytes): value = {ValueType::kArray, 0, ReadView(message)}; return;
    case tag_and_type(kKvlistValue, kBytes): value = {ValueType::kMap, 0, ReadView(message)}; return;
    case tag_and_type(kBytesValue, kBytes): value = {ValueType::kBytes, 0, ReadView(message)}; return;
    default: message.skip();
  }
}

// Reads one KeyValue message.
void ReadPair(std::string_view pair, std::string_view& key, NestedValue& value) {
  try {
    protozero::pbf_reader message(pair.data(), pair.size());
    while (message.next()) {
      if (message.tag_and_type() == protozero::tag_and_type(kKeyValueKey, kBytes)) {
        key = ReadView(message);
      } else if (message.tag_and_type() == protozero::tag_and_type(kKeyValueValue, kBytes)) {
        value = ReadNestedValue(ReadView(message));
      } else {
        message.skip();
      }
    }
  } catch (const protozero::exception&) {
    return;
  }
}

void WriteAt(JsonWriter& json, const NestedValue& value, int depth);

void WriteElements(JsonWriter& json, const NestedValue& list, int depth) {
  NestedElements elements(list);
  std::string_view key;
  NestedValue value;
  const bool map = list.type == ValueType::kMap;
  map ? json.BeginObject() : json.BeginArray();
  while (elements.Next(key, value)) {
    if (map) json.Key(key);
    WriteAt(json, value, depth + 1);
  }
  map ? json.EndObject() : json.EndArray();
}

void WriteAt(JsonWriter& json, const NestedValue& value, int depth) {
  switch (value.type) {
    case ValueType::kString: json.String(value.bytes); return;
    case ValueType::kBool: json.Bool(value.cell != 0); return;
    case ValueType::kInt: json.Int(static_cast<int64_t>(value.cell)); return;
    case ValueType::kDouble: json.Double(CellToDouble(value.cell)); return;
    case ValueType::kBytes: {
      std::string text;
      AppendBase64(text, value.bytes);
      json.String(text);
      return;
    }
    case ValueType::kArray:
    case ValueType::kMap:
      // Decoders take nothing in that is deeper; this bounds the recursion whatever the bytes are.
      if (depth <= limits::kValueDepthMax + 1) return WriteElements(json, value, depth);
      break;
    case ValueType::kEmpty: break;
  }
  json.Null();
}

}  // namespace

NestedValue ReadNestedValue(std::string_view any_value) {
  NestedValue value;
  try {
    protozero::pbf_reader message(any_value.data(), any_value.size());
    while (message.next()) ReadField(message, value);
  } catch (const protozero::exception&) {
    return value;
  }
  return value;
}

NestedElements::NestedElements(const NestedValue& list) : rest_(list.bytes), map_(list.type == ValueType::kMap) {}

bool NestedElements::Next(std::string_view& key, NestedValue& value) {
  key = {};
  value = {};
  try {
    protozero::pbf_reader message(rest_.data(), rest_.size());
    while (message.next()) {
      if (message.tag_and_type() != protozero::tag_and_type(kListValues, kBytes)) {
        message.skip();
        continue;
      }
      const std::string_view element = ReadView(message);
      rest_ = {message.data().data(), message.length()};
      if (map_) {
        ReadPair(element, key, value);
      } else {
        value = ReadNestedValue(element);
      }
      return true;
    }
  } catch (const protozero::exception&) {
    rest_ = {};
    return false;
  }
  rest_ = {};
  return false;
}

void WriteNestedJson(JsonWriter& json, const NestedValue& value) { WriteAt(json, value, 0); }

}  // namespace spoor
