#include "model/any_value.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/protobuf_reader.h"

namespace spoor {
namespace {

using Kind = AnyValueFault::Kind;
namespace fields = any_value_fields;

// For checking alone.
struct NoVisitor {
  void Empty() {}
  void String(std::string_view) {}
  void Bool(bool) {}
  void Int(int64_t) {}
  void Double(double) {}
  void Bytes(std::string_view) {}
  void BeginArray() {}
  void EndArray() {}
  void BeginMap() {}
  void Key(std::string_view) {}
  void EndMap() {}
};

// The fault of a value that could not be read where a field `expected` stood with `tag`.
AnyValueFault FaultAt(const char* at, uint32_t tag, WireType expected) {
  const bool is_type_wrong = static_cast<WireType>(tag & 7) != expected;
  return {is_type_wrong ? Kind::kWrongWireType : Kind::kMalformed, at};
}

WireType WireTypeOf(uint32_t field) {
  switch (field) {
    case fields::kBool:
    case fields::kInt: return WireType::kVarint;
    case fields::kDouble: return WireType::kFixed64;
    default: return WireType::kBytes;
  }
}

ValueType ValueTypeOf(uint32_t field) {
  switch (field) {
    case fields::kString: return ValueType::kString;
    case fields::kBool: return ValueType::kBool;
    case fields::kInt: return ValueType::kInt;
    case fields::kDouble: return ValueType::kDouble;
    case fields::kArray: return ValueType::kArray;
    case fields::kMap: return ValueType::kMap;
    case fields::kBytes: return ValueType::kBytes;
    default: return ValueType::kEmpty;
  }
}

// Key and value of a KeyValue message; of several the last.
AnyValueFault ReadPair(std::string_view message, std::string_view& key, std::string_view& value) {
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    const char* at = reader.at();
    uint32_t tag;
    if (!reader.ReadTag(tag)) return {Kind::kMalformed, at};
    const uint32_t field = tag >> 3;
    bool good;
    if (field == fields::kPairKey || field == fields::kPairValue) {
      good = tag == ProtobufTag(field, WireType::kBytes) && reader.ReadBytes(field == fields::kPairKey ? key : value);
    } else {
      good = reader.Skip(tag);
    }
    if (!good) return FaultAt(at, tag, field <= fields::kPairValue ? WireType::kBytes : WireType(tag & 7));
  }
  return {};
}

// Recursion is bounded by limits::kValueDepthMax: `depth` counts the arrays and maps around `message`.
template <class Visitor>
AnyValueFault Walk(std::string_view message, int depth, Visitor& visitor);

template <class Visitor>
AnyValueFault WalkPair(std::string_view message, int depth, Visitor& visitor) {
  std::string_view key, value;
  if (const AnyValueFault fault = ReadPair(message, key, value)) return fault;
  if (!IsUtf8(key)) return {Kind::kNotUtf8, key.data()};
  visitor.Key(key);
  return Walk(value, depth, visitor);
}

// The elements of an ArrayValue or a KeyValueList.
template <bool kIsMap, class Visitor>
AnyValueFault WalkList(std::string_view message, int depth, Visitor& visitor) {
  if (depth > limits::kValueDepthMax) return {Kind::kTooDeep, message.data()};
  kIsMap ? visitor.BeginMap() : visitor.BeginArray();
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    const char* at = reader.at();
    uint32_t tag;
    if (!reader.ReadTag(tag)) return {Kind::kMalformed, at};
    if (tag >> 3 != fields::kListValues) {
      if (!reader.Skip(tag)) return {Kind::kMalformed, at};
      continue;
    }
    std::string_view element;
    if (tag != ProtobufTag(fields::kListValues, WireType::kBytes) || !reader.ReadBytes(element)) {
      return FaultAt(at, tag, WireType::kBytes);
    }
    const AnyValueFault fault = kIsMap ? WalkPair(element, depth, visitor) : Walk(element, depth, visitor);
    if (fault) return fault;
  }
  kIsMap ? visitor.EndMap() : visitor.EndArray();
  return {};
}

template <class Visitor>
AnyValueFault Walk(std::string_view message, int depth, Visitor& visitor) {
  AnyValueField field;
  if (const AnyValueFault fault = ReadAnyValueField(message, field)) return fault;
  switch (field.type) {
    case ValueType::kEmpty: visitor.Empty(); break;
    case ValueType::kBool: visitor.Bool(field.cell != 0); break;
    case ValueType::kInt: visitor.Int(static_cast<int64_t>(field.cell)); break;
    case ValueType::kDouble: visitor.Double(CellToDouble(field.cell)); break;
    case ValueType::kBytes: visitor.Bytes(field.bytes); break;
    case ValueType::kArray: return WalkList<false>(field.bytes, depth + 1, visitor);
    case ValueType::kMap: return WalkList<true>(field.bytes, depth + 1, visitor);
    case ValueType::kString:
      if (!IsUtf8(field.bytes)) return {Kind::kNotUtf8, field.bytes.data()};
      visitor.String(field.bytes);
      break;
  }
  return {};
}

}  // namespace

std::string_view AnyValueFault::What() const {
  switch (kind) {
    case Kind::kNone: return "good";
    case Kind::kMalformed: return "not protobuf";
    case Kind::kWrongWireType: return "of another wire type than its field";
    case Kind::kNotUtf8: return "not UTF-8";
    case Kind::kTooDeep: return "nested too deep";
  }
  return "";
}

AnyValueFault ReadAnyValueField(std::string_view message, AnyValueField& field) {
  field = {};
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    const char* at = reader.at();
    uint32_t tag;
    if (!reader.ReadTag(tag)) return {Kind::kMalformed, at};
    const uint32_t number = tag >> 3;
    const ValueType type = ValueTypeOf(number);
    if (type == ValueType::kEmpty) {
      if (!reader.Skip(tag)) return {Kind::kMalformed, at};
      continue;
    }
    AnyValueField read = {.type = type};
    bool good = tag == ProtobufTag(number, WireTypeOf(number));
    if (good && type == ValueType::kDouble) {
      good = reader.ReadFixed64(read.cell);
    } else if (good && (type == ValueType::kBool || type == ValueType::kInt)) {
      good = reader.ReadVarint(read.cell);
      if (type == ValueType::kBool) read.cell = read.cell != 0;
    } else if (good) {
      good = reader.ReadBytes(read.bytes);
    }
    if (!good) return FaultAt(at, tag, WireTypeOf(number));
    read.whole = {at, static_cast<size_t>(reader.at() - at)};
    field = read;
  }
  return {};
}

AnyValueFault CheckAnyValue(std::string_view message) {
  NoVisitor nobody;
  return Walk(message, 0, nobody);
}

Status VisitAnyValue(std::string_view message, AnyValueVisitor& visitor) {
  const AnyValueFault fault = Walk(message, 0, visitor);
  if (!fault) return {};
  return Corrupt(fmt::format("nested value: {} at byte {}", fault.What(), fault.at - message.data()));
}

}  // namespace spoor
