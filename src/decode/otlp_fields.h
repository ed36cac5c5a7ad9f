// Field numbers of OTLP's trace messages. Source: opentelemetry-proto v1.5.0,
//   opentelemetry/proto/collector/trace/v1/trace_service.proto, trace/v1/trace.proto, common/v1/common.proto and
//   resource/v1/resource.proto. AnyValue's are in model/any_value.h.
#pragma once

#include <cstdint>

#include "model/protobuf_reader.h"

namespace spoor::otlp {

constexpr uint32_t Text(uint32_t field) { return ProtobufTag(field, WireType::kBytes); }
constexpr uint32_t Message(uint32_t field) { return ProtobufTag(field, WireType::kBytes); }
constexpr uint32_t Number(uint32_t field) { return ProtobufTag(field, WireType::kVarint); }
constexpr uint32_t Fixed64(uint32_t field) { return ProtobufTag(field, WireType::kFixed64); }
constexpr uint32_t Fixed32(uint32_t field) { return ProtobufTag(field, WireType::kFixed32); }

// All constants are tags: number and wire type together. `kLastField` is the highest number known of a message.
namespace request {  // ExportTraceServiceRequest
inline constexpr uint32_t kResourceSpans = Message(1);
inline constexpr uint32_t kLastField = 1;
}  // namespace request

namespace resource_spans {
inline constexpr uint32_t kResource = Message(1), kScopeSpans = Message(2), kSchemaUrl = Text(3);
inline constexpr uint32_t kLastField = 3;
}  // namespace resource_spans

namespace resource {
inline constexpr uint32_t kAttributes = Message(1), kDroppedAttributes = Number(2);
inline constexpr uint32_t kLastField = 2;
}  // namespace resource

namespace scope_spans {
inline constexpr uint32_t kScope = Message(1), kSpans = Message(2), kSchemaUrl = Text(3);
inline constexpr uint32_t kLastField = 3;
}  // namespace scope_spans

namespace scope {
inline constexpr uint32_t kName = Text(1), kVersion = Text(2), kAttributes = Message(3), kDroppedAttributes = Number(4);
inline constexpr uint32_t kLastField = 4;
}  // namespace scope

namespace span {
inline constexpr uint32_t kTraceId = Text(1), kSpanId = Text(2), kTraceState = Text(3), kParentSpanId = Text(4);
inline constexpr uint32_t kName = Text(5), kKind = Number(6), kStartNs = Fixed64(7), kEndNs = Fixed64(8);
inline constexpr uint32_t kAttributes = Message(9), kDroppedAttributes = Number(10);
inline constexpr uint32_t kEvents = Message(11), kDroppedEvents = Number(12);
inline constexpr uint32_t kLinks = Message(13), kDroppedLinks = Number(14);
inline constexpr uint32_t kStatus = Message(15), kFlags = Fixed32(16);
inline constexpr uint32_t kLastField = 16;
}  // namespace span

namespace event {
inline constexpr uint32_t kTimeNs = Fixed64(1), kName = Text(2), kAttributes = Message(3),
                          kDroppedAttributes = Number(4);
inline constexpr uint32_t kLastField = 4;
}  // namespace event

namespace link {
inline constexpr uint32_t kTraceId = Text(1), kSpanId = Text(2), kTraceState = Text(3), kAttributes = Message(4);
inline constexpr uint32_t kDroppedAttributes = Number(5), kFlags = Fixed32(6);
inline constexpr uint32_t kLastField = 6;
}  // namespace link

namespace status {
inline constexpr uint32_t kMessage = Text(2), kCode = Number(3);
inline constexpr uint32_t kOldCode = Number(1);  // before OTLP 1.0; says nothing that kCode does not
inline constexpr uint32_t kLastField = 3;
}  // namespace status

namespace key_value {
inline constexpr uint32_t kKey = Text(1), kValue = Message(2);
inline constexpr uint32_t kLastField = 2;
}  // namespace key_value

namespace response {  // ExportTraceServiceResponse
inline constexpr uint32_t kPartialSuccess = Message(1);
}  // namespace response

namespace partial_success {
inline constexpr uint32_t kRejectedSpans = Number(1), kErrorMessage = Text(2);
}  // namespace partial_success

inline constexpr size_t kTraceIdBytes = 16;
inline constexpr size_t kSpanIdBytes = 8;

}  // namespace spoor::otlp
