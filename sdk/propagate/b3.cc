// B3, Zipkin's headers: https://github.com/openzipkin/b3-propagation
#include "api/propagator.h"
#include "trace/environment.h"
#include "trace/hex.h"

namespace spoor::trace {
namespace {

// Ids have 16 or 32 digits of either case.
std::optional<TraceId> ReadTraceId(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  if (text.size() == 16) text.insert(0, 16, '0');
  return TraceId::FromHex(text);
}

std::optional<SpanId> ReadSpanId(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return SpanId::FromHex(text);
}

// What the headers say. Debug asks everybody on the way to record, and is passed on.
struct Caller {
  SpanContext context;
  bool is_debug = false;
};

uint8_t FlagsOf(std::string_view sampled, bool is_debug) {
  return is_debug || sampled == "1" || sampled == "true" ? trace_flags::kSampled : 0;
}

std::string_view One(const HeaderReader& headers, std::string_view name) {
  const auto values = headers.Values(name);
  return values.empty() ? std::string_view() : environment::Trim(values[0]);
}

std::optional<Caller> ReadSingle(std::string_view text) {
  std::string_view parts[4];
  size_t count = 0;
  while (count < 4) {
    const size_t dash = text.find('-');
    parts[count++] = text.substr(0, dash);
    if (dash == std::string_view::npos) break;
    text.remove_prefix(dash + 1);
  }
  if (count < 2) return {};  // "0" and "1" alone say nothing of a trace
  const auto trace_id = ReadTraceId(std::string(parts[0]));
  const auto span_id = ReadSpanId(std::string(parts[1]));
  if (!trace_id || !span_id) return {};
  const bool is_debug = parts[2] == "d";
  return Caller{SpanContext(*trace_id, *span_id, FlagsOf(parts[2], is_debug), true), is_debug};
}

std::optional<Caller> ReadMulti(const HeaderReader& headers) {
  const auto trace_id = ReadTraceId(std::string(One(headers, "x-b3-traceid")));
  const auto span_id = ReadSpanId(std::string(One(headers, "x-b3-spanid")));
  if (!trace_id || !span_id) return {};
  const bool is_debug = One(headers, "x-b3-flags") == "1";
  const uint8_t flags = FlagsOf(One(headers, "x-b3-sampled"), is_debug);
  return Caller{SpanContext(*trace_id, *span_id, flags, true), is_debug};
}

class B3 final : public Propagator {
 public:
  explicit B3(bool sends_single) : sends_single_(sends_single) {}

  void Inject(const Context& context, HeaderWriter& headers) const override {
    const SpanContext& span = context.span().context();
    if (!span.IsValid()) return;
    const char* sampled = span.IsSampled() ? "1" : "0";
    if (sends_single_) {
      const char* state = context.is_debug() ? "d" : sampled;
      headers.Set("b3", span.trace_id().ToHex() + "-" + span.span_id().ToHex() + "-" + state);
      return;
    }
    headers.Set("X-B3-TraceId", span.trace_id().ToHex());
    headers.Set("X-B3-SpanId", span.span_id().ToHex());
    if (context.is_debug()) {
      headers.Set("X-B3-Flags", "1");  // which implies sampled, and must stand alone
    } else {
      headers.Set("X-B3-Sampled", sampled);
    }
  }

  Context Extract(const HeaderReader& headers, Context context) const override {
    auto caller = ReadSingle(One(headers, "b3"));
    if (!caller) caller = ReadMulti(headers);
    if (!caller) return context;
    return context.With(Span(std::move(caller->context))).WithDebug(caller->is_debug);
  }

  std::vector<std::string> Fields() const override {
    if (sends_single_) return {"b3"};
    return {"X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled", "X-B3-Flags"};
  }

 private:
  const bool sends_single_;
};

}  // namespace

PropagatorPtr B3SinglePropagator() { return std::make_shared<B3>(true); }
PropagatorPtr B3MultiPropagator() { return std::make_shared<B3>(false); }

}  // namespace spoor::trace
