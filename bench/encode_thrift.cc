// Requests as Jaeger's batches in Thrift's binary protocol, written as OpenTelemetry's exporter for Jaeger did. Field
// numbers: jaegertracing/jaeger-idl, thrift/jaeger.thrift.
#include "bench/traffic.h"

#include <bit>

namespace spoor::bench {
namespace {

enum Type : char { kBool = 2, kDouble = 4, kI32 = 8, kI64 = 10, kString = 11, kStruct = 12, kList = 15 };

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void Begin(Type type, uint16_t field) {
    out_ += type;
    Number(field);
  }
  void Stop() { out_ += '\0'; }
  void I32(uint16_t field, int32_t value) {
    Begin(kI32, field);
    Number(static_cast<uint32_t>(value));
  }
  void I64(uint16_t field, uint64_t value) {
    Begin(kI64, field);
    Number(value);
  }
  void Text(uint16_t field, std::string_view value) {
    Begin(kString, field);
    Number(static_cast<uint32_t>(value.size()));
    out_ += value;
  }
  // The head of a list of structs, which follow, each with its stop.
  void List(uint16_t field, size_t count) {
    Begin(kList, field);
    out_ += kStruct;
    Number(static_cast<uint32_t>(count));
  }

  void Tag(std::string_view key, const Value& value) {
    Text(1, key);
    if (const auto* text = std::get_if<std::string>(&value)) {
      I32(2, 0);
      Text(3, *text);
    } else if (const auto* real = std::get_if<double>(&value)) {
      I32(2, 1);
      Begin(kDouble, 4);
      Number(std::bit_cast<uint64_t>(*real));
    } else if (const auto* truth = std::get_if<bool>(&value)) {
      I32(2, 2);
      Begin(kBool, 5);
      out_ += static_cast<char>(*truth);
    } else {
      I32(2, 3);
      I64(6, static_cast<uint64_t>(std::get<int64_t>(value)));
    }
    Stop();
  }
  void Tags(uint16_t field, const Attributes& tags) {
    List(field, tags.size());
    for (const auto& [key, value] : tags) Tag(key, value);
  }

 private:
  template <class T>
  void Number(T number) {
    for (size_t i = sizeof(T); i-- > 0;) out_ += static_cast<char>(number >> (8 * i));
  }

  std::string& out_;
};

Attributes TagsOf(const Span& span, const Request& request) {
  static constexpr std::string_view kKinds[] = {"", "internal", "server", "client", "producer", "consumer"};
  Attributes tags = span.attributes;
  tags.emplace_back("otel.scope.name", std::string(request.scope_name));
  tags.emplace_back("otel.scope.version", std::string(request.scope_version));
  tags.emplace_back("span.kind", std::string(kKinds[span.kind]));
  if (span.status == 2) {
    tags.emplace_back("otel.status_code", std::string("ERROR"));
    tags.emplace_back("error", true);
    tags.emplace_back("otel.status_description", span.status_message);
  }
  return tags;
}

void WriteSpan(Writer& writer, const Span& span, const Request& request) {
  writer.I64(1, span.trace_low);
  writer.I64(2, span.trace_high);
  writer.I64(3, span.id);
  writer.I64(4, span.parent);
  writer.Text(5, span.name);
  writer.I32(7, 1);
  writer.I64(8, span.start_ns / 1000);
  writer.I64(9, (span.end_ns - span.start_ns) / 1000);
  writer.Tags(10, TagsOf(span, request));
  if (!span.events.empty()) {
    writer.List(11, span.events.size());
    for (const Event& event : span.events) {
      writer.I64(1, event.time_ns / 1000);
      Attributes fields = event.attributes;
      fields.emplace_back("event", std::string(event.name));
      writer.Tags(2, fields);
      writer.Stop();
    }
  }
  writer.Stop();
}

}  // namespace

std::string EncodeThrift(const Request& request) {
  std::string out;
  Writer writer(out);
  writer.Begin(kStruct, 1);
  Attributes tags;
  for (const auto& [key, value] : request.resource) {
    if (key == "service.name") {
      writer.Text(1, std::get<std::string>(value));
    } else {
      tags.emplace_back(key, value);
    }
  }
  writer.Tags(2, tags);
  writer.Stop();
  writer.List(2, request.spans.size());
  for (const Span& span : request.spans) WriteSpan(writer, span, request);
  writer.Stop();
  return out;
}

}  // namespace spoor::bench
