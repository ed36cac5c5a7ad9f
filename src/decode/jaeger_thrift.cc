#include "decode/jaeger_thrift.h"

#include <fmt/format.h>

#include <bit>
#include <string>

#include "base/limits.h"
#include "base/utf8.h"
#include "decode/decode_fault.h"
#include "decode/jaeger_span_tags.h"
#include "decode/jaeger_tag.h"
#include "decode/jaeger_thrift_fields.h"
#include "decode/thrift_reader.h"

namespace spoor {
namespace {

namespace fields = jaeger_thrift;
using AttributeList = SpanBatchBuilder::AttributeList;

// Nanoseconds since 1970, as near as they can be told.
uint64_t Nanos(int64_t us) {
  if (us < 0) return 0;
  constexpr uint64_t kUsMax = UINT64_MAX / 1000;
  return static_cast<uint64_t>(us) <= kUsMax ? static_cast<uint64_t>(us) * 1000 : UINT64_MAX;
}

uint64_t EndNanos(int64_t start_us, int64_t duration_us) {
  int64_t end_us;
  if (__builtin_add_overflow(start_us, duration_us, &end_us)) return duration_us < 0 ? 0 : UINT64_MAX;
  return Nanos(end_us);
}

struct Reference {
  int32_t type = fields::reference::kChildOf;
  TraceId trace_id;
  SpanId span_id = 0;

  bool IsChildOf() const { return type == fields::reference::kChildOf; }
};

// Decodes one batch. Every method that returns false has set the fault.
class Decoder {
 public:
  Decoder(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory)
      : body_(body), reader_(body), builder_(builder), memory_(memory) {}

  Result<DecodeReport> Run() {
    builder_.Clear();
    builder_.AddScope(0, 0, {}, 0, 0);
    if (!Batch() || !Cover()) return fault_.ToError(body_);
    report_.accepted_spans = builder_.span_count();
    return std::move(report_);
  }

 private:
  bool Batch() {
    uint32_t seen = 0;
    for (;;) {
      uint32_t tag = kThriftStop;
      if (!NextField(reader_, fields::batch::kFields, seen, tag)) return false;
      switch (tag) {
        case kThriftStop: return reader_.AtEnd() || Fail(Code::kInvalid, "bytes behind the batch");
        case fields::batch::kProcess:
          if (!Process()) return Within("process");
          break;
        case fields::batch::kSpans:
          if (!Spans()) return Within("spans");
          break;
        default:
          if (!SkipUnknown(reader_, tag, fields::batch::kFields)) return false;
      }
    }
  }

  // May stand before the spans or behind them.
  bool Process() {
    std::string_view service;
    ThriftReader tags(std::string_view{});
    uint32_t seen = 0;
    for (uint32_t tag = ~kThriftStop; tag != kThriftStop;) {
      if (!NextField(reader_, fields::process::kFields, seen, tag)) return false;
      switch (tag) {
        case kThriftStop: break;
        case fields::process::kServiceName:
          if (!reader_.ReadString(service)) return CutOff() || Within("serviceName");
          break;
        case fields::process::kTags:
          tags = reader_;
          if (!Skip(reader_, ThriftType::kList)) return Within("tags");
          break;
        default:
          if (!SkipUnknown(reader_, tag, fields::process::kFields)) return false;
      }
    }
    builder_.BeginAttributes();
    if (!service.empty() && !AddText(builder_.InternKey("service.name"), service)) return false;
    if (!tags.AtEnd() && !Tags(tags, [](const JaegerTag&) { return false; })) return Within("tags");
    builder_.AssignResource(0, builder_.EndAttributes(), 0, 0);
    return true;
  }

  bool Spans() {
    uint32_t count;
    if (!ListOfStructs(reader_, count)) return false;
    for (; count > 0; --count) {
      if (!Span()) return false;
    }
    return true;
  }

