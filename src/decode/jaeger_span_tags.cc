#include "decode/jaeger_span_tags.h"

#include <algorithm>
#include <charconv>

namespace spoor {
namespace {

// `known` is in upper case.
bool EqualsUpper(std::string_view text, std::string_view known) {
  return std::equal(text.begin(), text.end(), known.begin(), known.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

// Takes a text into `field` where that is still empty. An empty text says nothing, and stays where it is.
bool TakeText(const JaegerTag& tag, std::string_view& field) {
  if (!tag.IsText() || tag.text.empty() || !field.empty()) return false;
  field = tag.text;
  return true;
}

}  // namespace

bool JaegerSpanTags::TakeKnown(const JaegerTag& tag) {
  const std::string_view key = tag.key;
  switch (key[0]) {
    case 'e': return key == "error" && TakeError(tag);
    case 's': return key == "span.kind" && TakeKind(tag);
    case 'w': return key == "w3c.tracestate" && TakeText(tag, trace_state_);
    case 'h':
      if (key == "http.status_code") LookAtHttpStatus(tag);
      if (key == "http.status_message" && tag.IsText()) http_message_ = tag.text;
      return false;
    case 'o':
      if (key == "otel.status_code") return TakeStatusCode(tag);
      if (key == "otel.status_description") return TakeText(tag, status_description_);
      if (key == "otel.scope.name") return TakeText(tag, scope_name_);
      if (key == "otel.scope.version") return TakeText(tag, scope_version_);
      if (key == "otel.library.name") return TakeText(tag, library_name_);
      if (key == "otel.library.version") return TakeText(tag, library_version_);
      return false;
    default: return false;
  }
}

// A text as well: Jaeger's UI marks both.
bool JaegerSpanTags::TakeError(const JaegerTag& tag) {
  const bool says_true = (tag.type == JaegerTagType::kBool && tag.truth) || (tag.IsText() && tag.text == "true");
  if (!says_true || error_) return false;
  error_ = true;
  return true;
}

bool JaegerSpanTags::TakeKind(const JaegerTag& tag) {
  if (!tag.IsText() || kind_ != SpanKind::kUnspecified) return false;
  for (const SpanKind kind :
       {SpanKind::kServer, SpanKind::kClient, SpanKind::kProducer, SpanKind::kConsumer, SpanKind::kInternal}) {
    if (tag.text == SpanKindName(kind)) {
      kind_ = kind;
      return true;
    }
  }
  return false;
}

bool JaegerSpanTags::TakeStatusCode(const JaegerTag& tag) {
  if (!tag.IsText() || has_status_code_) return false;
  if (EqualsUpper(tag.text, "OK")) {
    status_code_ = StatusCode::kOk;
  } else if (EqualsUpper(tag.text, "ERROR")) {
    status_code_ = StatusCode::kError;
  } else if (!EqualsUpper(tag.text, "UNSET")) {
    return false;
  }
  has_status_code_ = true;
  return true;
}

// A number, or one as text.
void JaegerSpanTags::LookAtHttpStatus(const JaegerTag& tag) {
  if (has_http_status_) return;
  int64_t number = tag.number;
  if (tag.IsText()) {
    const char* end = tag.text.data() + tag.text.size();
    const auto [stop, error] = std::from_chars(tag.text.data(), end, number);
    if (error != std::errc() || stop != end) return;
  } else if (tag.type != JaegerTagType::kLong) {
    return;
  }
  has_http_status_ = true;
  http_status_ = number;
}

// A server that refuses a request has done its work; for a client that is a failure (OpenTelemetry's semantic
// conventions for HTTP spans, "Status").
bool JaegerSpanTags::IsHttpError() const {
  if (!has_http_status_) return false;
  if (http_status_ >= 400 && http_status_ < 500) return kind_ != SpanKind::kServer;
  return http_status_ < 100 || http_status_ >= 400;
}

StatusCode JaegerSpanTags::status_code() const {
  if (error_) return StatusCode::kError;
  if (has_status_code_) return status_code_;
  return IsHttpError() ? StatusCode::kError : StatusCode::kUnset;
}

std::string_view JaegerSpanTags::status_message() const {
  if (!status_description_.empty()) return status_description_;
  const bool said_by_code = has_status_code_ && !error_;
  return status_code() == StatusCode::kError && !said_by_code ? http_message_ : std::string_view();
}

}  // namespace spoor
