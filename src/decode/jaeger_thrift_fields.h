// Field numbers of Jaeger's Thrift messages. Source: jaegertracing/jaeger-idl, thrift/jaeger.thrift.
#pragma once

#include <cstdint>

#include "decode/thrift_reader.h"

namespace spoor::jaeger_thrift {

constexpr uint32_t Bool(uint16_t field) { return ThriftTag(ThriftType::kBool, field); }
constexpr uint32_t I32(uint16_t field) { return ThriftTag(ThriftType::kI32, field); }
constexpr uint32_t I64(uint16_t field) { return ThriftTag(ThriftType::kI64, field); }
constexpr uint32_t Double(uint16_t field) { return ThriftTag(ThriftType::kDouble, field); }
constexpr uint32_t String(uint16_t field) { return ThriftTag(ThriftType::kString, field); }
constexpr uint32_t Struct(uint16_t field) { return ThriftTag(ThriftType::kStruct, field); }
constexpr uint32_t List(uint16_t field) { return ThriftTag(ThriftType::kList, field); }

// What is known of a struct's fields: bit i stands for field i.
struct KnownFields {
  uint16_t last;      // the highest number
  uint32_t required;  // those without which it cannot be understood

  constexpr bool Has(uint16_t field) const { return field - 1u < last; }
};
constexpr uint32_t Fields(auto... numbers) { return ((uint32_t{1} << numbers) | ...); }

// All constants beginning with k but kFields are tags: number and type together.
namespace batch {
inline constexpr uint32_t kProcess = Struct(1), kSpans = List(2);
inline constexpr KnownFields kFields = {2, Fields(1, 2)};
}  // namespace batch

namespace process {
inline constexpr uint32_t kServiceName = String(1), kTags = List(2);
inline constexpr KnownFields kFields = {2, Fields(1)};
}  // namespace process

namespace span {
inline constexpr uint32_t kTraceIdLow = I64(1), kTraceIdHigh = I64(2), kSpanId = I64(3), kParentSpanId = I64(4);
inline constexpr uint32_t kOperationName = String(5), kReferences = List(6), kFlags = I32(7);
inline constexpr uint32_t kStartTimeUs = I64(8), kDurationUs = I64(9), kTags = List(10), kLogs = List(11);
inline constexpr uint32_t kIncomplete = Bool(12);
inline constexpr KnownFields kFields = {12, Fields(1, 2, 3, 4, 5, 7, 8, 9)};
inline constexpr uint32_t kIds = Fields(1, 2, 3, 4);  // what the meaning of references depends on
}  // namespace span

namespace reference {
inline constexpr uint32_t kType = I32(1), kTraceIdLow = I64(2), kTraceIdHigh = I64(3), kSpanId = I64(4);
inline constexpr int32_t kChildOf = 0, kFollowsFrom = 1;
inline constexpr KnownFields kFields = {4, Fields(1, 2, 3, 4)};
}  // namespace reference

namespace log {
inline constexpr uint32_t kTimestampUs = I64(1), kLogFields = List(2);
inline constexpr KnownFields kFields = {2, Fields(1, 2)};
}  // namespace log

namespace tag {
inline constexpr uint32_t kKey = String(1), kType = I32(2), kText = String(3), kDouble = Double(4), kBool = Bool(5);
inline constexpr uint32_t kLong = I64(6), kBinary = String(7);
inline constexpr KnownFields kFields = {7, Fields(1, 2)};
}  // namespace tag

}  // namespace spoor::jaeger_thrift
