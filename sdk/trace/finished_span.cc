#include "api/finished_span.h"

#include <charconv>
#include <cmath>

#include "trace/json_text.h"
#include "trace/span_record.h"
#include "trace/utf8.h"
#include "trace/wire_reader.h"

namespace spoor::trace {
namespace {

using wire::Reader;

std::string_view TextOf(const ByteBuffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
}

EncodedAttribute ReadKeyValue(std::string_view message) {
  EncodedAttribute attribute;
  for (Reader reader(message); reader.Next();) {
    (reader.field() == wire::key_value::kKey ? attribute.key : attribute.any_value) = reader.bytes();
  }
  return attribute;
}

FinishedEvent ReadEvent(std::string_view message) {
  FinishedEvent event;
  for (Reader reader(message); reader.Next();) {
    switch (reader.field()) {
      case wire::event::kTime: event.time_ns = reader.number(); break;
      case wire::event::kName: event.name = reader.bytes(); break;
      case wire::event::kAttributes: event.attributes.push_back(ReadKeyValue(reader.bytes())); break;
      case wire::event::kDroppedAttributes: event.dropped_attributes = static_cast<uint32_t>(reader.number()); break;
    }
  }
  return event;
}

uint64_t ReadBigEndian64(std::string_view bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

FinishedLink ReadLink(std::string_view message) {
  FinishedLink link;
  TraceId trace_id;
  SpanId span_id;
  uint32_t flags = 0;
  std::optional<TraceState> state;
  for (Reader reader(message); reader.Next();) {
    switch (reader.field()) {
      case wire::link::kTraceId:
        trace_id = {ReadBigEndian64(reader.bytes()), ReadBigEndian64(reader.bytes().substr(8))};
        break;
      case wire::link::kSpanId: span_id = {ReadBigEndian64(reader.bytes())}; break;
      case wire::link::kTraceState: state = TraceState::FromHeader(reader.bytes()); break;
      case wire::link::kAttributes: link.attributes.push_back(ReadKeyValue(reader.bytes())); break;
      case wire::link::kDroppedAttributes: link.dropped_attributes = static_cast<uint32_t>(reader.number()); break;
      case wire::link::kFlags: flags = static_cast<uint32_t>(reader.number()); break;
    }
  }
  link.context = SpanContext(trace_id, span_id, static_cast<uint8_t>(flags), (flags & wire::kIsRemote) != 0,
                             state.value_or(TraceState()));
  return link;
}

void AppendHex(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
    out += "0123456789abcdef"[static_cast<uint8_t>(c) & 15];
  }
}

// As short as it can be read back, whatever the locale; in JSON, what is no number there is text, as in OTLP's JSON.
void AppendDouble(std::string& out, double value, bool is_json) {
  const char* quote = is_json && !std::isfinite(value) ? "\"" : "";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  out += quote;
  if (std::isfinite(value)) {
    out.append(text, end);
  } else {
    out += std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
  }
  out += quote;
}

// As deep as values may stand in one another (kValueDepthMax), and no deeper.
void AppendValue(std::string& out, std::string_view any_value, bool quoted) {
  Reader value(any_value);
  if (!value.Next()) {
    out += quoted ? "null" : "";
    return;
  }
  switch (value.field()) {
    case wire::any_value::kString:
      if (quoted) {
        AppendJsonText(out, value.bytes());
      } else {
        out += value.bytes();
      }
      break;
    case wire::any_value::kBool: out += value.number() != 0 ? "true" : "false"; break;
    case wire::any_value::kInt: out += std::to_string(static_cast<int64_t>(value.number())); break;
    case wire::any_value::kDouble: {
      AppendDouble(out, value.real(), quoted);
      break;
    }
    case wire::any_value::kBytes:
      out += quoted ? "\"" : "";
      AppendHex(out, value.bytes());
      out += quoted ? "\"" : "";
      break;
    case wire::any_value::kArray: {
      out += '[';
      const char* separator = "";
      for (Reader items(value.bytes()); items.Next(); separator = ",") {
        out += separator;
        AppendValue(out, items.bytes(), true);
      }
      out += ']';
      break;
    }
    case wire::any_value::kKeyValueList: {
      out += '{';
      const char* separator = "";
      for (Reader items(value.bytes()); items.Next(); separator = ",") {
        const EncodedAttribute item = ReadKeyValue(items.bytes());
        out += separator;
        AppendJsonText(out, item.key);
        out += ':';
        AppendValue(out, item.any_value, true);
      }
      out += '}';
    }
  }
}

// The parts of a Span message whose length is found by looking at more than a number.
struct Texts {
  explicit Texts(const SpanRecord& record)
      : name(AsUtf8(TextOf(record.name()), name_scratch)),
        description(AsUtf8(TextOf(record.status_description()), description_scratch)),
        trace_state(record.context().trace_state().IsEmpty() ? std::string()
                                                             : record.context().trace_state().ToHeader()) {}
  std::string name_scratch, description_scratch;
  std::string_view name, description;
  std::string trace_state;

