// Sampler: decides, when a span begins, whether it is recorded and sent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "span.h"

namespace spoor::trace {

enum class SamplingDecision : uint8_t {
  kDrop,            // not recorded
  kRecordOnly,      // processors see it, exporters do not
  kRecordAndSample  // and the sampled flag is set
};

struct SamplingParameters {
  const SpanContext& parent;  // not valid for a new trace
  TraceId trace_id;
  std::string_view name;
  SpanKind kind = SpanKind::kInternal;
  Attributes attributes;
  ListView<Link> links;
};

struct SamplingResult {
  SamplingDecision decision = SamplingDecision::kDrop;
  Attributes attributes = {};                            // beside those of the span; owned by the sampler
  std::optional<TraceState> trace_state = std::nullopt;  // nothing: the parent's
};

// Thread-safe; must not throw.
class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual SamplingResult ShouldSample(const SamplingParameters& parameters) noexcept = 0;
  // "ParentBased{…}".
  virtual std::string Description() const = 0;
};

using SamplerPtr = std::shared_ptr<Sampler>;

SamplerPtr AlwaysOnSampler();
SamplerPtr AlwaysOffSampler();
// A share of all traces, decided by the low 56 bits of the trace id, so that every service that has the same share or
// more decides alike. Below 0 counts as 0, above 1 as 1.
SamplerPtr TraceIdRatioSampler(double ratio);

// Follows the parent's sampled flag; new traces go by `root`. The four other slots replace following, each in its case.
// A slot that is null is as it was: always on for `root`.
struct ParentBasedSlots {
  SamplerPtr root;
  SamplerPtr remote_parent_sampled = AlwaysOnSampler();
  SamplerPtr remote_parent_not_sampled = AlwaysOffSampler();
  SamplerPtr local_parent_sampled = AlwaysOnSampler();
  SamplerPtr local_parent_not_sampled = AlwaysOffSampler();
};
SamplerPtr ParentBasedSampler(ParentBasedSlots slots);

}  // namespace spoor::trace
