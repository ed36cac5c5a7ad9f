#include "plan/contract/sent_span.h"

#include "base/check.h"
#include "model/any_value.h"
#include "model/span_batch_builder.h"

namespace spoor::contract {
namespace {

void AppendVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void AppendField(std::string& out, uint32_t field, std::string_view bytes) {
  AppendVarint(out, field << 3 | 2);
  AppendVarint(out, bytes.size());
  out += bytes;
}

void AppendDouble(std::string& out, uint64_t bits) {
  AppendVarint(out, any_value_fields::kDouble << 3 | 1);
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
}

// A whole AnyValue message.
std::string Serialised(const SentValue& value) {
  std::string out;
  switch (value.type) {
    case ValueType::kEmpty: break;
    case ValueType::kString: AppendField(out, any_value_fields::kString, value.bytes); break;
    case ValueType::kBytes: AppendField(out, any_value_fields::kBytes, value.bytes); break;
    case ValueType::kDouble: AppendDouble(out, value.cell); break;
    case ValueType::kBool:
    case ValueType::kInt:
      AppendVarint(out, (value.type == ValueType::kBool ? any_value_fields::kBool : any_value_fields::kInt) << 3);
      AppendVarint(out, value.cell);
      break;
    case ValueType::kArray:
    case ValueType::kMap: return value.bytes;
  }
  return out;
}

SentValue Nested(ValueType type, uint32_t field, std::string_view list) {
  SentValue value;
  value.type = type;
  AppendField(value.bytes, field, list);
  return value;
}

class Writer {
 public:
  std::shared_ptr<const SpanBatch> Write(const std::vector<SentSpan>& spans) {
    for (const SentSpan& span : spans) Add(span);
    auto batch = builder_.Finish();
    SPOOR_CHECK(batch.has_value() && *batch != nullptr);
    return *std::move(batch);
  }

 private:
  StringCode Code(std::string_view text) {
    const StringCode code = builder_.InternString(text);
    SPOOR_CHECK(code != SpanBatchBuilder::kNotUtf8);
    return code;
  }

  void Add(const SentAttributes& attributes) {
    for (const auto& [key, value] : attributes) {
      uint64_t cell = value.cell;
      if (value.type == ValueType::kString) {
        cell = Code(value.bytes);
      } else if (IsCode(value.type)) {
        cell = builder_.AddBytes(value.bytes);
      }
      SPOOR_CHECK(builder_.AddAttribute(Code(key), value.type, cell));
    }
  }
  SpanBatchBuilder::AttributeList List(const SentAttributes& attributes) {
    builder_.BeginAttributes();
    Add(attributes);
    return builder_.EndAttributes();
  }

  void Add(const SentResource& resource) {
    builder_.BeginAttributes();
    if (resource.service) Add(SentAttributes{{"service.name", *resource.service}});
    Add(resource.attributes);
    const auto list = builder_.EndAttributes();
    builder_.AddResource(list, resource.dropped_attributes, Code(resource.schema_url));
  }
  void Add(const SentScope& scope) {
    const auto list = List(scope.attributes);
    const StringCode name = Code(scope.name), version = Code(scope.version);
    builder_.AddScope(name, version, list, scope.dropped_attributes, Code(scope.schema_url));
  }
  void Add(const SentEvent& event) {
    const auto list = List(event.attributes);
    builder_.AddEvent(
        {.time_ns = event.time_ns, .name = Code(event.name), .dropped_attributes = event.dropped_attributes}, list);
  }
  void Add(const SentLink& link) {
    const auto list = List(link.attributes);
    builder_.AddLink({.trace_id = link.trace,
                      .span_id = link.id,
                      .trace_state = Code(link.trace_state),
                      .flags = link.flags,
                      .dropped_attributes = link.dropped_attributes},
                     list);
  }

  void Add(const SentSpan& span) {
    Add(span.resource);
    Add(span.scope);
    builder_.BeginSpan();
    builder_.SetSpanAttributes(List(span.attributes));
    for (const SentEvent& event : span.events) Add(event);
    for (const SentLink& link : span.links) Add(link);
    builder_.EndSpan({.trace_id = span.trace,
                      .span_id = span.id,
                      .parent_span_id = span.parent,
                      .start_ns = span.start_ns,
                      .end_ns = span.end_ns.value_or(span.start_ns + span.duration_ns),
                      .name = Code(span.name),
                      .trace_state = Code(span.trace_state),
                      .status_message = Code(span.status_message),
                      .flags = span.flags,
                      .dropped_attributes = span.dropped_attributes,
                      .dropped_events = span.dropped_events,
                      .dropped_links = span.dropped_links,
                      .kind = span.kind,
                      .status_code = span.status});
  }

  SpanBatchBuilder builder_;
};

}  // namespace

SentValue Bytes(std::string_view bytes) {
  SentValue value{std::string(bytes)};
  value.type = ValueType::kBytes;
  return value;
}

SentValue Array(const std::vector<SentValue>& values) {
  std::string list;
  for (const SentValue& value : values) AppendField(list, any_value_fields::kListValues, Serialised(value));
  return Nested(ValueType::kArray, any_value_fields::kArray, list);
}

SentValue Map(const std::vector<std::pair<std::string, SentValue>>& pairs) {
  std::string list;
  for (const auto& [key, value] : pairs) {
    std::string pair;
    AppendField(pair, any_value_fields::kPairKey, key);
    AppendField(pair, any_value_fields::kPairValue, Serialised(value));
    AppendField(list, any_value_fields::kListValues, pair);
  }
  return Nested(ValueType::kMap, any_value_fields::kMap, list);
}

std::shared_ptr<const SpanBatch> MakeBatch(const std::vector<SentSpan>& spans) { return Writer().Write(spans); }

}  // namespace spoor::contract
