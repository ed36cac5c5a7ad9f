// Jaeger's header: https://www.jaegertracing.io/sdk-migration/#propagation-format
#include "api/propagator.h"
#include "trace/environment.h"
#include "trace/hex.h"

namespace spoor::trace {
namespace {

constexpr const char* kHeader = "uber-trace-id";
constexpr uint64_t kSampled = 1, kDebug = 2;  // of its flags

// "trace:span:parent:flags", of hex digits without leading zeros or with, perhaps percent-encoded.
std::optional<Context> Read(std::string_view header, const Context& around) {
  const std::string text = environment::PercentDecode(environment::Trim(header)).value_or("");
  std::string_view parts[4];
  std::string_view rest = text;
  for (size_t i = 0; i < 4; ++i) {
    const size_t colon = rest.find(':');
    if ((colon == std::string_view::npos) != (i == 3)) return {};
    parts[i] = rest.substr(0, colon);
    rest.remove_prefix(i == 3 ? rest.size() : colon + 1);
  }
  if (parts[0].empty() || parts[0].size() > 32 || parts[1].empty() || parts[1].size() > 16) return {};
  const auto trace_id = TraceId::FromHex(std::string(32 - parts[0].size(), '0').append(parts[0]));
  const auto span_id = SpanId::FromHex(std::string(16 - parts[1].size(), '0').append(parts[1]));
  uint64_t flags = 0;
  if (!trace_id || !span_id || !ReadHex64(parts[3], flags)) return {};
  const uint8_t sampled = (flags & (kSampled | kDebug)) != 0 ? trace_flags::kSampled : 0;
  return around.With(Span(SpanContext(*trace_id, *span_id, sampled, true))).WithDebug((flags & kDebug) != 0);
}

class Jaeger final : public Propagator {
 public:
  void Inject(const Context& context, HeaderWriter& headers) const override {
    const SpanContext& span = context.span().context();
    if (!span.IsValid()) return;
    const uint64_t flags = context.is_debug() ? kSampled | kDebug : span.IsSampled() ? kSampled : 0;
    headers.Set(kHeader,
                span.trace_id().ToHex() + ":" + span.span_id().ToHex() + ":0:" + static_cast<char>('0' + flags));
  }
  Context Extract(const HeaderReader& headers, Context context) const override {
    const auto values = headers.Values(kHeader);
    if (values.empty()) return context;
    return Read(values[0], context).value_or(context);
  }
  std::vector<std::string> Fields() const override { return {kHeader}; }
};

}  // namespace

PropagatorPtr JaegerPropagator() { return std::make_shared<Jaeger>(); }

}  // namespace spoor::trace
