// What a provider knows of a BatchProcessor: its queue, so that ended spans get there without a detour.
#pragma once

#include "api/span_processor.h"
#include "trace/span_queue.h"

namespace spoor::trace {

// Null where the processor is another one.
SpanQueue* QueueOf(SpanProcessor& processor) noexcept;

}  // namespace spoor::trace
