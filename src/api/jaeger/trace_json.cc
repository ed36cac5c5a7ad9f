#include "api/jaeger/trace_json.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <string>
#include <vector>

#include "api/hex.h"
#include "api/warning_text.h"
#include "base/json_writer.h"
#include "plan/value_text.h"

namespace spoor::api {
namespace {

constexpr int64_t kSafeIntegerMax = (int64_t{1} << 53) - 1;  // JavaScript's Number.MAX_SAFE_INTEGER

std::string_view TypeName(ValueType type) {
  switch (type) {
    case ValueType::kBool: return "bool";
    case ValueType::kInt: return "int64";
    case ValueType::kDouble: return "float64";
    case ValueType::kBytes: return "binary";
    default: return "string";
  }
}

void AppendInt(std::string& out, int64_t value) {
  JsonWriter json(out);
  if (value > kSafeIntegerMax || value < -kSafeIntegerMax) {
    json.IntText(value);
  } else {
    json.Int(value);
  }
}

void AppendValue(std::string& out, ValueType type, uint64_t cell, std::string_view bytes) {
  switch (type) {
    case ValueType::kString: return AppendJsonString(out, bytes);
    case ValueType::kBool: out += cell != 0 ? "true" : "false"; return;
    case ValueType::kInt: return AppendInt(out, static_cast<int64_t>(cell));
    case ValueType::kDouble: return JsonWriter(out).Double(CellToDouble(cell));
    default: {
      std::string text;
      AppendValueText(text, type, cell, bytes);
      AppendJsonString(out, text);
    }
  }
}

// {"key":"http.method","type":"string","value":
std::string KeyValueHead(std::string_view key, ValueType type) {
  std::string head = R"({"key":)";
  AppendJsonString(head, key);
  return head + R"(,"type":")" + std::string(TypeName(type)) + R"(","value":)";
}

// What the fields of a batch's shapes start with in JSON, made when first needed: writing attributes is what encoding a
// large trace consists of.
class FieldHeads {
 public:
  explicit FieldHeads(const SpanBatch& batch) : batch_(batch), heads_(batch.field_key.size()) {}

  std::string_view Of(size_t field) {
    std::string& head = heads_[field];
    if (head.empty()) head = KeyValueHead(batch_.String(batch_.field_key[field]), batch_.field_type[field]);
    return head;
  }

 private:
  const SpanBatch& batch_;
  std::vector<std::string> heads_;
};

// Writes lists of KeyValues into `out`, through `json` so that commas are right.
class KeyValues {
 public:
  KeyValues(std::string& out, JsonWriter& json) : out_(out), json_(json) {}

  void Text(std::string_view head, std::string_view value) {
    json_.Raw(head);
    AppendJsonString(out_, value);
    out_.push_back('}');
  }
  void TextIfAny(std::string_view head, std::string_view value) {
    if (!value.empty()) Text(head, value);
  }

  void List(const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list) {
    const uint32_t shape = lists.shape[list];
    const uint32_t begin = batch.shape_begin[shape], end = batch.shape_begin[shape + 1];
    const uint64_t* cell = batch.values.data() + lists.value_begin[list];
    FieldHeads& heads = HeadsOf(batch);
    for (uint32_t field = begin; field < end; ++field, ++cell) {
      const ValueType type = batch.field_type[field];
      json_.Raw(heads.Of(field));
      AppendValue(out_, type, *cell, IsCode(type) ? batch.String(static_cast<StringCode>(*cell)) : std::string_view());
      out_.push_back('}');
    }
  }

 private:
  FieldHeads& HeadsOf(const SpanBatch& batch) {
    if (last_ == &batch) return *last_heads_;
    std::unique_ptr<FieldHeads>& heads = heads_[&batch];
    if (!heads) heads = std::make_unique<FieldHeads>(batch);
    last_ = &batch;
    last_heads_ = heads.get();
    return *heads;
  }

