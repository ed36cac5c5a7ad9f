// JaegerSpanTags: those tags of a span that are fields of a span in OpenTelemetry's model: kind, status, trace state
// and instrumentation scope. Sources: OpenTelemetry's specification, "OpenTelemetry to Jaeger Transformation", and
// opentelemetry-collector-contrib, pkg/translator/jaeger (ThriftToTraces, ProtoToTraces).
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/jaeger_tag.h"
#include "model/value.h"

namespace spoor {

// Filled by Take from one span's tags, in any order; then asked. Texts point to where the tags' do.
//
// A tag that is taken is not kept as an attribute beside: the APIs that speak of tags make it again from the field. Of
// tags with the same key the first that can be understood is taken. What cannot be understood stays an attribute.
class JaegerSpanTags {
 public:
  // True where `tag` is now one of the span's fields. http.status_code and http.status_message are looked at and stay.
  bool Take(const JaegerTag& tag) {
    // Most keys have another length than these.
    constexpr uint64_t kLengths =
        1u << 5 | 1u << 9 | 1u << 14 | 1u << 15 | 1u << 16 | 1u << 17 | 1u << 18 | 1u << 19 | 1u << 20 | 1u << 23;
    if (tag.key.size() > 23 || (kLengths >> tag.key.size() & 1) == 0) return false;
    return TakeKnown(tag);
  }

  SpanKind kind() const { return kind_; }

  // From the tags `error`, `otel.status_code` and `http.status_code`, the first of these that is there: an error tag
  // that says true, else a code by name, else a status of HTTP that is an error for the span's kind.
  StatusCode status_code() const;
  // otel.status_description; for an error that has none, http.status_message.
  std::string_view status_message() const;

  std::string_view trace_state() const { return trace_state_; }
  // otel.scope.*, else otel.library.*, which older exporters sent.
  std::string_view scope_name() const { return scope_name_.empty() ? library_name_ : scope_name_; }
  std::string_view scope_version() const { return scope_version_.empty() ? library_version_ : scope_version_; }

 private:
  bool TakeKnown(const JaegerTag& tag);
  bool TakeError(const JaegerTag& tag);
  bool TakeKind(const JaegerTag& tag);
  bool TakeStatusCode(const JaegerTag& tag);
  void LookAtHttpStatus(const JaegerTag& tag);
  // Whether the status of HTTP makes the span one with an error.
  bool IsHttpError() const;

  SpanKind kind_ = SpanKind::kUnspecified;
  bool error_ = false;
  bool has_status_code_ = false;
  StatusCode status_code_ = StatusCode::kUnset;
  bool has_http_status_ = false;
  int64_t http_status_ = 0;
  std::string_view status_description_, http_message_, trace_state_;
  std::string_view scope_name_, scope_version_, library_name_, library_version_;
};

}  // namespace spoor
