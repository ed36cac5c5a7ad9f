#include <algorithm>

#include "api/tracer_provider.h"
#include "trace/environment.h"

namespace spoor::trace {
namespace {

void Read(const char* name, uint32_t& limit) {
  if (const auto number = environment::Number(name)) {
    limit = static_cast<uint32_t>(std::min<uint64_t>(*number, SpanLimits::kNone));
  }
}

}  // namespace

SpanLimits SpanLimits::FromEnvironment() {
  SpanLimits limits;
  Read("OTEL_ATTRIBUTE_COUNT_LIMIT", limits.attributes_max);
  Read("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.attribute_value_characters_max);
  limits.event_attributes_max = limits.link_attributes_max = limits.attributes_max;
  Read("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limits.attributes_max);
  Read("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.attribute_value_characters_max);
  Read("OTEL_SPAN_EVENT_COUNT_LIMIT", limits.events_max);
  Read("OTEL_SPAN_LINK_COUNT_LIMIT", limits.links_max);
  Read("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", limits.event_attributes_max);
  Read("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", limits.link_attributes_max);
  return limits;
}

}  // namespace spoor::trace