  size_t StatusSize(StatusCode status) const {
    return (description.empty() ? 0 : wire::TextSize(wire::status::kMessage, description.size())) +
           (status == StatusCode::kUnset ? 0 : 2);
  }
};

size_t CountSize(uint32_t field, uint32_t count) {
  return count == 0 ? 0 : wire::VarintSize(wire::Tag(field, wire::kVarint)) + wire::VarintSize(count);
}

uint8_t* PutCount(uint8_t* out, uint32_t field, uint32_t count) {
  if (count == 0) return out;
  return wire::PutVarint(wire::PutVarint(out, wire::Tag(field, wire::kVarint)), count);
}

size_t WireSizeOf(const SpanRecord& record, const Texts& texts) {
  namespace span = wire::span;
  const size_t status = texts.StatusSize(record.status());
  return 18 + 10 + (record.start().parent_id.IsValid() ? 10 : 0) + 2 + 9 + 9 + 6 +
         (texts.trace_state.empty() ? 0 : wire::TextSize(span::kTraceState, texts.trace_state.size())) +
         (texts.name.empty() ? 0 : wire::TextSize(span::kName, texts.name.size())) + record.attributes().size() +
         record.events().size() + record.links().size() +
         CountSize(span::kDroppedAttributes, record.dropped_attributes()) +
         CountSize(span::kDroppedEvents, record.dropped_events()) +
         CountSize(span::kDroppedLinks, record.dropped_links()) +
         (status == 0 ? 0 : wire::TextSize(span::kStatus, status));
}

uint8_t* PutId(uint8_t* out, uint32_t field, uint64_t id) {
  *out++ = static_cast<uint8_t>(wire::Tag(field, wire::kLength));
  *out++ = 8;
  return wire::PutBigEndian64(out, id);
}

uint8_t* PutTime(uint8_t* out, uint32_t field, uint64_t time_ns) {
  *out++ = static_cast<uint8_t>(wire::Tag(field, wire::kFixed64));
  return wire::PutFixed64(out, time_ns);
}

uint8_t* PutSpan(uint8_t* out, const SpanRecord& record, const Texts& texts) {
  namespace span = wire::span;
  const SpanRecord::Start& start = record.start();
  *out++ = static_cast<uint8_t>(wire::Tag(span::kTraceId, wire::kLength));
  *out++ = 16;
  out = wire::PutBigEndian64(out, record.context().trace_id().high);
  out = wire::PutBigEndian64(out, record.context().trace_id().low);
  out = PutId(out, span::kSpanId, record.context().span_id().value);
  if (!texts.trace_state.empty()) out = wire::PutText(out, span::kTraceState, texts.trace_state);
  if (start.parent_id.IsValid()) out = PutId(out, span::kParentSpanId, start.parent_id.value);
  if (!texts.name.empty()) out = wire::PutText(out, span::kName, texts.name);
  *out++ = static_cast<uint8_t>(wire::Tag(span::kKind, wire::kVarint));
  *out++ = static_cast<uint8_t>(start.kind);
  out = PutTime(out, span::kStart, start.wall_ns);
  out = PutTime(out, span::kEnd, record.end_ns());
  out = wire::PutBytes(out, record.attributes().data(), record.attributes().size());
  out = PutCount(out, span::kDroppedAttributes, record.dropped_attributes());
  out = wire::PutBytes(out, record.events().data(), record.events().size());
  out = PutCount(out, span::kDroppedEvents, record.dropped_events());
  out = wire::PutBytes(out, record.links().data(), record.links().size());
  out = PutCount(out, span::kDroppedLinks, record.dropped_links());
  if (const size_t status = texts.StatusSize(record.status()); status != 0) {
    out = wire::PutVarint(wire::PutVarint(out, wire::Tag(span::kStatus, wire::kLength)), status);
    if (!texts.description.empty()) out = wire::PutText(out, wire::status::kMessage, texts.description);
    if (record.status() != StatusCode::kUnset) {
      *out++ = static_cast<uint8_t>(wire::Tag(wire::status::kCode, wire::kVarint));
      *out++ = static_cast<uint8_t>(record.status());
    }
  }
  out = wire::PutVarint(out, wire::Tag(span::kFlags, wire::kFixed32));
  return wire::PutFixed32(
      out, record.context().flags() | wire::kHasIsRemote | (start.parent_is_remote ? wire::kIsRemote : 0));
}

}  // namespace

std::string EncodedAttribute::Text() const {
  std::string text;
  AppendValue(text, any_value, false);
  return text;
}

FinishedSpan::FinishedSpan(const FinishedSpan& other) noexcept : record_(SpanRecord::OfFinished(other)) {}

FinishedSpan::~FinishedSpan() {
  if (record_ != nullptr) record_->Release();
}

const SpanContext& FinishedSpan::context() const noexcept { return record_->context(); }
SpanId FinishedSpan::parent_id() const noexcept { return record_->start().parent_id; }
bool FinishedSpan::parent_is_remote() const noexcept { return record_->start().parent_is_remote; }
std::string_view FinishedSpan::name() const noexcept { return TextOf(record_->name()); }
SpanKind FinishedSpan::kind() const noexcept { return record_->start().kind; }
uint64_t FinishedSpan::start_ns() const noexcept { return record_->start().wall_ns; }
uint64_t FinishedSpan::end_ns() const noexcept { return record_->end_ns(); }
StatusCode FinishedSpan::status() const noexcept { return record_->status(); }
std::string_view FinishedSpan::status_description() const noexcept { return TextOf(record_->status_description()); }
uint32_t FinishedSpan::dropped_attributes() const noexcept { return record_->dropped_attributes(); }
uint32_t FinishedSpan::dropped_events() const noexcept { return record_->dropped_events(); }
uint32_t FinishedSpan::dropped_links() const noexcept { return record_->dropped_links(); }
const Resource& FinishedSpan::resource() const noexcept { return record_->start().pipeline->resource; }
const InstrumentationScope& FinishedSpan::scope() const noexcept { return record_->start().tracer->scope; }

std::vector<EncodedAttribute> FinishedSpan::attributes() const {
  std::vector<EncodedAttribute> attributes;
  for (Reader reader(TextOf(record_->attributes())); reader.Next();) {
    attributes.push_back(ReadKeyValue(reader.bytes()));
  }
  return attributes;
}

std::vector<FinishedEvent> FinishedSpan::events() const {
  std::vector<FinishedEvent> events;
  for (Reader reader(TextOf(record_->events())); reader.Next();) events.push_back(ReadEvent(reader.bytes()));
  return events;
}

std::vector<FinishedLink> FinishedSpan::links() const {
  std::vector<FinishedLink> links;
  for (Reader reader(TextOf(record_->links())); reader.Next();) links.push_back(ReadLink(reader.bytes()));
  return links;
}

size_t FinishedSpan::WireSize() const noexcept { return WireSizeOf(*record_, Texts(*record_)); }

void FinishedSpan::AppendWire(std::string& out) const {
  const Texts texts(*record_);
  const size_t begin = out.size();
  out.resize(begin + WireSizeOf(*record_, texts));
  PutSpan(reinterpret_cast<uint8_t*>(out.data()) + begin, *record_, texts);
}

}  // namespace spoor::trace
