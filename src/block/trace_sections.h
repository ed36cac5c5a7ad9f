// The sections of a block that tell of its traces: their table, the filter of their ids, and their bounds by page.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "block/block_appender.h"
#include "block/trace_table.h"

namespace spoor {

// `page_begin`: the first row of each page, and the number of rows.
Status AppendTraceSections(const TraceTable& traces, std::span<const uint32_t> page_begin, BlockAppender& appender);

}  // namespace spoor
