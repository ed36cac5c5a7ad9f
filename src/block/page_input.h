// PageInput: what pages are encoded from: batches, what their numbers mean in the block, and which column each
// attribute goes to.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "block/block_layout.h"
#include "block/column_plan.h"
#include "block/merged_input.h"
#include "block/shape_merger.h"
#include "block/span_order.h"

namespace spoor {

// Views of what it was made of, which outlives it.
struct PageInput {
  enum class CellKind : uint8_t { kNumber, kCode, kRawText };
  // Where the cells of a field go.
  struct Target {
    uint32_t column = 0;
    CellKind kind = CellKind::kNumber;
  };

  Batches batches;
  // Of each batch. The strings of those columns that are raw stand in the batch.
  std::vector<const MergedInput::BatchIds*> ids;
  const ShapeMerger& shapes;
  std::array<bool, kTextColumns.size()> is_raw{};                // by text column
  std::array<std::vector<Target>, kListOwners> target_of_field;  // by field of `shapes`
  std::span<const block_layout::AttributeColumn> columns;
  // Fixed columns that are zero in all batches.
  std::array<bool, block_layout::kFixedColumnCount> all_zero{};
  bool counts_span_text = false;  // raw texts of spans may be so long that pages must be cut for them
};

// `input` and `plan` must outlive it.
PageInput MakePageInput(const MergedInput& input, const ColumnPlan& plan);

}  // namespace spoor
