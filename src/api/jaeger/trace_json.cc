#include "api/jaeger/trace_json.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include "api/warning_text.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "plan/value_text.h"

namespace spoor::api {
namespace {

constexpr int64_t kSafeIntegerMax = (int64_t{1} << 53) - 1;  // JavaScript's Number.MAX_SAFE_INTEGER

void WriteText(JsonWriter& json, std::string_view key, std::string_view value) {
  json.BeginObject();
  json.Member("key", key);
  json.Member("type", "string");
  json.Member("value", value);
  json.EndObject();
}

void WriteTextIfAny(JsonWriter& json, std::string_view key, std::string_view value) {
  if (!value.empty()) WriteText(json, key, value);
}

void WriteInt(JsonWriter& json, int64_t value) {
  json.Member("type", "int64");
  json.Key("value");
  if (value > kSafeIntegerMax || value < -kSafeIntegerMax) {
    json.IntText(value);
  } else {
    json.Int(value);
  }
}

void WriteKeyValue(JsonWriter& json, std::string_view key, ValueType type, uint64_t cell, std::string_view bytes) {
  if (type == ValueType::kString) return WriteText(json, key, bytes);
  json.BeginObject();
  json.Member("key", key);
  std::string text;
  switch (type) {
    case ValueType::kBool:
      json.Member("type", "bool");
      json.Member("value", cell != 0);
      break;
    case ValueType::kInt: WriteInt(json, static_cast<int64_t>(cell)); break;
    case ValueType::kDouble:
      json.Member("type", "float64");
      json.Member("value", CellToDouble(cell));
      break;
    case ValueType::kBytes:
      AppendBase64(text, bytes);
      json.Member("type", "binary");
      json.Member("value", text);
      break;
    default:
      AppendValueText(text, type, cell, bytes);
      json.Member("type", "string");
      json.Member("value", text);
  }
  json.EndObject();
}

// One list of attributes, walked in order.
template <class Visit>
void ForEachAttribute(const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list, Visit visit) {
  const auto keys = batch.ShapeKeys(lists.shape[list]);
  const auto types = batch.ShapeTypes(lists.shape[list]);
  const uint64_t* cells = batch.values.data() + lists.value_begin[list];
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string_view bytes = IsCode(types[i]) ? batch.String(static_cast<StringCode>(cells[i])) : "";
    visit(batch.String(keys[i]), types[i], cells[i], bytes);
  }
}

void WriteAttributes(JsonWriter& json, const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list) {
  ForEachAttribute(batch, lists, list,
                   [&](std::string_view key, ValueType type, uint64_t cell, std::string_view bytes) {
                     WriteKeyValue(json, key, type, cell, bytes);
                   });
}

// The processes of a trace: equal resources, of whatever batch, are one.
class Processes {
 public:
  // The number of the resource's process, from 1.
  uint32_t Of(const SpanBatch& batch, uint32_t resource) {
    if (&batch == last_batch_ && resource == last_resource_) return last_number_;
    last_batch_ = &batch;
    last_resource_ = resource;
    const auto [it, fresh] = by_row_.try_emplace({&batch, resource}, 0);
    if (fresh) it->second = ByContent(batch, resource);
    return last_number_ = it->second;
  }

  void Write(JsonWriter& json) const {
    json.BeginObject();
    for (size_t i = 0; i < texts_.size(); ++i) {
      json.Key("p" + std::to_string(i + 1));
      json.Raw(texts_[i]);
    }
    json.EndObject();
  }

 private:
  uint32_t ByContent(const SpanBatch& batch, uint32_t resource) {
    std::string text;
    JsonWriter json(text);
    json.BeginObject();
    json.Member("serviceName", batch.String(batch.resource_service_name[resource]));
    json.Key("tags");
    json.BeginArray();
    ForEachAttribute(batch, batch.resource_attributes, resource,
                     [&](std::string_view key, ValueType type, uint64_t cell, std::string_view bytes) {
                       if (key != "service.name" || type != ValueType::kString) {
                         WriteKeyValue(json, key, type, cell, bytes);
                       }
                     });
    json.EndArray();
    json.EndObject();
    const auto [it, fresh] = by_content_.try_emplace(text, static_cast<uint32_t>(texts_.size() + 1));
    if (fresh) texts_.push_back(std::move(text));
    return it->second;
  }

