#include "api/spoor/span_json.h"

#include "api/warning_text.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "plan/nested_json.h"

namespace spoor::api {
namespace {

std::string_view TypeName(ValueType type) {
  switch (type) {
    case ValueType::kEmpty: return "empty";
    case ValueType::kString: return "string";
    case ValueType::kBool: return "bool";
    case ValueType::kInt: return "int";
    case ValueType::kDouble: return "double";
    case ValueType::kBytes: return "bytes";
    case ValueType::kArray: return "array";
    case ValueType::kMap: return "map";
  }
  return "empty";
}

std::string_view StatusName(uint8_t status) {
  switch (static_cast<StatusCode>(status)) {
    case StatusCode::kOk: return "ok";
    case StatusCode::kError: return "error";
    default: return "unset";
  }
}

void WriteValue(JsonWriter& json, ValueType type, uint64_t cell, std::string_view bytes) {
  switch (type) {
    case ValueType::kEmpty: return json.Null();
    case ValueType::kString: return json.String(bytes);
    case ValueType::kBool: return json.Bool(cell != 0);
    case ValueType::kInt: return json.IntText(static_cast<int64_t>(cell));
    case ValueType::kDouble: return json.Double(CellToDouble(cell));
    case ValueType::kBytes: {
      std::string text;
      AppendBase64(text, bytes);
      return json.String(text);
    }
    case ValueType::kArray:
    case ValueType::kMap: return WriteNestedJson(json, bytes);
  }
}

void WriteAttributes(JsonWriter& json, const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list,
                     uint32_t dropped) {
  const auto keys = batch.ShapeKeys(lists.shape[list]);
  const auto types = batch.ShapeTypes(lists.shape[list]);
  json.Key("attributes");
  json.BeginArray();
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t cell = batch.values[lists.value_begin[list] + i];
    json.BeginObject();
    json.Member("key", batch.String(keys[i]));
    json.Member("type", TypeName(types[i]));
    json.Key("value");
    WriteValue(json, types[i], cell, IsCode(types[i]) ? batch.String(static_cast<StringCode>(cell)) : "");
    json.EndObject();
  }
  json.EndArray();
  json.Member("droppedAttributesCount", dropped);
}

void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns) {
  json.Key(name);
  json.UintText(ns);
}

void WriteEvents(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  json.Key("events");
  json.BeginArray();
  for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
    json.BeginObject();
    json.Member("name", batch.String(batch.event_name[event]));
    WriteNanos(json, "timeUnixNano", batch.event_time_ns[event]);
    WriteAttributes(json, batch, batch.event_attributes, event, batch.event_dropped_attributes[event]);
    json.EndObject();
  }
  json.EndArray();
  json.Member("droppedEventsCount", batch.dropped_events[row]);
}

void WriteLinks(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  json.Key("links");
  json.BeginArray();
  for (uint32_t link = batch.link_begin[row]; link < batch.link_begin[row + 1]; ++link) {
    json.BeginObject();
    json.Member("traceID", TraceIdHex({batch.link_trace_id_high[link], batch.link_trace_id_low[link]}));
    json.Member("spanID", SpanIdHex(batch.link_span_id[link]));
    json.Member("traceState", batch.String(batch.link_trace_state[link]));
    json.Member("flags", batch.link_flags[link]);
    WriteAttributes(json, batch, batch.link_attributes, link, batch.link_dropped_attributes[link]);
    json.EndObject();
  }
  json.EndArray();
  json.Member("droppedLinksCount", batch.dropped_links[row]);
}

void WriteOrigin(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  const uint32_t resource = batch.resource[row], scope = batch.scope[row];
  json.Key("resource");
  json.BeginObject();
  WriteAttributes(json, batch, batch.resource_attributes, resource, batch.resource_dropped_attributes[resource]);
  json.Member("schemaUrl", batch.String(batch.resource_schema_url[resource]));
  json.EndObject();
  json.Key("scope");
  json.BeginObject();
  json.Member("name", batch.String(batch.scope_name[scope]));
  json.Member("version", batch.String(batch.scope_version[scope]));
  WriteAttributes(json, batch, batch.scope_attributes, scope, batch.scope_dropped_attributes[scope]);
  json.Member("schemaUrl", batch.String(batch.scope_schema_url[scope]));
  json.EndObject();
}

void WriteCore(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  const SpanId parent = batch.parent_span_id[row];
  json.Member("spanID", SpanIdHex(batch.span_id[row]));
  json.Member("parentSpanID", parent == 0 ? "" : SpanIdHex(parent));
  json.Member("name", batch.String(batch.name[row]));
  json.Member("service", batch.String(batch.service_name(row)));
  json.Member("kind", SpanKindName(static_cast<SpanKind>(batch.kind[row])));
  WriteNanos(json, "startTimeUnixNano", batch.start_ns[row]);
  WriteNanos(json, "endTimeUnixNano", batch.end_ns[row]);
  WriteNanos(json, "durationNano", batch.duration_ns(row));
  json.Key("status");
  json.BeginObject();
  json.Member("code", StatusName(batch.status_code[row]));
  json.Member("message", batch.String(batch.status_message[row]));
  json.EndObject();
  json.Member("traceState", batch.String(batch.trace_state[row]));
  json.Member("flags", batch.flags[row]);
}

}  // namespace

std::string SpanJson(const Trace& trace, const TraceSpan& span) {
  const SpanBatch& batch = *span.batch;
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Member("traceID", TraceIdHex(trace.id));
  WriteCore(json, batch, span.row);
  WriteAttributes(json, batch, batch.attributes, span.row, batch.dropped_attributes[span.row]);
  WriteEvents(json, batch, span.row);
  WriteLinks(json, batch, span.row);
  WriteOrigin(json, batch, span.row);
  json.Key("warnings");
  json.BeginArray();
  WriteWarnings(json, span.warnings);
  json.EndArray();
  json.EndObject();
  return out;
}

}  // namespace spoor::api
