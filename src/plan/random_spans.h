// Random spans and filters from small vocabularies, so that chance meetings (equal names, shared ids, duplicate keys,
// the same text in several types) are frequent. Test support: the server does not use it.
#pragma once

#include <cstdint>
#include <memory>
#include <random>

#include "model/span_batch.h"
#include "plan/filter.h"

namespace spoor {

using Random = std::mt19937_64;

// A batch of 1 to `spans_max` spans of up to four traces, starting between kRandomStartNs and kRandomStartNs + 999.
inline constexpr uint64_t kRandomStartNs = 1'700'000'000'000'000'000;
std::shared_ptr<const SpanBatch> RandomBatch(Random& random, uint32_t spans_max);

// A filter that random spans fulfil now and then, nested at most `depth` deep.
Filter RandomFilter(Random& random, int depth);

}  // namespace spoor
