// For tests: writes Thrift's binary protocol, and Jaeger's structs in it (field numbers: jaeger_thrift_fields.h).
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode/thrift_reader.h"

namespace spoor {

// A struct's fields, in the order of the calls; End closes it. Values that have no method of their own are Raw.
class ThriftStruct {
 public:
  ThriftStruct& Bool(uint16_t field, bool value) { return Raw(ThriftType::kBool, field, Bytes(uint8_t{value})); }
  ThriftStruct& I32(uint16_t field, int32_t value) { return Raw(ThriftType::kI32, field, Bytes(uint32_t(value))); }
  ThriftStruct& I64(uint16_t field, int64_t value) { return Raw(ThriftType::kI64, field, Bytes(uint64_t(value))); }
  ThriftStruct& Double(uint16_t field, double value) {
    return Raw(ThriftType::kDouble, field, Bytes(std::bit_cast<uint64_t>(value)));
  }
  ThriftStruct& String(uint16_t field, std::string_view value) { return Raw(ThriftType::kString, field, Text(value)); }
  // `value` ends with its stop.
  ThriftStruct& Struct(uint16_t field, std::string_view value) { return Raw(ThriftType::kStruct, field, value); }
  ThriftStruct& Structs(uint16_t field, const std::vector<std::string>& values) {
    return Raw(ThriftType::kList, field, List(ThriftType::kStruct, values));
  }
  ThriftStruct& Raw(ThriftType type, uint16_t field, std::string_view value) {
    bytes_ += static_cast<char>(type);
    bytes_ += Bytes(field);
    bytes_ += value;
    return *this;
  }
  std::string End() const { return bytes_ + '\0'; }
  std::string WithoutStop() const { return bytes_; }

  template <class T>
  static std::string Bytes(T number) {
    std::string out;
    for (size_t i = sizeof(T); i-- > 0;) out += static_cast<char>(number >> (8 * i));
    return out;
  }
  static std::string Text(std::string_view text) {
    return Bytes(static_cast<uint32_t>(text.size())) + std::string(text);
  }
  static std::string List(ThriftType type, const std::vector<std::string>& values) {
    std::string out(1, static_cast<char>(type));
    out += Bytes(static_cast<uint32_t>(values.size()));
    for (const std::string& value : values) out += value;
    return out;
  }

 private:
  std::string bytes_;
};

namespace thrift_test {

inline std::string TextTag(std::string_view key, std::string_view value) {
  return ThriftStruct().String(1, key).I32(2, 0).String(3, value).End();
}
inline std::string DoubleTag(std::string_view key, double value) {
  return ThriftStruct().String(1, key).I32(2, 1).Double(4, value).End();
}
inline std::string BoolTag(std::string_view key, bool value) {
  return ThriftStruct().String(1, key).I32(2, 2).Bool(5, value).End();
}
inline std::string LongTag(std::string_view key, int64_t value) {
  return ThriftStruct().String(1, key).I32(2, 3).I64(6, value).End();
}
inline std::string BinaryTag(std::string_view key, std::string_view value) {
  return ThriftStruct().String(1, key).I32(2, 4).String(7, value).End();
}

inline std::string Reference(int32_t type, int64_t trace_high, int64_t trace_low, int64_t span_id) {
  return ThriftStruct().I32(1, type).I64(2, trace_low).I64(3, trace_high).I64(4, span_id).End();
}
inline std::string Log(int64_t time_us, const std::vector<std::string>& tags) {
  return ThriftStruct().I64(1, time_us).Structs(2, tags).End();
}

// A span of trace 1:2 with id 3 and its required fields in order; what a test sets differs.
struct Span {
  int64_t trace_high = 1, trace_low = 2, id = 3, parent = 0;
  std::string name = "work";
  std::vector<std::string> references;
  int32_t flags = 1;
  int64_t start_us = 1000, duration_us = 500;
  std::vector<std::string> tags, logs;

  std::string Write() const {
    ThriftStruct span;
    span.I64(1, trace_low).I64(2, trace_high).I64(3, id).I64(4, parent).String(5, name);
    if (!references.empty()) span.Structs(6, references);
    span.I32(7, flags).I64(8, start_us).I64(9, duration_us);
    if (!tags.empty()) span.Structs(10, tags);
    if (!logs.empty()) span.Structs(11, logs);
    return span.End();
  }
};

inline std::string Process(std::string_view service, const std::vector<std::string>& tags = {}) {
  ThriftStruct process;
  process.String(1, service);
  if (!tags.empty()) process.Structs(2, tags);
  return process.End();
}
inline std::string Batch(const std::string& process, const std::vector<std::string>& spans) {
  return ThriftStruct().Struct(1, process).Structs(2, spans).End();
}
inline std::string Batch(const Span& span) { return Batch(Process("shop"), {span.Write()}); }

}  // namespace thrift_test
}  // namespace spoor
