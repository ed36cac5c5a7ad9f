// WholeTraces: the traces that no single block can tell everything of, put together: those that stand in several
// blocks (straddlers), and those with live spans.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "plan/trace_store.h"
#include "store/straddlers.h"
#include "store/trace_facts.h"
#include "store/view.h"

namespace spoor {

struct WholeTraces {
  TraceFacts facts;
  std::vector<uint64_t> last_start_ns;  // the latest start of a span, by trace
  std::vector<uint8_t> unreadable;      // 1: of a part nothing is known, so that the trace must not be shown

  // Where parts stand in blocks: by index of the block in the view, (ordinal there, trace here), ascending.
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> in_block;
  // The live batches of all live blocks, oldest first, and which traces have spans there.
  Batches live_batches;
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> live;
};

// What is wrong is told to `miss`, which says whether to go on. Catches up with straddlers first.
Result<WholeTraces> FindWholeTraces(const View& view, Straddlers& straddlers, const QueryContext& context,
                                    const std::function<Status(Error)>& miss);

}  // namespace spoor