  std::string& out_;
  JsonWriter& json_;
  const SpanBatch* last_ = nullptr;
  FieldHeads* last_heads_ = nullptr;
  boost::unordered_flat_map<const SpanBatch*, std::unique_ptr<FieldHeads>> heads_;
};

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
    const auto keys = batch.ShapeKeys(batch.resource_attributes.shape[resource]);
    const auto types = batch.ShapeTypes(batch.resource_attributes.shape[resource]);
    for (size_t i = 0; i < keys.size(); ++i) {
      const std::string_view key = batch.String(keys[i]);
      if (key == "service.name" && types[i] == ValueType::kString) continue;
      const uint64_t cell = batch.values[batch.resource_attributes.value_begin[resource] + i];
      json.Raw(KeyValueHead(key, types[i]));
      AppendValue(text, types[i], cell, IsCode(types[i]) ? batch.String(static_cast<StringCode>(cell)) : "");
      text.push_back('}');
    }
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

// Whether the list has `key`, with the text `value` where that is not null.
bool ListHas(const SpanBatch& batch, const AttributeListColumns& lists, uint32_t list, std::string_view key,
             const std::string_view* value) {
  const auto keys = batch.ShapeKeys(lists.shape[list]);
  const auto types = batch.ShapeTypes(lists.shape[list]);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (batch.String(keys[i]) != key) continue;
    if (value == nullptr) return true;
    const uint64_t cell = batch.values[lists.value_begin[list] + i];
    if (types[i] == ValueType::kString && batch.String(static_cast<StringCode>(cell)) == *value) return true;
  }
  return false;
}

// Links follow from, unless an OpenTracing bridge marked one as parent.
std::string_view ReferenceType(const SpanBatch& batch, uint32_t link) {
  static constexpr std::string_view kChildOf = "child_of";
  return ListHas(batch, batch.link_attributes, link, "opentracing.ref_type", &kChildOf) ? "CHILD_OF" : "FOLLOWS_FROM";
}

// Writes one trace.
class TraceWriter {
 public:
  TraceWriter(std::string& out, const Trace& trace)
      : out_(out), json_(out), key_values_(out, json_), trace_(trace), trace_id_(TraceIdShortHex(trace.id)) {}

  void Write() {
    json_.BeginObject();
    json_.Member("traceID", trace_id_);
    json_.Key("spans");
    json_.BeginArray();
    for (const TraceSpan& span : trace_.spans) WriteSpan(span);
    json_.EndArray();
    json_.Key("processes");
    processes_.Write(json_);
    json_.Key("warnings");
    json_.Null();
    json_.EndObject();
  }

 private:
  void WriteSpan(const TraceSpan& span) {
    const SpanBatch& batch = *span.batch;
    const uint32_t row = span.row;
    json_.BeginObject();
    json_.Member("traceID", trace_id_);
    WriteSpanId(batch.span_id[row]);
    if (batch.flags[row] != 0) json_.Member("flags", batch.flags[row]);
    json_.Member("operationName", batch.String(batch.name[row]));
    json_.Key("references");
    WriteReferences(batch, row);
    json_.Member("startTime", batch.start_ns[row] / 1000);
    json_.Member("duration", batch.duration_ns(row) / 1000);
    json_.Key("tags");
    WriteTags(batch, row);
    json_.Key("logs");
    WriteLogs(batch, row);
    json_.Raw(R"("processID":"p)");
    out_ += std::to_string(processes_.Of(batch, batch.resource[row]));
    out_.push_back('"');
    json_.Key("warnings");
    WriteSpanWarnings(span.warnings);
    json_.EndObject();
  }

  void WriteSpanId(SpanId id) {
    json_.Raw(R"("spanID":")");
    AppendSpanId(out_, id);
    out_.push_back('"');
  }

  void WriteSpanWarnings(uint8_t warnings) {
    if (warnings == 0) return json_.Null();
    json_.BeginArray();
    WriteWarnings(json_, warnings);
    json_.EndArray();
  }

  void WriteReference(std::string_view type, std::string_view trace_id, SpanId span) {
    json_.BeginObject();
    json_.Member("refType", type);
    json_.Member("traceID", trace_id);
    WriteSpanId(span);
    json_.EndObject();
  }