  bool Span();
  // What `tags` say, into span_ and the builder.
  void Apply(const JaegerSpanTags& tags) {
    span_.kind = static_cast<uint8_t>(tags.kind());
    span_.status_code = static_cast<uint8_t>(tags.status_code());
    span_.status_message = InternText(tags.status_message());
    span_.trace_state = InternText(tags.trace_state());
    SetScope(tags.scope_name(), tags.scope_version());
  }
  void SetScope(std::string_view name, std::string_view version) {
    if (name == scope_name_ && version == scope_version_) [[likely]]
      return;
    builder_.AddScope(InternText(name), InternText(version), {}, 0, 0);
    scope_name_ = name;
    scope_version_ = version;
  }

  bool Logs() {
    uint32_t count;
    if (!ListOfStructs(reader_, count)) return false;
    for (; count > 0; --count) {
      if (!Log()) return false;
    }
    return true;
  }
  bool Log();

  // All of a span's references, at `reader`; the span's ids are known. The parent first, then the links.
  bool References(ThriftReader& reader) {
    ThriftReader again = reader;
    if (!ForEachReference(reader, [this](const Reference& reference) { return FindParent(reference); })) return false;
    if (span_.parent_span_id == 0) span_.parent_span_id = first_followed_;
    return ForEachReference(again, [this](const Reference& reference) { return AddLink(reference); });
  }
  template <class Handle>
  bool ForEachReference(ThriftReader& reader, Handle handle) {
    uint32_t count;
    if (!ListOfStructs(reader, count)) return false;
    for (; count > 0; --count) {
      Reference reference;
      if (!ReadReference(reader, reference) || !handle(reference)) return false;
    }
    return true;
  }
  bool ReadReference(ThriftReader& reader, Reference& reference);

  bool FindParent(const Reference& reference) {
    if (reference.trace_id != span_.trace_id) return true;
    if (reference.IsChildOf()) {
      if (span_.parent_span_id == 0) span_.parent_span_id = reference.span_id;
    } else if (first_followed_ == 0) {
      first_followed_ = reference.span_id;
    }
    return true;
  }

  bool AddLink(const Reference& reference) {
    if (reference.IsChildOf() && reference.span_id == span_.parent_span_id && reference.trace_id == span_.trace_id) {
      return true;
    }
    builder_.BeginAttributes();
    const StringCode key = builder_.InternKey("opentracing.ref_type");
    if (!AddText(key, reference.IsChildOf() ? "child_of" : "follows_from")) return false;
    builder_.AddLink({.trace_id = reference.trace_id, .span_id = reference.span_id}, builder_.EndAttributes());
    return Tick();
  }

  // A list of tags into the open attribute list, but those for which `take` says true.
  template <class Take>
  bool Tags(ThriftReader& reader, Take take) {
    uint32_t count;
    if (!ListOfStructs(reader, count)) return false;
    for (; count > 0; --count) {
      JaegerTag tag;
      if (!ReadTag(reader, tag)) return false;
      if (!take(tag) && !Add(tag)) return false;
    }
    return true;
  }
  bool ReadTag(ThriftReader& reader, JaegerTag& tag);

  bool Add(const JaegerTag& tag) {
    StringCode key = builder_.InternKey(tag.key);
    if (key == SpanBatchBuilder::kNotUtf8) [[unlikely]]
      key = builder_.InternString(ToUtf8(tag.key));
    switch (tag.type) {
      case JaegerTagType::kString: return AddText(key, tag.text);
      case JaegerTagType::kDouble: return AddCell(key, ValueType::kDouble, tag.double_bits);
      case JaegerTagType::kBool: return AddCell(key, ValueType::kBool, tag.truth ? 1 : 0);
      case JaegerTagType::kLong: return AddCell(key, ValueType::kInt, static_cast<uint64_t>(tag.number));
      case JaegerTagType::kBinary: return AddCell(key, ValueType::kBytes, builder_.AddBytes(tag.binary));
    }
    // As Jaeger shows it.
    return AddText(key, fmt::format("<Unknown Jaeger TagType {}>", static_cast<int32_t>(tag.type)));
  }

