#include <fmt/format.h>

#include "base/utf8.h"
#include "decode/json_reading.h"
#include "decode/otlp.h"
#include "decode/otlp_fields.h"
#include "decode/otlp_json_value.h"
#include "decode/span_id_text.h"

namespace spoor {
namespace {

using json::Name;
using json::Taken;
using json::value;
using json::Walked;
using AttributeList = SpanBatchBuilder::AttributeList;

constexpr std::string_view kNotNumber = "not a number, or out of its range";
constexpr std::string_view kNotText = "not text";

// Decodes one request. Methods that yield false or kFailed have set the fault.
class Decoder {
 public:
  Decoder(SpanBatchBuilder& builder, DecodeMemory& memory, OtlpJsonValueReader& values)
      : builder_(builder), memory_(memory), values_(values) {}

  bool Request(simdjson::ondemand::object request) {
    builder_.Clear();
    if (!Object(request, "", [this](Name name, value inner) {
          if (!(name == "resourceSpans")) return Taken::kUnknown;
          return Array(inner, "resourceSpans", [this](value element) { return ResourceSpans(element); });
        })) {
      return false;
    }
    report_.accepted_spans = builder_.span_count();
    return Cover();
  }

  DecodeReport TakeReport() { return std::move(report_); }
  Code code() const { return code_; }
  const std::string& path() const { return path_; }
  std::string_view problem() const { return problem_; }

 private:
  struct Origin {
    AttributeList attributes;
    uint32_t dropped_attributes = 0;
    StringCode name = 0;
    StringCode version = 0;
    StringCode schema_url = 0;
  };

  bool ResourceSpans(value source) {
    const uint32_t first_row = builder_.span_count();
    Origin resource;
    const bool whole = Object(source, "", [&](Name name, value inner) {
      if (name == "scopeSpans") {
        return Array(inner, "scopeSpans", [this](value element) { return ScopeSpans(element); });
      }
      if (name == "resource") return ReadOrigin(inner, "resource", resource);
      if (name == "schemaUrl") return Text(inner, "schemaUrl", resource.schema_url);
      return Taken::kUnknown;
    });
    if (whole && builder_.span_count() > first_row) {
      builder_.AssignResource(first_row, resource.attributes, resource.dropped_attributes, resource.schema_url);
    }
    return whole;
  }

  bool ScopeSpans(value source) {
    const uint32_t first_row = builder_.span_count();
    Origin scope;
    const bool whole = Object(source, "", [&](Name name, value inner) {
      if (name == "spans") return Array(inner, "spans", [this](value element) { return Span(element); });
      if (name == "scope") return ReadOrigin(inner, "scope", scope);
      if (name == "schemaUrl") return Text(inner, "schemaUrl", scope.schema_url);
      return Taken::kUnknown;
    });
    if (whole && builder_.span_count() > first_row) {
      builder_.AssignScope(first_row, scope.name, scope.version, scope.attributes, scope.dropped_attributes,
                           scope.schema_url);
    }
    return whole;
  }

  // A Resource or an InstrumentationScope; only the latter has a name and a version.
  Taken ReadOrigin(value source, std::string_view field, Origin& origin) {
    const bool is_scope = field == "scope";
    const bool whole = Object(source, field, [&](Name name, value inner) {
      if (name == "attributes") return Attributes(inner, origin.attributes);
      if (name == "droppedAttributesCount") {
        return Number(inner, "droppedAttributesCount", origin.dropped_attributes);
      }
      if (is_scope && name == "name") return Text(inner, "name", origin.name);
      if (is_scope && name == "version") return Text(inner, "version", origin.version);
      return Taken::kUnknown;
    });
    return whole ? Taken::kYes : Taken::kFailed;
  }

  bool Span(value source) {
    builder_.BeginSpan();
    span_ = {};
    span_rejected_ = false;
    if (!Object(source, "", [this](Name name, value inner) { return SpanMember(name, inner); })) return false;
    if (span_.trace_id.IsZero()) RejectSpan([] { return std::string("traceId is missing or zero"); });
    if (span_.span_id == 0) RejectSpan([] { return std::string("spanId is missing or zero"); });
    ++spans_seen_;
    if (span_rejected_) {
      builder_.DropSpan();
      ++report_.rejected_spans;
      return true;
    }
    if (builder_.span_count() >= limits::kSpansPerRequestMax) return Fail(Code::kTooLarge, "more spans than allowed");
    builder_.EndSpan(span_);
    return Tick();
  }

