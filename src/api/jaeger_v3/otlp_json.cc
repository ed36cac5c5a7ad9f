#include "api/jaeger_v3/otlp_json.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>
#include <vector>

#include "api/jaeger_v3/otlp_value.h"

namespace spoor::api {
namespace {

void WriteTextIfAny(JsonWriter& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.Member(name, text);
}
void WriteNumberIfAny(JsonWriter& json, std::string_view name, uint32_t number) {
  if (number != 0) json.Member(name, number);
}
void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns) {
  json.Key(name);
  json.UintText(ns);
}

void WriteEvents(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  if (batch.event_begin[row] == batch.event_begin[row + 1]) return;
  json.Key("events");
  json.BeginArray();
  for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
    json.BeginObject();
    WriteNanos(json, "timeUnixNano", batch.event_time_ns[event]);
    json.Member("name", batch.String(batch.event_name[event]));
    WriteOtlpAttributes(json, batch, batch.event_attributes, event);
    WriteNumberIfAny(json, "droppedAttributesCount", batch.event_dropped_attributes[event]);
    json.EndObject();
  }
  json.EndArray();
}

void WriteLinks(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  if (batch.link_begin[row] == batch.link_begin[row + 1]) return;
  json.Key("links");
  json.BeginArray();
  for (uint32_t link = batch.link_begin[row]; link < batch.link_begin[row + 1]; ++link) {
    json.BeginObject();
    json.Member("traceId", TraceIdHex({batch.link_trace_id_high[link], batch.link_trace_id_low[link]}));
    json.Member("spanId", SpanIdHex(batch.link_span_id[link]));
    WriteTextIfAny(json, "traceState", batch.String(batch.link_trace_state[link]));
    WriteOtlpAttributes(json, batch, batch.link_attributes, link);
    WriteNumberIfAny(json, "droppedAttributesCount", batch.link_dropped_attributes[link]);
    WriteNumberIfAny(json, "flags", batch.link_flags[link]);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSpan(JsonWriter& json, const SpanBatch& batch, uint32_t row) {
  json.BeginObject();
  json.Member("traceId", TraceIdHex(batch.trace_id(row)));
  json.Member("spanId", SpanIdHex(batch.span_id[row]));
  WriteTextIfAny(json, "traceState", batch.String(batch.trace_state[row]));
  if (batch.parent_span_id[row] != 0) json.Member("parentSpanId", SpanIdHex(batch.parent_span_id[row]));
  WriteNumberIfAny(json, "flags", batch.flags[row]);
  json.Member("name", batch.String(batch.name[row]));
  WriteNumberIfAny(json, "kind", batch.kind[row]);
  WriteNanos(json, "startTimeUnixNano", batch.start_ns[row]);
  WriteNanos(json, "endTimeUnixNano", batch.end_ns[row]);
  WriteOtlpAttributes(json, batch, batch.attributes, row);
  WriteNumberIfAny(json, "droppedAttributesCount", batch.dropped_attributes[row]);
  WriteEvents(json, batch, row);
  WriteNumberIfAny(json, "droppedEventsCount", batch.dropped_events[row]);
  WriteLinks(json, batch, row);
  WriteNumberIfAny(json, "droppedLinksCount", batch.dropped_links[row]);
  json.Key("status");
  json.BeginObject();
  WriteTextIfAny(json, "message", batch.String(batch.status_message[row]));
  WriteNumberIfAny(json, "code", batch.status_code[row]);
  json.EndObject();
  json.EndObject();
}

// Spans by resource, and in that by scope, each in order of its first span.
struct ScopeGroup {
  uint32_t scope = 0;
  std::vector<uint32_t> rows;
};
struct ResourceGroup {
  const SpanBatch* batch = nullptr;
  uint32_t resource = 0;
  std::vector<ScopeGroup> scopes;
};

ScopeGroup& ScopeOf(ResourceGroup& group, uint32_t scope) {
  // Spans of one scope stand together mostly, and few scopes are in a resource.
  for (size_t i = group.scopes.size(); i > 0; --i) {
    if (group.scopes[i - 1].scope == scope) return group.scopes[i - 1];
  }
  return group.scopes.emplace_back(ScopeGroup{scope, {}});
}

class SpanGroups {
 public:
  void Add(const SpanBatch& batch, uint32_t row) {
    const uint32_t resource = batch.resource[row];
    const auto [it, fresh] = index_.try_emplace({&batch, resource}, groups_.size());
    if (fresh) groups_.push_back({&batch, resource, {}});
    ScopeOf(groups_[it->second], batch.scope[row]).rows.push_back(row);
  }
  const std::vector<ResourceGroup>& groups() const { return groups_; }

 private:
  std::vector<ResourceGroup> groups_;
  boost::unordered_flat_map<std::pair<const SpanBatch*, uint32_t>, size_t> index_;
};

void WriteResource(JsonWriter& json, const SpanBatch& batch, uint32_t resource) {
  json.Key("resource");
  json.BeginObject();
  WriteOtlpAttributes(json, batch, batch.resource_attributes, resource);
  WriteNumberIfAny(json, "droppedAttributesCount", batch.resource_dropped_attributes[resource]);
  json.EndObject();
}

void WriteScope(JsonWriter& json, const SpanBatch& batch, uint32_t scope) {
  json.Key("scope");
  json.BeginObject();
  WriteTextIfAny(json, "name", batch.String(batch.scope_name[scope]));
  WriteTextIfAny(json, "version", batch.String(batch.scope_version[scope]));
  WriteOtlpAttributes(json, batch, batch.scope_attributes, scope);
  WriteNumberIfAny(json, "droppedAttributesCount", batch.scope_dropped_attributes[scope]);
  json.EndObject();
}

void WriteScopeSpans(JsonWriter& json, const SpanBatch& batch, const ScopeGroup& group) {
  json.BeginObject();
  WriteScope(json, batch, group.scope);
  json.Key("spans");
  json.BeginArray();
  for (const uint32_t row : group.rows) WriteSpan(json, batch, row);
  json.EndArray();
  WriteTextIfAny(json, "schemaUrl", batch.String(batch.scope_schema_url[group.scope]));
  json.EndObject();
}

void WriteGroups(JsonWriter& json, const SpanGroups& groups) {
  for (const ResourceGroup& group : groups.groups()) {
    const SpanBatch& batch = *group.batch;
    json.BeginObject();
    WriteResource(json, batch, group.resource);
    json.Key("scopeSpans");
    json.BeginArray();
    for (const ScopeGroup& scope : group.scopes) WriteScopeSpans(json, batch, scope);
    json.EndArray();
    WriteTextIfAny(json, "schemaUrl", batch.String(batch.resource_schema_url[group.resource]));
    json.EndObject();
  }
}

}  // namespace

void WriteResourceSpans(JsonWriter& json, const Trace& trace) {
  SpanGroups groups;
  for (const TraceSpan& span : trace.spans) groups.Add(*span.batch, span.row);
  WriteGroups(json, groups);
}

void WriteResourceSpans(JsonWriter& json, const SpanBatch& batch, std::span<const uint32_t> rows) {
  SpanGroups groups;
  for (const uint32_t row : rows) groups.Add(batch, row);
  WriteGroups(json, groups);
}

}  // namespace spoor::api
