#include <cstdio>
#include <string>

#include "api/exporters.h"
#include "trace/json_text.h"

namespace spoor::trace {
namespace {

void AppendAttributes(std::string& out, const std::vector<EncodedAttribute>& attributes) {
  out += '{';
  const char* separator = "";
  for (const EncodedAttribute& attribute : attributes) {
    out += separator;
    AppendJsonText(out, attribute.key);
    out += ':';
    AppendJsonText(out, attribute.Text());
    separator = ",";
  }
  out += '}';
}

const char* NameOf(SpanKind kind) {
  switch (kind) {
    case SpanKind::kServer: return "server";
    case SpanKind::kClient: return "client";
    case SpanKind::kProducer: return "producer";
    case SpanKind::kConsumer: return "consumer";
    default: return "internal";
  }
}

const char* NameOf(StatusCode code) {
  return code == StatusCode::kOk ? "ok" : code == StatusCode::kError ? "error" : "unset";
}

std::string LineOf(const FinishedSpan& span) {
  std::string line = "{\"service\":";
  AppendJsonText(line, span.resource().Text("service.name"));
  line += ",\"name\":";
  AppendJsonText(line, span.name());
  line += ",\"kind\":\"" + std::string(NameOf(span.kind())) + "\",\"trace_id\":\"" + span.context().trace_id().ToHex() +
          "\",\"span_id\":\"" + span.context().span_id().ToHex() + "\",\"parent_id\":\"" +
          (span.parent_id().IsValid() ? span.parent_id().ToHex() : "") +
          "\",\"start_ns\":" + std::to_string(span.start_ns()) +
          ",\"duration_ns\":" + std::to_string(span.end_ns() - span.start_ns()) + ",\"status\":\"" +
          NameOf(span.status()) + "\",\"description\":";
  AppendJsonText(line, span.status_description());
  line += ",\"attributes\":";
  AppendAttributes(line, span.attributes());
  line += ",\"events\":[";
  const char* separator = "";
  for (const FinishedEvent& event : span.events()) {
    line += separator;
    line += "{\"name\":";
    AppendJsonText(line, event.name);
    line += ",\"time_ns\":" + std::to_string(event.time_ns) + ",\"attributes\":";
    AppendAttributes(line, event.attributes);
    line += '}';
    separator = ",";
  }
  line += "],\"links\":" + std::to_string(span.links().size()) + "}\n";
  return line;
}

class Console final : public SpanExporter {
 public:
  ExportResult Export(ListView<FinishedSpan> spans, std::chrono::milliseconds) noexcept override {
    for (const FinishedSpan& span : spans) {
      const std::string line = LineOf(span);
      if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return ExportResult::kFailure;
    }
    return std::fflush(stdout) == 0 ? ExportResult::kSuccess : ExportResult::kFailure;
  }
};

}  // namespace

SpanExporterPtr ConsoleExporter() { return std::make_unique<Console>(); }

}  // namespace spoor::trace
