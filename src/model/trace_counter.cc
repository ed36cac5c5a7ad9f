#include "model/trace_counter.h"

namespace spoor {

void SeriesFinder::Append(const SpanBatch& batch, std::vector<uint32_t>& series) {
  services_.clear();
  for (const StringCode code : batch.resource_service_name) services_.push_back(builder_.Text(batch.String(code)));
  last_.assign(batch.string_count(), Last());
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    Last& last = last_[batch.name[row]];
    const uint64_t rest = uint64_t{batch.resource[row]} << 16 | uint64_t{batch.kind[row]} << 8 | batch.status_code[row];
    if (last.rest != rest) {
      if (last.text == UINT32_MAX) last.text = builder_.Text(batch.String(batch.name[row]));
      last.rest = rest;
      last.series =
          builder_.SpanSeries(services_[batch.resource[row]], last.text, batch.kind[row], batch.status_code[row]);
    }
    series.push_back(last.series);
  }
}

void CountTrace(std::span<const AssemblySpan> inputs, std::span<const uint32_t> series, const Assembly& assembly,
                int32_t times, RollupBuilder& builder) {
  for (const AssembledSpan& span : assembly.spans) {
    const AssemblySpan& one = inputs[span.input];
    const uint64_t duration_ns = DurationNs(one.start_ns, one.end_ns);
    builder.Add(series[span.input], one.start_ns, duration_ns, times);
    if (span.parent == AssembledSpan::kNoParent) continue;
    builder.AddCall(series[assembly.spans[span.parent].input], series[span.input], one.start_ns, duration_ns, times);
  }
}

}  // namespace spoor