  const SpanBatch* last_batch_ = nullptr;
  uint32_t last_resource_ = 0;
  uint32_t last_number_ = 0;
  boost::unordered_flat_map<std::pair<const SpanBatch*, uint32_t>, uint32_t> by_row_;
  boost::unordered_flat_map<std::string, uint32_t> by_content_;
  std::vector<std::string> texts_;
};

void WriteReference(JsonWriter& json, std::string_view type, TraceId trace, SpanId span) {
  json.BeginObject();
  json.Member("refType", type);
  json.Member("traceID", TraceIdShortHex(trace));
  json.Member("spanID", SpanIdHex(span));
  json.EndObject();
}

// Links follow from, unless an OpenTracing bridge marked one as parent.
std::string_view ReferenceType(const SpanBatch& batch, uint32_t link) {
  std::string_view type = "FOLLOWS_FROM";
  ForEachAttribute(batch, batch.link_attributes, link,
                   [&](std::string_view key, ValueType value_type, uint64_t, std::string_view bytes) {
                     if (key == "opentracing.ref_type" && value_type == ValueType::kString && bytes == "child_of") {
                       type = "CHILD_OF";
                     }
                   });
  return type;
}

void WriteReferences(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  const SpanId parent = batch.parent_span_id[row];
  const uint32_t begin = batch.link_begin[row], end = batch.link_begin[row + 1];
  const auto to_parent = [&](uint32_t link) {
    return parent != 0 && batch.link_span_id[link] == parent &&
           TraceId{batch.link_trace_id_high[link], batch.link_trace_id_low[link]} == batch.trace_id(row);
  };
  json.BeginArray();
  if (parent != 0) {
    std::string_view type = "CHILD_OF";
    for (uint32_t link = begin; link < end; ++link) {
      if (to_parent(link)) type = ReferenceType(batch, link);  // the link says it more exactly
    }
    WriteReference(json, type, batch.trace_id(row), parent);
  }
  for (uint32_t link = begin; link < end; ++link) {
    if (to_parent(link)) continue;
    const TraceId trace{batch.link_trace_id_high[link], batch.link_trace_id_low[link]};
    WriteReference(json, ReferenceType(batch, link), trace, batch.link_span_id[link]);
  }
  json.EndArray();
}

void WriteTags(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  const uint32_t scope = batch.scope[row];
  json.BeginArray();
  WriteTextIfAny(json, "otel.scope.name", batch.String(batch.scope_name[scope]));
  WriteTextIfAny(json, "otel.scope.version", batch.String(batch.scope_version[scope]));
  WriteAttributes(json, batch, batch.attributes, row);
  WriteTextIfAny(json, "span.kind", SpanKindName(static_cast<SpanKind>(batch.kind[row])));
  const auto status = static_cast<StatusCode>(batch.status_code[row]);
  if (status == StatusCode::kOk) WriteText(json, "otel.status_code", "OK");
  if (status == StatusCode::kError) {
    WriteText(json, "otel.status_code", "ERROR");
    WriteKeyValue(json, "error", ValueType::kBool, 1, {});
  }
  WriteTextIfAny(json, "otel.status_description", batch.String(batch.status_message[row]));
  WriteTextIfAny(json, "w3c.tracestate", batch.String(batch.trace_state[row]));
  json.EndArray();
}

bool HasEventAttribute(const SpanBatch& batch, uint32_t event) {
  bool has = false;
  ForEachAttribute(batch, batch.event_attributes, event,
                   [&](std::string_view key, ValueType, uint64_t, std::string_view) { has = has || key == "event"; });
  return has;
}

void WriteLogs(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  json.BeginArray();
  for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
    json.BeginObject();
    json.Member("timestamp", batch.event_time_ns[event] / 1000);
    json.Key("fields");
    json.BeginArray();
    if (!HasEventAttribute(batch, event)) WriteTextIfAny(json, "event", batch.String(batch.event_name[event]));
    WriteAttributes(json, batch, batch.event_attributes, event);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteSpan(JsonWriter& json, const TraceSpan& span, std::string_view trace_id, Processes& processes) {
  const SpanBatch& batch = *span.batch;
  const uint32_t row = span.row;
  json.BeginObject();
  json.Member("traceID", trace_id);
  json.Member("spanID", SpanIdHex(batch.span_id[row]));
  if (batch.flags[row] != 0) json.Member("flags", batch.flags[row]);
  json.Member("operationName", batch.String(batch.name[row]));
  json.Key("references");
  WriteReferences(json, batch, row);
  json.Member("startTime", batch.start_ns[row] / 1000);
  json.Member("duration", batch.duration_ns(row) / 1000);
  json.Key("tags");
  WriteTags(json, batch, row);
  json.Key("logs");
  WriteLogs(json, batch, row);
  json.Member("processID", "p" + std::to_string(processes.Of(batch, batch.resource[row])));
  json.Key("warnings");
  if (span.warnings == 0) {
    json.Null();
  } else {
    json.BeginArray();
    WriteWarnings(json, span.warnings);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace

void AppendJaegerTrace(std::string& out, const Trace& trace) {
  const std::string trace_id = TraceIdShortHex(trace.id);
  Processes processes;
  JsonWriter json(out);
  json.BeginObject();
  json.Member("traceID", trace_id);
  json.Key("spans");
  json.BeginArray();
  for (const TraceSpan& span : trace.spans) WriteSpan(json, span, trace_id, processes);
  json.EndArray();
  json.Key("processes");
  processes.Write(json);
  json.Key("warnings");
  json.Null();
  json.EndObject();
}

}  // namespace spoor::api