  Taken SpanMember(Name name, value inner);
  Taken SpanStatus(value source);
  bool Event(value source);
  bool Link(value source);

  Taken Attributes(value source, AttributeList& list) {
    builder_.BeginAttributes();
    const Taken taken = Array(source, "attributes", [this](value element) { return Attribute(element); });
    list = builder_.EndAttributes();
    return taken;
  }

  // The key may stand behind the value.
  bool Attribute(value source) {
    std::string_view key;
    OtlpJsonValue read;
    const bool whole = Object(source, "", [&](Name name, value inner) {
      if (name == "key") {
        return inner.get_string().get(key) == simdjson::SUCCESS ? Taken::kYes : FailIn("key", kNotText);
      }
      if (!(name == "value")) return Taken::kUnknown;
      return values_.Read(inner, read) ? Taken::kYes : FailIn("value", values_.problem());
    });
    return whole && AddAttribute(key, read) && Tick();
  }

  bool AddAttribute(std::string_view key, const OtlpJsonValue& read) {
    const StringCode code = builder_.InternKey(key);
    if (code == SpanBatchBuilder::kNotUtf8) return Fail(Code::kInvalid, "not UTF-8");
    uint64_t cell = read.cell;
    if (read.type == ValueType::kString) {
      cell = builder_.InternValue(code, read.bytes);
      if (cell == SpanBatchBuilder::kNotUtf8) return Fail(Code::kInvalid, "not UTF-8");
    } else if (IsCode(read.type)) {
      cell = builder_.AddBytes(read.bytes);
    }
    return builder_.AddAttribute(code, read.type, cell) || Fail(Code::kTooLarge, "more attributes than allowed");
  }

  // Members of simple types. Null leaves what is there.
  Taken Text(value source, std::string_view field, StringCode& code) {
    std::string_view text;
    if (source.get_string().get(text) != simdjson::SUCCESS) {
      return json::IsNull(source) ? Taken::kYes : FailIn(field, kNotText);
    }
    const StringCode read = builder_.InternString(text);
    if (read == SpanBatchBuilder::kNotUtf8) return FailIn(field, "not UTF-8");
    code = read;
    return Taken::kYes;
  }
  template <class T>
  Taken Number(value source, std::string_view field, T& number) {
    std::string_view text;
    if (!json::TextOrNumber(source, text)) return json::IsNull(source) ? Taken::kYes : FailIn(field, kNotNumber);
    const auto read = json::WholeNumber<uint64_t>(text);
    if (!read || *read > std::numeric_limits<T>::max()) return FailIn(field, kNotNumber);
    number = static_cast<T>(*read);
    return Taken::kYes;
  }
  // An enumeration by number, or by a name that `prefix` and one of `names` (by number) make.
  template <size_t kCount>
  Taken Enum(value source, std::string_view field, std::string_view prefix,
             const std::array<std::string_view, kCount>& names, uint8_t& number) {
    std::string_view text;
    if (!json::TextOrNumber(source, text)) return json::IsNull(source) ? Taken::kYes : FailIn(field, kNotNumber);
    if (text.starts_with(prefix)) {
      const auto found = std::find(names.begin(), names.end(), text.substr(prefix.size()));
      number = found == names.end() ? 0 : static_cast<uint8_t>(found - names.begin());
      return Taken::kYes;
    }
    const auto read = json::WholeNumber<int64_t>(text);
    if (!read) return FailIn(field, kNotNumber);
    number = *read >= 0 && *read <= UINT8_MAX ? static_cast<uint8_t>(*read) : 0;
    return Taken::kYes;
  }
  // Ids of a wrong length reject the span, not the request. `may_lack`: none is as good as zero.
  template <class Id>
  Taken ReadId(value source, std::string_view field, Id& id, bool may_lack) {
    std::string_view text;
    if (source.get_string().get(text) != simdjson::SUCCESS) {
      return json::IsNull(source) ? Taken::kYes : FailIn(field, kNotText);
    }
    if (!ReadHexId(text, id) && !(text.empty() && may_lack)) {
      RejectSpan([&] { return fmt::format("{} is not {} hex digits", field, sizeof(Id) * 2); });
    }
    return Taken::kYes;
  }

