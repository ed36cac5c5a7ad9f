// ColumnPlan: what is decided once all spans of a block were looked at: which attribute keys get a column of their own,
// which columns hold their texts themselves, and the dictionary of all other strings, sorted.
#pragma once

#include <cstdint>
#include <vector>

#include "block/block_layout.h"
#include "block/merged_input.h"

namespace spoor {

struct ColumnPlan {
  explicit ColumnPlan(const MergedInput& input);

  static constexpr uint32_t kNoCode = UINT32_MAX;

  // The dictionary: string ids by code. Codes below text_count are texts, ascending by their bytes; the others are
  // bytes and nested values, ascending too.
  std::vector<uint32_t> id_of_code;
  uint32_t text_count = 0;
  std::vector<uint32_t> code_of_id;  // kNoCode for what only raw columns hold

  std::vector<block_layout::AttributeColumn> columns;  // by owner, then key, rare keys last, then type
  std::vector<uint32_t> column_of_use;                 // by use; those of fixed columns are meaningless

 private:
  void MakeDictionary(const MergedInput& input);
  void MakeColumns(const MergedInput& input);
};

}  // namespace spoor
