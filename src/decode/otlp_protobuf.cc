#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "base/utf8.h"
#include "decode/decode_fault.h"
#include "decode/otlp.h"
#include "decode/otlp_fields.h"
#include "model/any_value.h"
#include "model/protobuf_reader.h"

namespace spoor {
namespace {

using AttributeList = SpanBatchBuilder::AttributeList;

uint64_t LoadBigEndian64(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return __builtin_bswap64(word);
}

uint8_t SmallEnum(uint64_t number) { return number <= UINT8_MAX ? static_cast<uint8_t>(number) : 0; }

// Decodes one request. Every method that returns false has set the fault.
class Decoder {
 public:
  Decoder(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory)
      : body_(body), builder_(builder), memory_(memory) {}

  Result<DecodeReport> Run() {
    builder_.Clear();
    if (!Request() || !(Cover() || Within("resource_spans"))) return fault_.ToError(body_);
    report_.accepted_spans = builder_.span_count();
    return std::move(report_);
  }

 private:
  bool Request() {
    ProtobufReader reader(body_);
    while (!reader.AtEnd()) {
      const char* at = reader.at();
      uint32_t tag;
      std::string_view message;
      if (!reader.ReadTag(tag)) return Malformed(at);
      if (tag != otlp::request::kResourceSpans) {
        if (!SkipUnknown(reader, tag, otlp::request::kLastField)) return false;
      } else if (!reader.ReadBytes(message)) {
        return Malformed(at) || Within("resource_spans");
      } else if (!ResourceSpans(message)) {
        return Within("resource_spans");
      }
    }
    return true;
  }

  // The resource may stand behind its spans, and in pieces: it is read at the end.
  bool ResourceSpans(std::string_view message) {
    const uint32_t first_row = builder_.span_count();
    std::string_view resource;
    size_t resource_pieces = 0;
    StringCode schema_url = 0;
    ProtobufReader reader(message);
    while (!reader.AtEnd()) {
      const char* at = reader.at();
      uint32_t tag;
      std::string_view bytes;
      if (!reader.ReadTag(tag)) return Malformed(at);
      switch (tag) {
        case otlp::resource_spans::kResource:
          if (!reader.ReadBytes(resource)) return Malformed(at) || Within("resource");
          ++resource_pieces;
          break;
        case otlp::resource_spans::kScopeSpans:
          if (!reader.ReadBytes(bytes)) return Malformed(at) || Within("scope_spans");
          if (!ScopeSpans(bytes)) return Within("scope_spans");
          break;
        case otlp::resource_spans::kSchemaUrl:
          if (!ReadText(reader, schema_url)) return Within("schema_url");
          break;
        default:
          if (!SkipUnknown(reader, tag, otlp::resource_spans::kLastField)) return false;
      }
    }
    uint32_t dropped_attributes = 0;
    builder_.BeginAttributes();
    const auto read = [&](std::string_view piece) { return Resource(piece, dropped_attributes); };
    if (!ForEachPiece(resource_pieces, resource, message, otlp::resource_spans::kResource, read)) {
      return Within("resource");
    }
    const AttributeList attributes = builder_.EndAttributes();
    if (builder_.span_count() > first_row) {
      builder_.AssignResource(first_row, attributes, dropped_attributes, schema_url);
    }
    return true;
  }

  // Reads a message that stands in `pieces` pieces within `outer`, under `tag`; `last` is the last of them.
  template <class Read>
  bool ForEachPiece(size_t pieces, std::string_view last, std::string_view outer, uint32_t tag, Read read) {
    if (pieces == 0) return true;
    if (pieces == 1) return read(last);
    ProtobufReader reader(outer);
    while (!reader.AtEnd()) {
      uint32_t next;
      std::string_view bytes;
      // Both were read before and cannot fail.
      if (!reader.ReadTag(next)) break;
      if (next != tag) {
        if (!reader.Skip(next)) break;
      } else if (!reader.ReadBytes(bytes) || !read(bytes)) {
        return false;
      }
    }
    return true;
  }

