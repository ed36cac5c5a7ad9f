// Requests as OTLP bodies. Field numbers: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto.
#include <fmt/format.h>

#include <chrono>
#include <protozero/pbf_writer.hpp>

#include "bench/traffic.h"

namespace spoor::bench {
namespace {

using protozero::pbf_writer;

std::string BigEndian(uint64_t value) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>(value >> (56 - 8 * i));
  return out;
}

void WriteAttributes(pbf_writer& writer, uint32_t field, const Attributes& attributes) {
  for (const auto& [key, value] : attributes) {
    pbf_writer pair(writer, field);
    pair.add_string(1, key.data(), key.size());
    pbf_writer any(pair, 2);
    if (const auto* text = std::get_if<std::string>(&value)) any.add_string(1, *text);
    if (const auto* truth = std::get_if<bool>(&value)) any.add_bool(2, *truth);
    if (const auto* number = std::get_if<int64_t>(&value)) any.add_int64(3, *number);
    if (const auto* real = std::get_if<double>(&value)) any.add_double(4, *real);
  }
}

void WriteSpan(pbf_writer& scope_spans, const Span& span) {
  pbf_writer writer(scope_spans, 2);
  writer.add_bytes(1, BigEndian(span.trace_high) + BigEndian(span.trace_low));
  writer.add_bytes(2, BigEndian(span.id));
  if (span.parent != 0) writer.add_bytes(4, BigEndian(span.parent));
  writer.add_string(5, span.name);
  writer.add_enum(6, span.kind);
  writer.add_fixed64(7, span.start_ns);
  writer.add_fixed64(8, span.end_ns);
  WriteAttributes(writer, 9, span.attributes);
  for (const Event& event : span.events) {
    pbf_writer out(writer, 11);
    out.add_fixed64(1, event.time_ns);
    out.add_string(2, event.name.data(), event.name.size());
    WriteAttributes(out, 3, event.attributes);
  }
  {
    pbf_writer status(writer, 15);
    if (!span.status_message.empty()) status.add_string(2, span.status_message);
    if (span.status != 0) status.add_enum(3, span.status);
  }
  writer.add_fixed32(16, 0x101);
}

std::string Protobuf(const Request& request) {
  std::string out;
  pbf_writer root(out);
  pbf_writer resource_spans(root, 1);
  {
    pbf_writer resource(resource_spans, 1);
    WriteAttributes(resource, 1, request.resource);
  }
  pbf_writer scope_spans(resource_spans, 2);
  {
    pbf_writer scope(scope_spans, 1);
    scope.add_string(1, request.scope_name.data(), request.scope_name.size());
    scope.add_string(2, request.scope_version.data(), request.scope_version.size());
  }
  for (const Span& span : request.spans) WriteSpan(scope_spans, span);
  return out;
}

// Generated text holds no character but '"', '\\' and newlines that JSON escapes.
std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string JsonAttributes(const Attributes& attributes) {
  std::string out = "[";
  for (const auto& [key, value] : attributes) {
    if (out.size() > 1) out += ',';
    out += fmt::format("{{\"key\":{},\"value\":{{", Quote(key));
    if (const auto* text = std::get_if<std::string>(&value)) out += "\"stringValue\":" + Quote(*text);
    if (const auto* truth = std::get_if<bool>(&value)) out += fmt::format("\"boolValue\":{}", *truth);
    if (const auto* number = std::get_if<int64_t>(&value)) out += fmt::format("\"intValue\":\"{}\"", *number);
    if (const auto* real = std::get_if<double>(&value)) out += fmt::format("\"doubleValue\":{}", *real);
    out += "}}";
  }
  return out + ']';
}

std::string Json(const Request& request) {
  std::string out = fmt::format(
      "{{\"resourceSpans\":[{{\"resource\":{{\"attributes\":{}}},\"scopeSpans\":[{{\"scope\":{{\"name\":{},\"version\":"
      "{}}},"
      "\"spans\":[",
      JsonAttributes(request.resource), Quote(request.scope_name), Quote(request.scope_version));
  bool first = true;
  for (const Span& span : request.spans) {
    if (!first) out += ',';
    first = false;
    out += fmt::format("{{\"traceId\":\"{:016x}{:016x}\",\"spanId\":\"{:016x}\",\"parentSpanId\":\"{}\",\"name\":{},",
                       span.trace_high, span.trace_low, span.id,
                       span.parent ? fmt::format("{:016x}", span.parent) : std::string(), Quote(span.name));
    out += fmt::format(
        "\"kind\":{},\"startTimeUnixNano\":\"{}\",\"endTimeUnixNano\":\"{}\",\"attributes\":{},\"events\":[", span.kind,
        span.start_ns, span.end_ns, JsonAttributes(span.attributes));
    for (size_t i = 0; i < span.events.size(); ++i) {
      out += fmt::format("{}{{\"timeUnixNano\":\"{}\",\"name\":{},\"attributes\":{}}}", i ? "," : "",
                         span.events[i].time_ns, Quote(span.events[i].name), JsonAttributes(span.events[i].attributes));
    }
    out += fmt::format("],\"status\":{{\"message\":{},\"code\":{}}},\"flags\":257}}", Quote(span.status_message),
                       span.status);
  }
  return out + "]}]}]}";
}

}  // namespace

Body Encode(const Request& request, Encoding encoding) {
  const auto span_count = static_cast<uint32_t>(request.spans.size());
  switch (encoding) {
    case Encoding::kProtobuf: return {Protobuf(request), span_count};
    case Encoding::kJson: return {Json(request), span_count};
    case Encoding::kThrift: return {EncodeThrift(request), span_count};
  }
  return {};
}

uint64_t NowNs() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

}  // namespace spoor::bench
