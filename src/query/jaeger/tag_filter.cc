#include "query/jaeger/tag_filter.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>

#include "model/value.h"

namespace spoor::jaeger {
namespace {

Filter Equals(Intrinsic field, Literal value) {
  return Filter{CompareIntrinsic{field, CompareOp::kEqual, std::move(value)}};
}

std::optional<int64_t> KindOf(std::string_view name) {
  for (const SpanKind kind :
       {SpanKind::kInternal, SpanKind::kServer, SpanKind::kClient, SpanKind::kProducer, SpanKind::kConsumer}) {
    if (name == SpanKindName(kind)) return static_cast<int64_t>(kind);
  }
  return std::nullopt;
}

std::optional<Intrinsic> TextFieldOf(std::string_view key) {
  if (key == "otel.status_description") return Intrinsic::kStatusMessage;
  if (key == "otel.scope.name" || key == "otel.library.name") return Intrinsic::kScopeName;
  if (key == "otel.scope.version" || key == "otel.library.version") return Intrinsic::kScopeVersion;
  if (key == "w3c.tracestate") return Intrinsic::kTraceState;
  if (key == "event") return Intrinsic::kEventName;
  return std::nullopt;
}

constexpr auto kOk = static_cast<int64_t>(StatusCode::kOk);
constexpr auto kError = static_cast<int64_t>(StatusCode::kError);

// The condition on a span's own field that Jaeger shows as this tag, if it is one.
std::optional<Filter> FieldFilter(std::string_view key, const std::string& value) {
  if (key == "error" && value == "true") return Equals(Intrinsic::kStatusCode, kError);
  if (key == "otel.status_code") {
    if (value == "OK") return Equals(Intrinsic::kStatusCode, kOk);
    if (value == "ERROR") return Equals(Intrinsic::kStatusCode, kError);
  }
  if (key == "span.kind") {
    if (const auto kind = KindOf(value)) return Equals(Intrinsic::kKind, *kind);
  }
  if (const auto field = TextFieldOf(key); field && !value.empty()) return Equals(*field, value);
  return std::nullopt;
}

std::string_view JsonTypeName(simdjson::dom::element_type type) {
  switch (type) {
    case simdjson::dom::element_type::ARRAY: return "array";
    case simdjson::dom::element_type::OBJECT: return "object";
    case simdjson::dom::element_type::BOOL: return "bool";
    case simdjson::dom::element_type::NULL_VALUE: return "null";
    case simdjson::dom::element_type::STRING: return "string";
    default: return "number";
  }
}

}  // namespace

Filter TagFilter(std::string key, std::string value) {
  std::optional<Filter> field = FieldFilter(key, value);
  Filter attribute{AttributeText{std::move(key), std::move(value)}};
  if (!field) return attribute;
  return Filter{AnyOf{{*std::move(field), std::move(attribute)}}};
}

Result<std::pair<std::string, std::string>> ParseTag(std::string_view tag) {
  const size_t colon = tag.find(':');
  if (colon == std::string_view::npos) {
    return Invalid(fmt::format("malformed 'tag' parameter, expecting key:value, received: {}", tag));
  }
  return std::pair(std::string(tag.substr(0, colon)), std::string(tag.substr(colon + 1)));
}

Result<std::vector<std::pair<std::string, std::string>>> ParseTagsJson(std::string_view json) {
  std::vector<std::pair<std::string, std::string>> tags;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const simdjson::padded_string padded(json);
  if (const auto error = parser.parse(padded).get(document); error != simdjson::SUCCESS) {
    return Invalid(simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (document.get(object) != simdjson::SUCCESS) {
    if (document.is_null()) return tags;
    return Invalid(fmt::format("json: cannot unmarshal {} into Go value of type map[string]string",
                               JsonTypeName(document.type())));
  }
  for (const auto& [key, value] : object) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) {
      return Invalid(fmt::format("json: cannot unmarshal {} into Go value of type string", JsonTypeName(value.type())));
    }
    tags.emplace_back(key, text);
  }
  return tags;
}

}  // namespace spoor::jaeger