  bool Resource(std::string_view message, uint32_t& dropped_attributes) {
    ProtobufReader reader(message);
    while (!reader.AtEnd()) {
      const char* at = reader.at();
      uint32_t tag;
      if (!reader.ReadTag(tag)) return Malformed(at);
      switch (tag) {
        case otlp::resource::kAttributes:
          if (!Attribute(reader)) return Within("attributes");
          break;
        case otlp::resource::kDroppedAttributes:
          if (!ReadNumber(reader, dropped_attributes)) return Within("dropped_attributes_count");
          break;
        default:
          if (!SkipUnknown(reader, tag, otlp::resource::kLastField)) return false;
      }
    }
    return true;
  }

  bool ScopeSpans(std::string_view message) {
    const uint32_t first_row = builder_.span_count();
    std::string_view scope;
    size_t scope_pieces = 0;
    StringCode schema_url = 0;
    ProtobufReader reader(message);
    while (!reader.AtEnd()) {
      const char* at = reader.at();
      uint32_t tag;
      std::string_view bytes;
      if (!reader.ReadTag(tag)) return Malformed(at);
      switch (tag) {
        case otlp::scope_spans::kSpans:
          if (!reader.ReadBytes(bytes)) return Malformed(at) || Within("spans");
          if (!Span(bytes)) return Within("spans");
          break;
        case otlp::scope_spans::kScope:
          if (!reader.ReadBytes(scope)) return Malformed(at) || Within("scope");
          ++scope_pieces;
          break;
        case otlp::scope_spans::kSchemaUrl:
          if (!ReadText(reader, schema_url)) return Within("schema_url");
          break;
        default:
          if (!SkipUnknown(reader, tag, otlp::scope_spans::kLastField)) return false;
      }
    }
    ScopeFields fields;
    builder_.BeginAttributes();
    const auto read = [&](std::string_view piece) { return Scope(piece, fields); };
    if (!ForEachPiece(scope_pieces, scope, message, otlp::scope_spans::kScope, read)) return Within("scope");
    const AttributeList attributes = builder_.EndAttributes();
    if (builder_.span_count() > first_row) {
      builder_.AssignScope(first_row, fields.name, fields.version, attributes, fields.dropped_attributes, schema_url);
    }
    return true;
  }

  struct ScopeFields {
    StringCode name = 0;
    StringCode version = 0;
    uint32_t dropped_attributes = 0;
  };

  bool Scope(std::string_view message, ScopeFields& scope) {
    ProtobufReader reader(message);
    while (!reader.AtEnd()) {
      const char* at = reader.at();
      uint32_t tag;
      if (!reader.ReadTag(tag)) return Malformed(at);
      switch (tag) {
        case otlp::scope::kName:
          if (!ReadText(reader, scope.name)) return Within("name");
          break;
        case otlp::scope::kVersion:
          if (!ReadText(reader, scope.version)) return Within("version");
          break;
        case otlp::scope::kAttributes:
          if (!Attribute(reader)) return Within("attributes");
          break;
        case otlp::scope::kDroppedAttributes:
          if (!ReadNumber(reader, scope.dropped_attributes)) return Within("dropped_attributes_count");
          break;
        default:
          if (!SkipUnknown(reader, tag, otlp::scope::kLastField)) return false;
      }
    }
    return true;
  }

  bool Span(std::string_view message) {
    builder_.BeginSpan();
    span_ = {};
    span_rejected_ = false;
    bool again = false;
    if (!SpanFieldsOf(message, Attributes::kInOneRun, again)) return false;
    if (again) {
      // Attributes in several runs with other lists between them: first all attributes, then everything else.
      builder_.DropSpan();
      builder_.BeginSpan();
      span_ = {};
      builder_.BeginAttributes();
      if (!SpanFieldsOf(message, Attributes::kAlone, again)) return false;
      builder_.SetSpanAttributes(builder_.EndAttributes());
      if (!SpanFieldsOf(message, Attributes::kSkipped, again)) return false;
    }
    if (span_.trace_id.IsZero()) RejectSpan([] { return std::string("trace_id is missing or zero"); });
    if (span_.span_id == 0) RejectSpan([] { return std::string("span_id is missing or zero"); });
    ++spans_seen_;
    if (span_rejected_) {
      builder_.DropSpan();
      ++report_.rejected_spans;
      return true;
    }
    if (builder_.span_count() >= limits::kSpansPerRequestMax) {
      return Fail(Code::kTooLarge, message.data(), fmt::format("more than {} spans", limits::kSpansPerRequestMax));
    }
    builder_.EndSpan(span_);
    return Tick();
  }

