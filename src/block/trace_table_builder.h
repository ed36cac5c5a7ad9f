// Assembles every trace of a block (model/trace_assembly.h): the summary table, and each span's parent.
#pragma once

#include <cstdint>
#include <vector>

#include "block/span_order.h"
#include "block/trace_table.h"

namespace spoor {

struct AssembledTraces {
  TraceTable table;
  std::vector<uint32_t> parent_row;  // by row; UINT32_MAX for roots and orphans
  std::vector<uint32_t> service;     // by row; of the table's texts
};

// The batches must be those that `order` was made of.
AssembledTraces AssembleTraces(Batches batches, const SpanOrder& order);

}  // namespace spoor