  // Only the first reason of a request is told, so only that is put into words.
  template <class Reason>
  void RejectSpan(Reason reason) {
    if (!span_rejected_ && report_.first_error.empty()) {
      report_.first_error = fmt::format("span {}: {}", spans_seen_, reason());
    }
    span_rejected_ = true;
  }

  // Walks an object or an array that stands in `field` ("" where the path has it already).
  template <class Source, class Take>
  bool Object(Source source, std::string_view field, Take take) {
    return Whole(json::ForEachMember(source, take), field);
  }
  template <class Take>
  Taken Array(value source, std::string_view field, Take take) {
    return Whole(json::ForEachElement(source, take), field) ? Taken::kYes : Taken::kFailed;
  }
  bool Whole(Walked walked, std::string_view field) {
    if (walked == Walked::kWhole) [[likely]]
      return true;
    if (walked != Walked::kFailed) Fail(Code::kInvalid, json::WhatWent(walked));
    return Within(field);
  }

  // Once every few hundred things: whether the batch may go on growing.
  bool Tick() {
    constexpr uint32_t kTicks = 256;
    return ++ticks_ % kTicks != 0 || Cover();
  }
  bool Cover() { return memory_.Cover(builder_.size_bytes()) || Fail(Code::kBusy, "the memory budget is used up"); }
  bool Fail(Code code, std::string_view problem) {
    code_ = code;
    problem_ = problem;
    return false;
  }
  Taken FailIn(std::string_view field, std::string_view problem) {
    Fail(Code::kInvalid, problem);
    Within(field);
    return Taken::kFailed;
  }
  bool Within(std::string_view field) {
    if (!field.empty()) path_ = path_.empty() ? std::string(field) : fmt::format("{}.{}", field, path_);
    return false;
  }