  enum class Attributes : uint8_t { kInOneRun, kAlone, kSkipped };

  // Reads the span's fields into span_ and the builder. kInOneRun: everything; `again` is set, and the rest not read,
  // where attributes come in a second run. kAlone: only attributes, into the open list. kSkipped: everything else.
  bool SpanFieldsOf(std::string_view message, Attributes attributes, bool& again);

  // Attributes as long as they follow each other. The tag of the first was read.
  bool AttributeRun(ProtobufReader& reader) {
    constexpr auto kTag = static_cast<char>(otlp::span::kAttributes);
    builder_.BeginAttributes();
    do {
      if (!Attribute(reader)) return Within("attributes");
    } while (!reader.AtEnd() && *reader.at() == kTag && reader.SkipByte());
    builder_.SetSpanAttributes(builder_.EndAttributes());
    return true;
  }

  bool SpanStatus(ProtobufReader& reader);
  bool Event(ProtobufReader& reader);
  bool Link(ProtobufReader& reader);

  // One KeyValue, into the open list.
  bool Attribute(ProtobufReader& reader) {
    std::string_view message;
    if (!reader.ReadBytes(message)) return Malformed(reader.at());
    if (!Tick()) return false;
    // Nearly all attributes are a key and a value in this order, each shorter than 128 bytes.
    const char* at = message.data();
    const size_t size = message.size();
    const auto byte = [at](size_t i) { return static_cast<uint8_t>(at[i]); };
    if (size < 4 || byte(0) != otlp::key_value::kKey) return AnyAttribute(message);
    const size_t key_end = size_t{2} + byte(1);
    if (byte(1) >= 0x80 || key_end + 2 > size || byte(key_end) != otlp::key_value::kValue) return AnyAttribute(message);
    const size_t value_size = byte(key_end + 1);
    if (value_size >= 0x80 || key_end + 2 + value_size != size) return AnyAttribute(message);
    const StringCode key = builder_.InternKey({at + 2, key_end - 2});
    const char* value = at + key_end + 2;
    // And most values are text.
    if (key != SpanBatchBuilder::kNotUtf8 && value_size >= 2 && value[0] == kTextTag &&
        static_cast<uint8_t>(value[1]) == value_size - 2) [[likely]] {
      return AddText(key, {value + 2, value_size - 2});
    }
    if (key == SpanBatchBuilder::kNotUtf8) return NotUtf8({at + 2, key_end - 2}) || Within("key");
    return AddAnyValue(key, {value, value_size});
  }
  static constexpr auto kTextTag = static_cast<char>(otlp::Text(any_value_fields::kString));

  bool AnyAttribute(std::string_view message);
  bool AddAnyValue(StringCode key, std::string_view message);

  bool AddText(StringCode key, std::string_view text) {
    const StringCode code = builder_.InternValue(key, text);
    if (code == SpanBatchBuilder::kNotUtf8) return NotUtf8(text) || Within("value");
    return Add(key, ValueType::kString, code);
  }

  bool Add(StringCode key, ValueType type, uint64_t cell) {
    if (builder_.AddAttribute(key, type, cell)) [[likely]]
      return true;
    return Fail(Code::kTooLarge, nullptr, fmt::format("more than {} attributes", limits::kAttributesPerListMax));
  }

