// SamplingPlan: a sampler as tracers go by it. The samplers of this library all come down to a threshold in each of
// five cases, which a tracer compares on the spot; only others are called.
#pragma once

#include <array>
#include <cstdint>

#include "api/sampler.h"

namespace spoor::trace {

inline constexpr uint64_t kRandomValues = uint64_t{1} << 56;  // of the low 56 bits of a trace id

struct SamplingSlot {
  // Sampled are the ids whose low 56 bits are not below it: 0 is all, kRandomValues none.
  uint64_t threshold = 0;
  Sampler* ask = nullptr;  // who decides instead

  bool Samples(TraceId trace_id) const noexcept { return (trace_id.low & (kRandomValues - 1)) >= threshold; }
};

struct SamplingPlan {
  enum Case : uint8_t { kRoot, kRemoteSampled, kRemoteNotSampled, kLocalSampled, kLocalNotSampled };
  std::array<SamplingSlot, 5> slots;

  const SamplingSlot& For(const SpanContext& parent) const noexcept {
    if (!parent.IsValid()) return slots[kRoot];
    return slots[(parent.IsRemote() ? kRemoteSampled : kLocalSampled) + (parent.IsSampled() ? 0 : 1)];
  }
};

inline bool AsksNobody(const SamplingPlan& plan) noexcept {
  for (const SamplingSlot& slot : plan.slots) {
    if (slot.ask != nullptr) return false;
  }
  return true;
}

// REQUIRES that the sampler lives as long as the plan.
SamplingPlan PlanOf(Sampler& sampler);

}  // namespace spoor::trace