  // Bytes, where it is no text.
  bool AddText(StringCode key, std::string_view text) {
    const StringCode code = builder_.InternValue(key, text);
    if (code != SpanBatchBuilder::kNotUtf8) [[likely]]
      return AddCell(key, ValueType::kString, code);
    return AddCell(key, ValueType::kBytes, builder_.AddBytes(text));
  }

  bool AddCell(StringCode key, ValueType type, uint64_t cell) {
    if (builder_.AddAttribute(key, type, cell)) [[likely]]
      return Tick();
    return Fail(Code::kTooLarge, fmt::format("more than {} attributes", limits::kAttributesPerListMax));
  }

  // For names: with U+FFFD for what is no UTF-8.
  StringCode InternText(std::string_view text) {
    const StringCode code = builder_.InternString(text);
    return code != SpanBatchBuilder::kNotUtf8 ? code : builder_.InternString(ToUtf8(text));
  }

  // The next field of a struct of which `seen` were there already, or kThriftStop once all that are required were.
  bool NextField(ThriftReader& reader, const fields::KnownFields& known, uint32_t& seen, uint32_t& tag) {
    if (!reader.ReadTag(tag)) return CutOff(reader);
    if (tag == kThriftStop) {
      const uint32_t missing = known.required & ~seen;
      if (missing == 0) [[likely]]
        return true;
      return FailAt(reader.at() - 1, fmt::format("field {} is missing", std::countr_zero(missing)));
    }
    const uint16_t field = FieldOfTag(tag);
    if (!known.Has(field)) [[unlikely]]
      return true;
    const uint32_t bit = uint32_t{1} << field;
    if ((seen & bit) != 0) [[unlikely]]
      return FailAt(reader.at(), fmt::format("field {} stands here twice", field));
    seen |= bit;
    return true;
  }

  // A field that no case took: unknown ones are passed over, known ones have a wrong type.
  bool SkipUnknown(ThriftReader& reader, uint32_t tag, const fields::KnownFields& known) {
    const uint16_t field = FieldOfTag(tag);
    if (known.Has(field)) {
      return FailAt(reader.at(), fmt::format("field {} has type {}", field, tag >> 16));
    }
    return Skip(reader, TypeOfTag(tag));
  }

  bool Skip(ThriftReader& reader, ThriftType type) {
    switch (reader.Skip(type)) {
      case ThriftReader::Skipped::kYes: return true;
      case ThriftReader::Skipped::kMalformed: return CutOff(reader);
      case ThriftReader::Skipped::kTooDeep: break;
    }
    return FailAt(reader.at(), fmt::format("deeper than {} structs, lists and maps", limits::kThriftDepthMax));
  }

  // Some writers give an empty list a type of their own.
  bool ListOfStructs(ThriftReader& reader, uint32_t& count) {
    ThriftType element;
    if (!reader.ReadList(element, count)) return CutOff(reader);
    if (count == 0 || element == ThriftType::kStruct) return true;
    return FailAt(reader.at(), fmt::format("a list of type {}", static_cast<int>(element)));
  }

  bool ReadI64(ThriftReader& reader, uint64_t& number) {
    int64_t read;
    if (!reader.ReadI64(read)) return CutOff(reader);
    number = static_cast<uint64_t>(read);
    return true;
  }

  // Once every few hundred things: whether the batch may go on growing.
  bool Tick() {
    constexpr uint32_t kTicks = 256;
    return ++ticks_ % kTicks != 0 || Cover();
  }
  bool Cover() {
    return memory_.Cover(builder_.size_bytes()) || fault_.Set(Code::kBusy, nullptr, "the memory budget is used up");
  }

