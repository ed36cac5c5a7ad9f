#include "decode/otlp_json_value.h"

#include "base/base64.h"
#include "base/limits.h"
#include "model/any_value.h"

namespace spoor {
namespace {

using json::Taken;
using json::Walked;
using protozero::pbf_writer;
namespace fields = any_value_fields;

ValueType ScalarTypeOf(json::Name name) {
  if (name == "stringValue") return ValueType::kString;
  if (name == "intValue") return ValueType::kInt;
  if (name == "boolValue") return ValueType::kBool;
  if (name == "doubleValue") return ValueType::kDouble;
  if (name == "bytesValue") return ValueType::kBytes;
  return ValueType::kEmpty;
}

void WriteScalar(const OtlpJsonValue& value, pbf_writer& any_value) {
  switch (value.type) {
    case ValueType::kString: any_value.add_string(fields::kString, value.bytes.data(), value.bytes.size()); break;
    case ValueType::kBool: any_value.add_bool(fields::kBool, value.cell != 0); break;
    case ValueType::kInt: any_value.add_int64(fields::kInt, static_cast<int64_t>(value.cell)); break;
    case ValueType::kDouble: any_value.add_double(fields::kDouble, CellToDouble(value.cell)); break;
    case ValueType::kBytes: any_value.add_bytes(fields::kBytes, value.bytes.data(), value.bytes.size()); break;
    case ValueType::kEmpty:
    case ValueType::kArray:
    case ValueType::kMap: break;
  }
}

}  // namespace

bool OtlpJsonValueReader::Read(json::value source, OtlpJsonValue& value) {
  value = {};
  return Whole(json::ForEachMember(source, [&](json::Name name, json::value inner) {
    const Taken scalar = ReadScalar(name, inner, value);
    if (scalar != Taken::kUnknown) return scalar;
    nested_.clear();
    pbf_writer writer(nested_);
    const Taken list = WriteList(name, inner, writer, 0);
    if (list != Taken::kYes) return list;
    value = {};
    if (!nested_.empty()) {
      value = {.type = name == "arrayValue" ? ValueType::kArray : ValueType::kMap, .bytes = nested_};
    }
    return list;
  }));
}

// A member of an AnyValue that holds no other AnyValue.
Taken OtlpJsonValueReader::ReadScalar(json::Name name, json::value source, OtlpJsonValue& value) {
  const ValueType type = ScalarTypeOf(name);
  if (type == ValueType::kEmpty) return Taken::kUnknown;
  OtlpJsonValue read = {.type = type};
  if (ReadScalarOf(type, source, read)) {
    value = read;
    return Taken::kYes;
  }
  if (json::IsNull(source)) return Taken::kYes;
  Problem("not of the type that the member's name says");
  return Taken::kFailed;
}

bool OtlpJsonValueReader::ReadScalarOf(ValueType type, json::value source, OtlpJsonValue& value) {
  std::string_view text;
  if (type == ValueType::kString) return source.get_string().get(value.bytes) == simdjson::SUCCESS;
  if (type == ValueType::kBool) {
    bool truth;
    if (source.get_bool().get(truth) != simdjson::SUCCESS) return false;
    value.cell = truth ? 1 : 0;
    return true;
  }
  if (type == ValueType::kBytes) {
    bytes_.clear();
    if (source.get_string().get(text) != simdjson::SUCCESS || !DecodeBase64(text, bytes_)) return false;
    value.bytes = bytes_;
    return true;
  }
  if (!json::TextOrNumber(source, text)) return false;
  if (type == ValueType::kInt) {
    const auto number = json::WholeNumber<int64_t>(text);
    if (number) value.cell = static_cast<uint64_t>(*number);
    return number.has_value();
  }
  const auto number = json::RealNumber(text);
  if (number) value.cell = DoubleToCell(*number);
  return number.has_value();
}

bool OtlpJsonValueReader::Write(json::value source, pbf_writer& any_value, int depth) {
  return Whole(json::ForEachMember(source, [&](json::Name name, json::value inner) {
    OtlpJsonValue value;
    const Taken scalar = ReadScalar(name, inner, value);
    WriteScalar(value, any_value);
    return scalar != Taken::kUnknown ? scalar : WriteList(name, inner, any_value, depth);
  }));
}

// The member "arrayValue" or "kvlistValue" of an AnyValue.
Taken OtlpJsonValueReader::WriteList(json::Name name, json::value source, pbf_writer& any_value, int depth) {
  const bool is_array = name == "arrayValue";
  if (!is_array && !(name == "kvlistValue")) return Taken::kUnknown;
  if (json::IsNull(source)) return Taken::kYes;
  if (depth >= limits::kValueDepthMax) {
    Problem("nested too deep");
    return Taken::kFailed;
  }
  const bool whole = Nested(any_value, is_array ? fields::kArray : fields::kMap, [&](pbf_writer& list) {
    const auto write = [&](json::value element) {
      return Nested(list, fields::kListValues, [&](pbf_writer& inner) {
        return is_array ? Write(element, inner, depth + 1) : WritePair(element, inner, depth + 1);
      });
    };
    return Whole(json::ForEachMember(source, [&](json::Name member, json::value inner) {
      if (!(member == "values")) return Taken::kUnknown;
      return Whole(json::ForEachElement(inner, write)) ? Taken::kYes : Taken::kFailed;
    }));
  });
  return whole ? Taken::kYes : Taken::kFailed;
}

// Writes a message within `parent`, which protozero would leave out where it is empty.
template <class WriteFields>
bool OtlpJsonValueReader::Nested(pbf_writer& parent, uint32_t field, WriteFields write) {
  const size_t size_before = nested_.size();
  {
    pbf_writer message(parent, field);
    if (!write(message)) return false;
  }
  if (nested_.size() == size_before) parent.add_message(field, "", 0);
  return true;
}

bool OtlpJsonValueReader::WritePair(json::value source, pbf_writer& pair, int depth) {
  return Whole(json::ForEachMember(source, [&](json::Name name, json::value inner) {
    if (name == "key") {
      std::string_view key;
      if (inner.get_string().get(key) != simdjson::SUCCESS) {
        Problem("a key that is not text");
        return Taken::kFailed;
      }
      pair.add_string(fields::kPairKey, key.data(), key.size());
      return Taken::kYes;
    }
    if (!(name == "value")) return Taken::kUnknown;
    const auto write = [&](pbf_writer& value) { return Write(inner, value, depth); };
    return Nested(pair, fields::kPairValue, write) ? Taken::kYes : Taken::kFailed;
  }));
}

bool OtlpJsonValueReader::Whole(Walked walked) {
  if (walked == Walked::kWhole) return true;
  return walked == Walked::kFailed ? false : Problem(json::WhatWent(walked));
}

}  // namespace spoor
