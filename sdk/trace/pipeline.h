// Pipeline: the settings of a provider at one moment, as tracers read them without a lock; TracerState: a tracer.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "api/finished_span.h"
#include "api/tracer_provider.h"
#include "trace/attribute_list.h"
#include "trace/sampling_plan.h"

namespace spoor::trace {

class SpanQueue;

// Immutable. Never freed: spans and tracers may hold it for as long as they like.
struct Pipeline {
  SamplingPlan sampling;  // of `sampler`
  bool is_usual = true;   // no slot of `sampling` asks, and there are no `ids`
  Resource resource;
  SamplerPtr sampler;
  std::vector<SpanProcessorPtr> processors;
  // The queue of the one processor there is, where that is a BatchProcessor: ended spans are then handed over without a
  // detour. Null otherwise.
  SpanQueue* sole_queue = nullptr;
  SpanLimits limits;
  std::shared_ptr<IdGenerator> ids;  // null: ThreadRandom()

  AttributeLimits attribute_limits() const noexcept {
    return {limits.attributes_max, limits.attribute_value_characters_max};
  }
};

// One for each provider and instrumentation scope. Never freed.
struct TracerState {
  InstrumentationScope scope;
  std::atomic<const Pipeline*> pipeline{nullptr};  // null: spans do not record
};

}  // namespace spoor::trace
