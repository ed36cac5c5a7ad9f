#include "api/sampler.h"

#include <array>
#include <charconv>
#include <cmath>

#include "trace/sampling_plan.h"

namespace spoor::trace {
namespace {

// A sampler that decides alike for every parent.
class ByThreshold : public Sampler {
 public:
  explicit ByThreshold(uint64_t threshold) : slot_{threshold, nullptr} {}
  SamplingResult ShouldSample(const SamplingParameters& parameters) noexcept final {
    return {slot_.Samples(parameters.trace_id) ? SamplingDecision::kRecordAndSample : SamplingDecision::kDrop, {}, {}};
  }
  const SamplingSlot& slot() const { return slot_; }

 private:
  const SamplingSlot slot_;
};

class AlwaysOn final : public ByThreshold {
 public:
  AlwaysOn() : ByThreshold(0) {}
  std::string Description() const override { return "AlwaysOnSampler"; }
};

class AlwaysOff final : public ByThreshold {
 public:
  AlwaysOff() : ByThreshold(kRandomValues) {}
  std::string Description() const override { return "AlwaysOffSampler"; }
};

double Share(double ratio) { return !(ratio > 0) ? 0 : ratio > 1 ? 1 : ratio; }

class TraceIdRatio final : public ByThreshold {
 public:
  // Sampled are the ids from the threshold on, as in OpenTelemetry's consistent probability sampling, so that whoever
  // samples more samples all of these too.
  explicit TraceIdRatio(double ratio)
      : ByThreshold(kRandomValues -
                    static_cast<uint64_t>(std::llround(Share(ratio) * static_cast<double>(kRandomValues)))),
        ratio_(Share(ratio)) {}

  std::string Description() const override {
    char text[16];  // as "%f" in any locale
    const auto end = std::to_chars(text, text + sizeof(text), ratio_, std::chars_format::fixed, 6).ptr;
    return "TraceIdRatioBased{" + std::string(text, end) + "}";
  }

 private:
  const double ratio_;
};

class ParentBased final : public Sampler {
 public:
  explicit ParentBased(ParentBasedSlots slots) : slots_(std::move(slots)) {
    const auto use = [](SamplerPtr& slot, SamplerPtr (*instead)()) {
      if (slot == nullptr) slot = instead();
    };
    use(slots_.root, AlwaysOnSampler);
    use(slots_.remote_parent_sampled, AlwaysOnSampler);
    use(slots_.remote_parent_not_sampled, AlwaysOffSampler);
    use(slots_.local_parent_sampled, AlwaysOnSampler);
    use(slots_.local_parent_not_sampled, AlwaysOffSampler);
  }

  SamplingResult ShouldSample(const SamplingParameters& parameters) noexcept override {
    return SlotFor(parameters.parent).ShouldSample(parameters);
  }
  std::string Description() const override {
    return "ParentBased{root=" + slots_.root->Description() +
           ",remoteParentSampled=" + slots_.remote_parent_sampled->Description() +
           ",remoteParentNotSampled=" + slots_.remote_parent_not_sampled->Description() +
           ",localParentSampled=" + slots_.local_parent_sampled->Description() +
           ",localParentNotSampled=" + slots_.local_parent_not_sampled->Description() + "}";
  }
  // In the order of SamplingPlan::Case.
  std::array<Sampler*, 5> All() const {
    return {slots_.root.get(), slots_.remote_parent_sampled.get(), slots_.remote_parent_not_sampled.get(),
            slots_.local_parent_sampled.get(), slots_.local_parent_not_sampled.get()};
  }

 private:
  Sampler& SlotFor(const SpanContext& parent) const noexcept {
    if (!parent.IsValid()) return *slots_.root;
    if (parent.IsRemote()) {
      return parent.IsSampled() ? *slots_.remote_parent_sampled : *slots_.remote_parent_not_sampled;
    }
    return parent.IsSampled() ? *slots_.local_parent_sampled : *slots_.local_parent_not_sampled;
  }

  ParentBasedSlots slots_;
};

SamplingSlot SlotOf(Sampler& sampler) {
  const auto* known = dynamic_cast<const ByThreshold*>(&sampler);
  return known != nullptr ? known->slot() : SamplingSlot{0, &sampler};
}

}  // namespace

SamplingPlan PlanOf(Sampler& sampler) {
  SamplingPlan plan;
  const auto* parent_based = dynamic_cast<const ParentBased*>(&sampler);
  if (parent_based == nullptr) {
    plan.slots.fill(SlotOf(sampler));
    return plan;
  }
  const auto samplers = parent_based->All();
  for (size_t i = 0; i < samplers.size(); ++i) plan.slots[i] = SlotOf(*samplers[i]);
  return plan;
}

SamplerPtr AlwaysOnSampler() { return std::make_shared<AlwaysOn>(); }
SamplerPtr AlwaysOffSampler() { return std::make_shared<AlwaysOff>(); }
SamplerPtr TraceIdRatioSampler(double ratio) { return std::make_shared<TraceIdRatio>(ratio); }
SamplerPtr ParentBasedSampler(ParentBasedSlots slots) { return std::make_shared<ParentBased>(std::move(slots)); }

}  // namespace spoor::trace