  // The values that may fail to be read. The tag was read already.
  bool ReadText(ProtobufReader& reader, StringCode& code) {
    std::string_view text;
    if (!reader.ReadBytes(text)) return Malformed(reader.at());
    code = builder_.InternString(text);
    return code != SpanBatchBuilder::kNotUtf8 || NotUtf8(text);
  }
  bool ReadNumber(ProtobufReader& reader, uint32_t& number) {
    uint64_t wide;
    if (!reader.ReadVarint(wide)) return Malformed(reader.at());
    number = static_cast<uint32_t>(wide);  // as protobuf reads an uint32
    return true;
  }
  bool ReadEnum(ProtobufReader& reader, uint8_t& number) {
    uint64_t wide;
    if (!reader.ReadVarint(wide)) return Malformed(reader.at());
    number = SmallEnum(wide);
    return true;
  }
  bool ReadFixed64(ProtobufReader& reader, uint64_t& number) {
    return reader.ReadFixed64(number) || Malformed(reader.at());
  }
  bool ReadFixed32(ProtobufReader& reader, uint32_t& number) {
    return reader.ReadFixed32(number) || Malformed(reader.at());
  }

  // Ids of a wrong length reject the span, not the request. `may_lack`: none is as good as zero.
  bool ReadTraceId(ProtobufReader& reader, TraceId& id, bool may_lack) {
    std::string_view bytes;
    if (!reader.ReadBytes(bytes)) return Malformed(reader.at());
    if (bytes.size() == otlp::kTraceIdBytes) [[likely]] {
      id = {LoadBigEndian64(bytes.data()), LoadBigEndian64(bytes.data() + 8)};
    } else if (!bytes.empty() || !may_lack) {
      RejectSpan([&] { return fmt::format("a trace id of {} bytes, expected {}", bytes.size(), otlp::kTraceIdBytes); });
    }
    return true;
  }
  bool ReadSpanId(ProtobufReader& reader, SpanId& id, bool may_lack) {
    std::string_view bytes;
    if (!reader.ReadBytes(bytes)) return Malformed(reader.at());
    if (bytes.size() == otlp::kSpanIdBytes) [[likely]] {
      id = LoadBigEndian64(bytes.data());
    } else if (!bytes.empty() || !may_lack) {
      RejectSpan([&] { return fmt::format("a span id of {} bytes, expected {}", bytes.size(), otlp::kSpanIdBytes); });
    }
    return true;
  }

  // Only the first reason of a request is told, so only that is put into words.
  template <class Reason>
  void RejectSpan(Reason reason) {
    if (!span_rejected_ && report_.first_error.empty()) {
      report_.first_error = fmt::format("span {}: {}", spans_seen_, reason());
    }
    span_rejected_ = true;
  }

  // A field that no case took: unknown ones are passed over, known ones have a wrong wire type.
  bool SkipUnknown(ProtobufReader& reader, uint32_t tag, uint32_t last_field) {
    if (tag >> 3 <= last_field) {
      return Fail(Code::kInvalid, reader.at(), fmt::format("field {} has wire type {}", tag >> 3, tag & 7));
    }
    return reader.Skip(tag) || Malformed(reader.at());
  }

  // Once every few hundred things: whether the batch may go on growing.
  bool Tick() {
    constexpr uint32_t kTicks = 256;
    return ++ticks_ % kTicks != 0 || Cover();
  }
  bool Cover() {
    return memory_.Cover(builder_.size_bytes()) || Fail(Code::kBusy, nullptr, "the memory budget is used up");
  }

  bool Fail(Code code, const char* at, std::string what) { return fault_.Set(code, at, std::move(what)); }
  bool Malformed(const char* at) { return Fail(Code::kInvalid, at, "not protobuf, or cut off,"); }
  bool NotUtf8(std::string_view text) {
    size_t valid = 0;
    while (const size_t length = Utf8SequenceLength(text.substr(valid))) valid += length;
    return Fail(Code::kInvalid, text.data() + valid, "not UTF-8");
  }
  bool Within(std::string_view field) { return fault_.Within(field); }

