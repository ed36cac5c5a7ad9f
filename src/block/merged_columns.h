// What the columns of a merged block are: shapes, resources and scopes of all sources once each, which attribute keys
// have columns of their own, and which columns hold their texts themselves.
#pragma once

#include <cstdint>
#include <vector>

#include "block/block_tables.h"
#include "block/dictionary_merger.h"
#include "block/page_batch.h"
#include "block/page_input.h"

namespace spoor {

struct MergedColumns {
  ShapeMerger shapes;                      // keys are codes
  EntityTable resources, scopes;           // texts are codes
  std::vector<MergedInput::BatchIds> ids;  // by source: what its numbers are here
  ColumnTable columns;
  std::vector<RawTargets> raw;  // by source
  std::array<bool, kTextColumns.size()> is_raw{};
  std::array<std::vector<PageInput::Target>, kListOwners> target_of_field;
  std::array<bool, block_layout::kFixedColumnCount> all_zero{};
  bool counts_span_text = false;
};

// `codes`: of each source, what its codes are here. Reads the directories of all pages and, where keys are rare in all
// sources, the shapes of lists: together they may be enough for a column.
Result<MergedColumns> MergeColumns(MergeSources sources, std::vector<std::vector<uint32_t>> codes);

}  // namespace spoor
