// W3C trace context, level 2: https://www.w3.org/TR/trace-context-2/
#include "api/propagator.h"
#include "trace/environment.h"
#include "trace/hex.h"

namespace spoor::trace {
namespace {

constexpr size_t kLength = 55;  // version-traceid-spanid-flags, of version 00
constexpr uint8_t kKnownFlags = trace_flags::kSampled | trace_flags::kRandom;

// Nothing where any rule is broken: the trace then begins anew.
std::optional<SpanContext> ReadTraceparent(std::string_view text) {
  text = environment::Trim(text);
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  uint64_t version = 0, flags = 0;
  if (!ReadHex64(text.substr(0, 2), version) || !ReadHex64(text.substr(53, 2), flags)) return {};
  if (version == 0xFF) return {};
  // Version 00 ends here; a later one may go on behind another dash.
  if (text.size() > kLength && (version == 0 || text[kLength] != '-')) return {};
  const auto trace_id = TraceId::FromHex(text.substr(3, 32));
  const auto span_id = SpanId::FromHex(text.substr(36, 16));
  if (!trace_id || !span_id) return {};
  return SpanContext(*trace_id, *span_id, static_cast<uint8_t>(flags & kKnownFlags), true);
}

class TraceContext final : public Propagator {
 public:
  void Inject(const Context& context, HeaderWriter& headers) const override {
    const SpanContext& span = context.span().context();
    if (!span.IsValid()) return;
    char text[kLength];
    text[0] = text[1] = '0';
    text[2] = text[35] = text[52] = '-';
    WriteHex64(text + 3, span.trace_id().high);
    WriteHex64(text + 19, span.trace_id().low);
    WriteHex64(text + 36, span.span_id().value);
    text[53] = '0';
    text[54] = static_cast<char>('0' + (span.flags() & kKnownFlags));
    headers.Set("traceparent", std::string_view(text, kLength));
    if (!span.trace_state().IsEmpty()) headers.Set("tracestate", span.trace_state().ToHeader());
  }

  Context Extract(const HeaderReader& headers, Context context) const override {
    const auto parents = headers.Values("traceparent");
    if (parents.size() != 1) return context;  // two of them are as good as none
    const auto parent = ReadTraceparent(parents[0]);
    if (!parent) return context;
    std::string list;
    for (const std::string_view value : headers.Values("tracestate")) {
      if (!list.empty()) list += ',';
      list += value;
    }
    // A list that breaks the rules is dropped and does no harm to the parent.
    TraceState state = TraceState::FromHeader(list).value_or(TraceState());
    Span span(SpanContext(parent->trace_id(), parent->span_id(), parent->flags(), true, std::move(state)));
    return context.With(std::move(span));
  }

  std::vector<std::string> Fields() const override { return {"traceparent", "tracestate"}; }
};

}  // namespace

PropagatorPtr TraceContextPropagator() { return std::make_shared<TraceContext>(); }

}  // namespace spoor::trace
