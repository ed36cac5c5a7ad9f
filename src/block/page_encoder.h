// PageEncoder: cuts the rows of a block into pages and encodes each: a strip a column, and the directory of the strips.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "block/byte_writer.h"
#include "block/column_plan.h"
#include "block/merged_input.h"
#include "block/number_encoding.h"
#include "block/span_order.h"
#include "block/trace_table_builder.h"

namespace spoor {

// What the block's list of pages says of one.
struct PageEntry {
  uint64_t offset = 0;  // of its directory; the strips follow it
  uint32_t directory_bytes = 0;
  uint32_t directory_checksum = 0;
  uint32_t row_count = 0;
  uint32_t strip_bytes = 0;
  uint64_t start_min_ns = 0;
  uint64_t start_max_ns = 0;
};

// One thread's at a time. Everything it is made of must outlive it; the strings of `input` must be codes by now.
class PageEncoder {
 public:
  PageEncoder(const MergedInput& input, const SpanOrder& order, const ColumnPlan& plan, const AssembledTraces& traces);

  // Encodes the page that begins at row `begin`, and replaces `directory` and `strips` by its bytes. The entry lacks
  // only its offset.
  PageEntry Encode(uint32_t begin, ByteWriter& directory, ByteWriter& strips);

 private:
  // What becomes a strip: the cells of an attribute column in the current page.
  struct Cells {
    std::vector<uint64_t> numbers;
    std::vector<std::string_view> texts;  // of raw columns
    bool touched = false;
    NumberHints hints;
  };

  void CollectAttributes(uint32_t begin);
  void CollectRow(const SpanBatch& batch, const MergedInput::BatchIds& ids, uint32_t row);
  void CollectList(int owner, const SpanBatch& batch, const MergedInput::BatchIds& ids,
                   const AttributeListColumns& lists, uint32_t i);
  void WriteSpanColumns();
  void WriteTimes();
  void WriteParents();
  void WriteEvents();
  void WriteLinks();
  void WriteAttributes();

  // Writes the strip of numbers_ and empties it.
  void WriteNumbers(block_layout::FixedColumn column);
  void WriteStrip(uint32_t column, std::vector<uint64_t>& numbers, NumberHints& hints);
  void WriteTextStrip(uint32_t column, std::vector<std::string_view>& texts);
  void AddEntry(uint32_t column, size_t count, NumberStatistics statistics, size_t strip_begin);
  // `get(batch, ids, row)` for every row of the page.
  template <class Get>
  void WriteEachSpan(block_layout::FixedColumn column, Get get);
  template <class Get>
  void WriteEachText(block_layout::FixedColumn column, int text_column, Get get);
  // `visit(batch, ids, first, last)` for the events (links) of every span of the page that has any.
  template <class Visit>
  void VisitChildren(std::span<const uint32_t> SpanBatch::* begins, Visit visit);

  const MergedInput& input_;
  const SpanOrder& order_;
  const ColumnPlan& plan_;
  const AssembledTraces& traces_;
  // By owner and merged field: the attribute column.
  std::array<std::vector<uint32_t>, kListOwners> column_of_field_;
  // Fixed columns that are zero in all of the input.
  std::array<bool, block_layout::kFixedColumnCount> all_zero_{};
  std::array<NumberHints, block_layout::kFixedColumnCount> hints_{};
  std::vector<Cells> cells_;
  std::vector<uint32_t> touched_;  // attribute columns with cells in the current page

  // The current page.
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  size_t page_cells_ = 0;
  size_t page_text_bytes_ = 0;
  bool has_events_ = false;
  bool has_links_ = false;
  uint64_t start_min_ns_ = 0;
  uint64_t start_max_ns_ = 0;
  std::vector<uint64_t> numbers_;
  std::vector<std::string_view> texts_;
  uint32_t strip_count_ = 0;
  uint32_t last_column_ = 0;
  ByteWriter entries_;
  ByteWriter* strips_ = nullptr;
};

}  // namespace spoor