  const std::string_view body_;
  SpanBatchBuilder& builder_;
  DecodeMemory& memory_;
  DecodeReport report_;
  DecodeFault fault_;
  SpanFields span_;
  bool span_rejected_ = false;
  uint64_t spans_seen_ = 0;
  uint32_t ticks_ = 0;
};

bool Decoder::SpanFieldsOf(std::string_view message, Attributes attributes, bool& again) {
  bool seen_attributes = false;
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    const char* at = reader.at();
    uint32_t tag;
    if (!reader.ReadTag(tag)) return Malformed(at);
    if (attributes == Attributes::kAlone) [[unlikely]] {
      if (tag != otlp::span::kAttributes) {
        if (!reader.Skip(tag)) return Malformed(at);
      } else if (!Attribute(reader)) {
        return Within("attributes");
      }
      continue;
    }
    switch (tag) {
      case otlp::span::kTraceId:
        if (!ReadTraceId(reader, span_.trace_id, false)) return Within("trace_id");
        break;
      case otlp::span::kSpanId:
        if (!ReadSpanId(reader, span_.span_id, false)) return Within("span_id");
        break;
      case otlp::span::kTraceState:
        if (!ReadText(reader, span_.trace_state)) return Within("trace_state");
        break;
      case otlp::span::kParentSpanId:
        if (!ReadSpanId(reader, span_.parent_span_id, true)) return Within("parent_span_id");
        break;
      case otlp::span::kName:
        if (!ReadText(reader, span_.name)) return Within("name");
        break;
      case otlp::span::kKind:
        if (!ReadEnum(reader, span_.kind)) return Within("kind");
        break;
      case otlp::span::kStartNs:
        if (!ReadFixed64(reader, span_.start_ns)) return Within("start_time_unix_nano");
        break;
      case otlp::span::kEndNs:
        if (!ReadFixed64(reader, span_.end_ns)) return Within("end_time_unix_nano");
        break;
      case otlp::span::kAttributes:
        if (attributes == Attributes::kSkipped) {
          if (!reader.Skip(tag)) return Malformed(at);
        } else if (seen_attributes) {
          again = true;
          return true;
        } else if (!AttributeRun(reader)) {
          return false;
        }
        seen_attributes = true;
        break;
      case otlp::span::kDroppedAttributes:
        if (!ReadNumber(reader, span_.dropped_attributes)) return Within("dropped_attributes_count");
        break;
      case otlp::span::kEvents:
        if (!Event(reader)) return Within("events");
        break;
      case otlp::span::kDroppedEvents:
        if (!ReadNumber(reader, span_.dropped_events)) return Within("dropped_events_count");
        break;
      case otlp::span::kLinks:
        if (!Link(reader)) return Within("links");
        break;
      case otlp::span::kDroppedLinks:
        if (!ReadNumber(reader, span_.dropped_links)) return Within("dropped_links_count");
        break;
      case otlp::span::kStatus:
        if (!SpanStatus(reader)) return Within("status");
        break;
      case otlp::span::kFlags:
        if (!ReadFixed32(reader, span_.flags)) return Within("flags");
        break;
      default:
        if (!SkipUnknown(reader, tag, otlp::span::kLastField)) return false;
    }
  }
  return true;
}

bool Decoder::SpanStatus(ProtobufReader& reader) {
  std::string_view message;
  if (!reader.ReadBytes(message)) return Malformed(reader.at());
  ProtobufReader fields(message);
  while (!fields.AtEnd()) {
    const char* at = fields.at();
    uint32_t tag;
    if (!fields.ReadTag(tag)) return Malformed(at);
    switch (tag) {
      case otlp::status::kMessage:
        if (!ReadText(fields, span_.status_message)) return Within("message");
        break;
      case otlp::status::kCode:
        if (!ReadEnum(fields, span_.status_code)) return Within("code");
        break;
      case otlp::status::kOldCode:
        if (!fields.Skip(tag)) return Malformed(at);
        break;
      default:
        if (!SkipUnknown(fields, tag, otlp::status::kLastField)) return false;
    }
  }
  return true;
}

bool Decoder::Event(ProtobufReader& reader) {
  std::string_view message;
  if (!reader.ReadBytes(message)) return Malformed(reader.at());
  EventFields event;
  builder_.BeginAttributes();
  ProtobufReader fields(message);
  while (!fields.AtEnd()) {
    const char* at = fields.at();
    uint32_t tag;
    if (!fields.ReadTag(tag)) return Malformed(at);
    switch (tag) {
      case otlp::event::kTimeNs:
        if (!ReadFixed64(fields, event.time_ns)) return Within("time_unix_nano");
        break;
      case otlp::event::kName:
        if (!ReadText(fields, event.name)) return Within("name");
        break;
      case otlp::event::kAttributes:
        if (!Attribute(fields)) return Within("attributes");
        break;
      case otlp::event::kDroppedAttributes:
        if (!ReadNumber(fields, event.dropped_attributes)) return Within("dropped_attributes_count");
        break;
      default:
        if (!SkipUnknown(fields, tag, otlp::event::kLastField)) return false;
    }
  }
  builder_.AddEvent(event, builder_.EndAttributes());
  return Tick();
}

bool Decoder::Link(ProtobufReader& reader) {
  std::string_view message;
  if (!reader.ReadBytes(message)) return Malformed(reader.at());
  LinkFields link;
  builder_.BeginAttributes();
  ProtobufReader fields(message);
  while (!fields.AtEnd()) {
    const char* at = fields.at();
    uint32_t tag;
    if (!fields.ReadTag(tag)) return Malformed(at);
    switch (tag) {
      // An SDK records a link without ids where it has attributes or a trace state.
      case otlp::link::kTraceId:
        if (!ReadTraceId(fields, link.trace_id, true)) return Within("trace_id");
        break;
      case otlp::link::kSpanId:
        if (!ReadSpanId(fields, link.span_id, true)) return Within("span_id");
        break;
      case otlp::link::kTraceState:
        if (!ReadText(fields, link.trace_state)) return Within("trace_state");
        break;
      case otlp::link::kAttributes:
        if (!Attribute(fields)) return Within("attributes");
        break;
      case otlp::link::kDroppedAttributes:
        if (!ReadNumber(fields, link.dropped_attributes)) return Within("dropped_attributes_count");
        break;
      case otlp::link::kFlags:
        if (!ReadFixed32(fields, link.flags)) return Within("flags");
        break;
      default:
        if (!SkipUnknown(fields, tag, otlp::link::kLastField)) return false;
    }
  }
  builder_.AddLink(link, builder_.EndAttributes());
  return Tick();
}

// A KeyValue message of any form.
bool Decoder::AnyAttribute(std::string_view message) {
  std::string_view key, value;
  ProtobufReader fields(message);
  while (!fields.AtEnd()) {
    const char* at = fields.at();
    uint32_t tag;
    if (!fields.ReadTag(tag)) return Malformed(at);
    switch (tag) {
      case otlp::key_value::kKey:
        if (!fields.ReadBytes(key)) return Malformed(at) || Within("key");
        break;
      case otlp::key_value::kValue:
        if (!fields.ReadBytes(value)) return Malformed(at) || Within("value");
        break;
      default:
        if (!SkipUnknown(fields, tag, otlp::key_value::kLastField)) return false;
    }
  }
  const StringCode code = builder_.InternKey(key);
  if (code == SpanBatchBuilder::kNotUtf8) return NotUtf8(key) || Within("key");
  return AddAnyValue(code, value);
}

// An AnyValue message of any form.
bool Decoder::AddAnyValue(StringCode key, std::string_view message) {
  AnyValueField field;
  AnyValueFault fault = ReadAnyValueField(message, field);
  if (!fault && field.type >= ValueType::kArray) fault = CheckAnyValue(field.whole);
  if (fault) return Fail(Code::kInvalid, fault.at, std::string(fault.What())) || Within("value");
  switch (field.type) {
    case ValueType::kString: return AddText(key, field.bytes);
    case ValueType::kBytes: return Add(key, field.type, builder_.AddBytes(field.bytes));
    case ValueType::kArray:
    case ValueType::kMap: return Add(key, field.type, builder_.AddBytes(field.whole));
    case ValueType::kEmpty:
    case ValueType::kBool:
    case ValueType::kInt:
    case ValueType::kDouble: break;
  }
  return Add(key, field.type, field.cell);
}

}  // namespace

Result<DecodeReport> DecodeOtlpProtobuf(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory) {
  return Decoder(body, builder, memory).Run();
}

}  // namespace spoor
