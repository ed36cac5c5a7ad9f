// All spans of a store, or those of some traces, one batch after the other: what is written out to be read elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/damage_log.h"
#include "store/view.h"

namespace spoor {

// Traces of which one span is of one of the services (any, where none is named) and starts within the window, both ends
// inclusive. They are whole, whatever else their spans are.
struct ExportQuestion {
  uint64_t start_min_ns = 0;
  uint64_t start_max_ns = UINT64_MAX;
  std::vector<std::string> services;

  bool is_everything() const { return start_min_ns == 0 && start_max_ns == UINT64_MAX && services.empty(); }
};

// Gets some rows of a batch, and how many of all spans were looked at by then. An error ends it.
using VisitRows = std::function<Status(const SpanBatch& batch, std::span<const uint32_t> rows, uint64_t spans_done)>;

// Visits every span that is asked for, as often as it is stored: one that was sent twice may come twice. Older blocks
// come first, live spans last. Pages that cannot be read are reported and left out, and counted in `unreadable`. Holds
// a page, and the ids of the traces that match.
Status VisitSpans(const View& view, const ExportQuestion& question, DamageLog& damage, uint64_t& unreadable,
                  const VisitRows& visit);

}  // namespace spoor
