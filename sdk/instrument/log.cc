#include "api/log.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <mutex>

#include "api/context.h"
#include "api/finished_span.h"
#include "trace/attribute_list.h"
#include "trace/json_text.h"
#include "trace/wire_reader.h"

namespace spoor::trace {
namespace {

// "2026-11-24T14:32:07.418Z".
std::string TimeText() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof(text) - length, ".%03dZ", static_cast<int>(milliseconds));
  return text;
}

// The value as people read it.
std::string TextOf(const AttributeValue& value) {
  ByteBuffer buffer;
  AppendKeyValue(buffer, 1, "v", value, UINT32_MAX);
  wire::Reader message({reinterpret_cast<const char*>(buffer.data()), buffer.size()});
  if (!message.Next()) return {};
  for (wire::Reader field(message.bytes()); field.Next();) {
    if (field.field() == wire::key_value::kValue) return EncodedAttribute{"v", field.bytes()}.Text();
  }
  return {};
}

// Whether the text of a value is JSON as it stands.
bool IsJson(const AttributeValue& value) {
  const auto type = value.type();
  return type == AttributeValue::Type::kBool || type == AttributeValue::Type::kInt ||
         (type == AttributeValue::Type::kDouble && std::isfinite(value.number()));
}

bool NeedsQuotes(std::string_view text) {
  return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '=' || c == '"' || c == '\\' || c == 0x7F;
         });
}

class Line {
 public:
  explicit Line(LogFormat format) : format_(format) { text_ = format == LogFormat::kJson ? "{" : ""; }

  void Add(std::string_view key, std::string_view value, bool is_quoted = true) {
    if (count_++ > 0) text_ += format_ == LogFormat::kJson ? ',' : ' ';
    if (format_ == LogFormat::kJson) {
      AppendJsonText(text_, key);
      text_ += ':';
      if (is_quoted) {
        AppendJsonText(text_, value);
      } else {
        text_ += value;
      }
      return;
    }
    text_ += key;
    text_ += '=';
    if (NeedsQuotes(value)) {
      AppendJsonText(text_, value);
    } else {
      text_ += value;
    }
  }
  std::string Take() { return std::move(text_) + (format_ == LogFormat::kJson ? "}\n" : "\n"); }

 private:
  const LogFormat format_;
  std::string text_;
  int count_ = 0;
};

}  // namespace

struct LogSink::State {
  State(std::ostream& stream, std::string_view name, LogFormat lines) : out(stream), service(name), format(lines) {}
  std::mutex mutex;
  std::ostream& out;
  const std::string service;
  const LogFormat format;
};

LogSink::LogSink(std::ostream& out, std::string_view service, LogFormat format)
    : state_(std::make_unique<State>(out, service, format)) {}

LogSink::~LogSink() = default;

void LogSink::Write(std::string_view level, std::string_view message, Attributes fields) {
  Line line(state_->format);
  line.Add("time", TimeText());
  line.Add("level", level);
  line.Add("service", state_->service);
  line.Add("msg", message);
  if (const SpanContext& span = CurrentSpan().context(); span.IsValid()) {
    line.Add("trace_id", span.trace_id().ToHex());
    line.Add("span_id", span.span_id().ToHex());
  }
  for (const Attribute& field : fields) line.Add(field.key, TextOf(field.value), !IsJson(field.value));
  const std::string text = line.Take();
  const std::lock_guard lock(state_->mutex);
  state_->out.write(text.data(), static_cast<std::streamsize>(text.size()));
  state_->out.flush();
}

std::string TraceFields() {
  const SpanContext& span = CurrentSpan().context();
  if (!span.IsValid()) return {};
  return "trace_id=" + span.trace_id().ToHex() + " span_id=" + span.span_id().ToHex();
}

}  // namespace spoor::trace