  SpanBatchBuilder& builder_;
  DecodeMemory& memory_;
  OtlpJsonValueReader& values_;
  DecodeReport report_;
  Code code_ = Code::kInvalid;
  std::string path_;
  std::string_view problem_;
  SpanFields span_;
  bool span_rejected_ = false;
  uint64_t spans_seen_ = 0;
  uint32_t ticks_ = 0;
};

constexpr std::array<std::string_view, 6> kKinds = {"UNSPECIFIED", "INTERNAL", "SERVER",
                                                    "CLIENT",      "PRODUCER", "CONSUMER"};
constexpr std::array<std::string_view, 3> kCodes = {"UNSET", "OK", "ERROR"};

Taken Decoder::SpanMember(Name name, value inner) {
  if (name == "traceId") return ReadId(inner, "traceId", span_.trace_id, false);
  if (name == "spanId") return ReadId(inner, "spanId", span_.span_id, false);
  if (name == "parentSpanId") return ReadId(inner, "parentSpanId", span_.parent_span_id, true);
  if (name == "name") return Text(inner, "name", span_.name);
  if (name == "kind") return Enum(inner, "kind", "SPAN_KIND_", kKinds, span_.kind);
  if (name == "startTimeUnixNano") return Number(inner, "startTimeUnixNano", span_.start_ns);
  if (name == "endTimeUnixNano") return Number(inner, "endTimeUnixNano", span_.end_ns);
  if (name == "attributes") {
    AttributeList list;
    const Taken taken = Attributes(inner, list);
    builder_.SetSpanAttributes(list);
    return taken;
  }
  if (name == "status") return SpanStatus(inner);
  if (name == "events") return Array(inner, "events", [this](value element) { return Event(element); });
  if (name == "links") return Array(inner, "links", [this](value element) { return Link(element); });
  if (name == "traceState") return Text(inner, "traceState", span_.trace_state);
  if (name == "flags") return Number(inner, "flags", span_.flags);
  if (name == "droppedAttributesCount") {
    return Number(inner, "droppedAttributesCount", span_.dropped_attributes);
  }
  if (name == "droppedEventsCount") return Number(inner, "droppedEventsCount", span_.dropped_events);
  if (name == "droppedLinksCount") return Number(inner, "droppedLinksCount", span_.dropped_links);
  return Taken::kUnknown;
}

Taken Decoder::SpanStatus(value source) {
  const bool whole = Object(source, "status", [this](Name name, value inner) {
    if (name == "code") return Enum(inner, "code", "STATUS_CODE_", kCodes, span_.status_code);
    if (name == "message") return Text(inner, "message", span_.status_message);
    return Taken::kUnknown;
  });
  return whole ? Taken::kYes : Taken::kFailed;
}

bool Decoder::Event(value source) {
  EventFields event;
  AttributeList attributes;
  const bool whole = Object(source, "", [&](Name name, value inner) {
    if (name == "timeUnixNano") return Number(inner, "timeUnixNano", event.time_ns);
    if (name == "name") return Text(inner, "name", event.name);
    if (name == "attributes") return Attributes(inner, attributes);
    if (name == "droppedAttributesCount") return Number(inner, "droppedAttributesCount", event.dropped_attributes);
    return Taken::kUnknown;
  });
  if (whole) builder_.AddEvent(event, attributes);
  return whole && Tick();
}

bool Decoder::Link(value source) {
  LinkFields link;
  AttributeList attributes;
  const bool whole = Object(source, "", [&](Name name, value inner) {
    if (name == "traceId") return ReadId(inner, "link traceId", link.trace_id, true);
    if (name == "spanId") return ReadId(inner, "link spanId", link.span_id, true);
    if (name == "traceState") return Text(inner, "traceState", link.trace_state);
    if (name == "attributes") return Attributes(inner, attributes);
    if (name == "droppedAttributesCount") return Number(inner, "droppedAttributesCount", link.dropped_attributes);
    if (name == "flags") return Number(inner, "flags", link.flags);
    return Taken::kUnknown;
  });
  if (whole) builder_.AddLink(link, attributes);
  return whole && Tick();
}

}  // namespace

// What is kept between requests.
struct OtlpJsonDecoder::Parser {
  simdjson::ondemand::parser parser;
  OtlpJsonValueReader values;
};

OtlpJsonDecoder::OtlpJsonDecoder() : parser_(std::make_unique<Parser>()) {}
OtlpJsonDecoder::~OtlpJsonDecoder() = default;

// simdjson notes four bytes for each place where a token starts, and writes texts without their escapes to a buffer.
size_t OtlpJsonDecoder::ParsingBytes(std::string_view body) {
  // Counting pays only where much is at stake; else every byte may be a token.
  constexpr size_t kCountedBytesMin = size_t{4} << 20;
  if (body.size() < kCountedBytesMin) return 5 * body.size() + 2 * simdjson::SIMDJSON_PADDING;
  size_t starts = 0;
  bool in_token = false;
  for (const char c : body) {
    const bool is_mark = c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':' || c == '"';
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    starts += is_mark || (!is_space && !in_token) ? 1 : 0;
    in_token = !is_mark && !is_space;
  }
  return body.size() + 4 * starts + 2 * simdjson::SIMDJSON_PADDING;
}

Result<DecodeReport> OtlpJsonDecoder::Decode(std::string& body, SpanBatchBuilder& builder, DecodeMemory& memory) {
  // simdjson reads on behind the end, but does not look at what it finds there.
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  constexpr size_t kParserBytesMax = size_t{4} << 20;
  if (parser_->parser.capacity() > kParserBytesMax && body.size() < kParserBytesMax) {
    parser_ = std::make_unique<Parser>();
  }
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(body.data(), body.size(), body.capacity());
  if (const auto problem = parser_->parser.iterate(padded).get(document); problem != simdjson::SUCCESS) {
    return Invalid(fmt::format("not JSON: {}", simdjson::error_message(problem)));
  }
  Decoder decoder(builder, memory, parser_->values);
  simdjson::ondemand::object root;
  if (document.get_object().get(root) != simdjson::SUCCESS) return Invalid("not a JSON object");
  if (!decoder.Request(root)) {
    std::string message(decoder.problem());
    if (!decoder.path().empty()) message = decoder.path() + ": " + message;
    const char* at = nullptr;
    if (document.current_location().get(at) == simdjson::SUCCESS && at >= body.data()) {
      message += fmt::format(" before byte {}", at - body.data());
    }
    return Error(decoder.code(), std::move(message));
  }
  // At the end there is no location any more.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return Invalid("more behind the JSON object");
  return decoder.TakeReport();
}

}  // namespace spoor
