// What a block adds to the counts of all that stands before it.
#pragma once

#include <memory>
#include <span>

#include "base/result.h"
#include "model/rollup.h"
#include "plan/trace_store.h"
#include "store/split_counter.h"
#include "store/straddlers.h"

namespace spoor {

// `alone`: what was counted of the block by itself; where that is null, it is read from the block. `before`: all parts
// that stand before it. What cannot be read of other parts is noted in `trouble` and left out; errors are kCancelled,
// or what keeps the block itself from being counted.
Result<std::shared_ptr<const Rollup>> CountBlockAfter(const std::shared_ptr<Block>& block,
                                                      std::shared_ptr<const Rollup> alone,
                                                      std::span<const CountedPart> before, const Straddlers& straddlers,
                                                      const QueryContext& context, ReadTrouble& trouble);

}  // namespace spoor