  void WriteReferences(const SpanBatch& batch, uint32_t row) {
    const SpanId parent = batch.parent_span_id[row];
    const uint32_t begin = batch.link_begin[row], end = batch.link_begin[row + 1];
    const auto trace_of = [&](uint32_t link) {
      return TraceId{batch.link_trace_id_high[link], batch.link_trace_id_low[link]};
    };
    const auto to_parent = [&](uint32_t link) {
      return parent != 0 && batch.link_span_id[link] == parent && trace_of(link) == trace_.id;
    };
    json_.BeginArray();
    if (parent != 0) {
      std::string_view type = "CHILD_OF";
      for (uint32_t link = begin; link < end; ++link) {
        if (to_parent(link)) type = ReferenceType(batch, link);  // the link says it more exactly
      }
      WriteReference(type, trace_id_, parent);
    }
    for (uint32_t link = begin; link < end; ++link) {
      if (to_parent(link)) continue;
      WriteReference(ReferenceType(batch, link), TraceIdShortHex(trace_of(link)), batch.link_span_id[link]);
    }
    json_.EndArray();
  }

  void WriteTags(const SpanBatch& batch, uint32_t row) {
    const uint32_t scope = batch.scope[row];
    json_.BeginArray();
    Tag(R"({"key":"otel.scope.name","type":"string","value":)", batch.String(batch.scope_name[scope]));
    Tag(R"({"key":"otel.scope.version","type":"string","value":)", batch.String(batch.scope_version[scope]));
    key_values_.List(batch, batch.attributes, row);
    Tag(R"({"key":"span.kind","type":"string","value":)", SpanKindName(static_cast<SpanKind>(batch.kind[row])));
    const auto status = static_cast<StatusCode>(batch.status_code[row]);
    if (status == StatusCode::kOk) json_.Raw(R"({"key":"otel.status_code","type":"string","value":"OK"})");
    if (status == StatusCode::kError) {
      json_.Raw(R"({"key":"otel.status_code","type":"string","value":"ERROR"})");
      json_.Raw(R"({"key":"error","type":"bool","value":true})");
    }
    Tag(R"({"key":"otel.status_description","type":"string","value":)", batch.String(batch.status_message[row]));
    Tag(R"({"key":"w3c.tracestate","type":"string","value":)", batch.String(batch.trace_state[row]));
    json_.EndArray();
  }
  void Tag(std::string_view head, std::string_view value) { key_values_.TextIfAny(head, value); }

  void WriteLogs(const SpanBatch& batch, uint32_t row) {
    json_.BeginArray();
    for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
      json_.BeginObject();
      json_.Member("timestamp", batch.event_time_ns[event] / 1000);
      json_.Key("fields");
      json_.BeginArray();
      if (!ListHas(batch, batch.event_attributes, event, "event", nullptr)) {
        Tag(R"({"key":"event","type":"string","value":)", batch.String(batch.event_name[event]));
      }
      key_values_.List(batch, batch.event_attributes, event);
      json_.EndArray();
      json_.EndObject();
    }
    json_.EndArray();
  }

  std::string& out_;
  JsonWriter json_;
  KeyValues key_values_;
  const Trace& trace_;
  const std::string trace_id_;
  Processes processes_;
};

// About how long the answer gets, so that a large one is not copied while it grows.
size_t EstimateBytes(const Trace& trace) {
  size_t bytes = 1000;
  for (const TraceSpan& span : trace.spans) {
    const SpanBatch& batch = *span.batch;
    bytes += 700 + batch.ShapeKeys(batch.attributes.shape[span.row]).size() * 80;
    bytes += (batch.event_begin[span.row + 1] - batch.event_begin[span.row]) * size_t{250};
  }
  return bytes;
}

}  // namespace

void AppendJaegerTrace(std::string& out, const Trace& trace) {
  out.reserve(out.size() + EstimateBytes(trace));
  TraceWriter(out, trace).Write();
}

}  // namespace spoor::api