  bool Fail(Code code, std::string what) { return fault_.Set(code, reader_.at(), std::move(what)); }
  bool FailAt(const char* at, std::string what) { return fault_.Set(Code::kInvalid, at, std::move(what)); }
  bool CutOff(const ThriftReader& reader) { return FailAt(reader.at(), "not Thrift's binary protocol, or cut off,"); }
  bool CutOff() { return CutOff(reader_); }
  bool Within(std::string_view field) { return fault_.Within(field); }

  const std::string_view body_;
  ThriftReader reader_;
  SpanBatchBuilder& builder_;
  DecodeMemory& memory_;
  DecodeReport report_;
  DecodeFault fault_;
  SpanFields span_;
  SpanId first_followed_ = 0;                    // by FOLLOWS_FROM within the span's trace
  std::string_view scope_name_, scope_version_;  // of the span before
  uint64_t spans_seen_ = 0;
  uint32_t ticks_ = 0;
};

bool Decoder::Span() {
  builder_.BeginSpan();
  span_ = {};
  first_followed_ = 0;
  int64_t start_us = 0, duration_us = 0;
  int32_t flags = 0;
  std::string_view name;
  JaegerSpanTags known_tags;
  ThriftReader early_references(std::string_view{});
  uint32_t seen = 0;
  for (uint32_t tag = ~kThriftStop; tag != kThriftStop;) {
    if (!NextField(reader_, fields::span::kFields, seen, tag)) return false;
    switch (tag) {
      case kThriftStop: break;
      case fields::span::kTraceIdLow:
        if (!ReadI64(reader_, span_.trace_id.low)) return Within("traceIdLow");
        break;
      case fields::span::kTraceIdHigh:
        if (!ReadI64(reader_, span_.trace_id.high)) return Within("traceIdHigh");
        break;
      case fields::span::kSpanId:
        if (!ReadI64(reader_, span_.span_id)) return Within("spanId");
        break;
      case fields::span::kParentSpanId:
        if (!ReadI64(reader_, span_.parent_span_id)) return Within("parentSpanId");
        break;
      case fields::span::kOperationName:
        if (!reader_.ReadString(name)) return CutOff() || Within("operationName");
        break;
      case fields::span::kReferences:
        if ((seen & fields::span::kIds) == fields::span::kIds) {
          if (!References(reader_)) return Within("references");
        } else {
          early_references = reader_;
          if (!Skip(reader_, ThriftType::kList)) return Within("references");
        }
        break;
      case fields::span::kFlags:
        if (!reader_.ReadI32(flags)) return CutOff() || Within("flags");
        break;
      case fields::span::kStartTimeUs:
        if (!reader_.ReadI64(start_us)) return CutOff() || Within("startTime");
        break;
      case fields::span::kDurationUs:
        if (!reader_.ReadI64(duration_us)) return CutOff() || Within("duration");
        break;
      case fields::span::kTags:
        builder_.BeginAttributes();
        if (!Tags(reader_, [&](const JaegerTag& read) { return known_tags.Take(read); })) return Within("tags");
        builder_.SetSpanAttributes(builder_.EndAttributes());
        break;
      case fields::span::kLogs:
        if (!Logs()) return Within("logs");
        break;
      case fields::span::kIncomplete:
        if (!Skip(reader_, ThriftType::kBool)) return Within("incomplete");
        break;
      default:
        if (!SkipUnknown(reader_, tag, fields::span::kFields)) return false;
    }
  }
  if (!early_references.AtEnd() && !References(early_references)) return Within("references");
  ++spans_seen_;
  if (span_.trace_id.IsZero() || span_.span_id == 0) {
    if (report_.rejected_spans++ == 0) {
      report_.first_error =
          fmt::format("span {}: {} is zero", spans_seen_ - 1, span_.span_id == 0 ? "spanId" : "traceId");
    }
    builder_.DropSpan();
    return true;
  }
  if (builder_.span_count() >= limits::kSpansPerRequestMax) {
    return Fail(Code::kTooLarge, fmt::format("more than {} spans", limits::kSpansPerRequestMax));
  }
  span_.name = InternText(name);
  span_.flags = static_cast<uint32_t>(flags);
  span_.start_ns = Nanos(start_us);
  span_.end_ns = EndNanos(start_us, duration_us);
  Apply(known_tags);
  builder_.EndSpan(span_);
  return Tick();
}

bool Decoder::Log() {
  EventFields event;
  bool has_name = false;
  const auto take_name = [&](const JaegerTag& tag) {
    if (has_name || !tag.IsText() || tag.text.empty() || tag.key != "event") return false;
    event.name = InternText(tag.text);
    return has_name = true;
  };
  builder_.BeginAttributes();
  uint32_t seen = 0;
  for (uint32_t tag = ~kThriftStop; tag != kThriftStop;) {
    if (!NextField(reader_, fields::log::kFields, seen, tag)) return false;
    int64_t time_us;
    switch (tag) {
      case kThriftStop: break;
      case fields::log::kTimestampUs:
        if (!reader_.ReadI64(time_us)) return CutOff() || Within("timestamp");
        event.time_ns = Nanos(time_us);
        break;
      case fields::log::kLogFields:
        if (!Tags(reader_, take_name)) return Within("fields");
        break;
      default:
        if (!SkipUnknown(reader_, tag, fields::log::kFields)) return false;
    }
  }
  builder_.AddEvent(event, builder_.EndAttributes());
  return Tick();
}

bool Decoder::ReadReference(ThriftReader& reader, Reference& reference) {
  uint32_t seen = 0;
  for (;;) {
    uint32_t tag = kThriftStop;
    if (!NextField(reader, fields::reference::kFields, seen, tag)) return false;
    switch (tag) {
      case kThriftStop: return true;
      case fields::reference::kType:
        if (!reader.ReadI32(reference.type)) return CutOff(reader) || Within("refType");
        break;
      case fields::reference::kTraceIdLow:
        if (!ReadI64(reader, reference.trace_id.low)) return Within("traceIdLow");
        break;
      case fields::reference::kTraceIdHigh:
        if (!ReadI64(reader, reference.trace_id.high)) return Within("traceIdHigh");
        break;
      case fields::reference::kSpanId:
        if (!ReadI64(reader, reference.span_id)) return Within("spanId");
        break;
      default:
        if (!SkipUnknown(reader, tag, fields::reference::kFields)) return false;
    }
  }
}

bool Decoder::ReadTag(ThriftReader& reader, JaegerTag& tag) {
  uint32_t seen = 0;
  for (;;) {
    uint32_t field = kThriftStop;
    int32_t type;
    if (!NextField(reader, fields::tag::kFields, seen, field)) return false;
    switch (field) {
      case kThriftStop: return true;
      case fields::tag::kKey:
        if (!reader.ReadString(tag.key)) return CutOff(reader) || Within("key");
        break;
      case fields::tag::kType:
        if (!reader.ReadI32(type)) return CutOff(reader) || Within("vType");
        tag.type = static_cast<JaegerTagType>(type);
        break;
      case fields::tag::kText:
        if (!reader.ReadString(tag.text)) return CutOff(reader) || Within("vStr");
        break;
      case fields::tag::kDouble:
        if (!reader.ReadDouble(tag.double_bits)) return CutOff(reader) || Within("vDouble");
        break;
      case fields::tag::kBool:
        if (!reader.ReadBool(tag.truth)) return CutOff(reader) || Within("vBool");
        break;
      case fields::tag::kLong:
        if (!reader.ReadI64(tag.number)) return CutOff(reader) || Within("vLong");
        break;
      case fields::tag::kBinary:
        if (!reader.ReadString(tag.binary)) return CutOff(reader) || Within("vBinary");
        break;
      default:
        if (!SkipUnknown(reader, field, fields::tag::kFields)) return false;
    }
  }
}

}  // namespace

Result<DecodeReport> DecodeJaegerThrift(std::string_view body, SpanBatchBuilder& builder, DecodeMemory& memory) {
  return Decoder(body, builder, memory).Run();
}

}  // namespace spoor
