// PageEncoder: cuts the rows of a block into pages and encodes each: a strip a column, and the directory of the strips.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "block/byte_writer.h"
#include "block/number_encoding.h"
#include "block/page_input.h"
#include "block/span_order.h"
#include "block/text_filter.h"
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
  PageEncoder(const PageInput& input, const SpanOrder& order, const AssembledTraces& traces);

  // Encodes the page that begins at row `begin`, and replaces `directory` and `strips` by its bytes. The entry lacks
  // only its offset. REQUIRES that the batches are there in which the next kPageRowsMax rows stand, and that the
  // parents of these are known.
  PageEntry Encode(uint32_t begin, ByteWriter& directory, ByteWriter& strips);
  // Has the texts of the raw columns of all pages so far; the writer ends its pages.
  TextFilterBuilder& text_filter() { return text_filter_; }

 private:
  using Ids = MergedInput::BatchIds;
  // What becomes a strip: the cells of an attribute column in the current page.
  struct Cells {
    std::vector<uint64_t> numbers;
    std::vector<std::string_view> texts;  // of raw columns
    NumberHints hints;
  };

  uint32_t FindEnd(uint32_t begin) const;
  size_t RawTextBytes(const SpanBatch& batch, const Ids& ids, uint32_t row) const;
  size_t RawListBytes(size_t owner, const SpanBatch& batch, const Ids& ids, const AttributeListColumns& lists,
                      uint32_t i) const;
  void OrderRows();
  uint32_t EarlierParent(uint32_t row) const;
  void WriteTimes();
  void WriteParents();
  void WriteResources();
  void WriteSpanColumns();
  void WriteEvents();
  void WriteLinks();
  void CollectLists(size_t owner, const SpanBatch& batch, const Ids& ids, const AttributeListColumns& lists,
                    uint32_t first, uint32_t last);
  void PrefetchList(SpanPlace place) const;
  void WriteAttributes();

  bool is_raw(size_t text_column) const { return input_.is_raw[text_column]; }
  const SpanBatch& batch_of(SpanPlace place) const { return *input_.batches[place.batch]; }
  const Ids& ids_of(SpanPlace place) const { return *input_.ids[place.batch]; }

  // Writes the strip of numbers_ and empties it.
  void WriteNumbers(block_layout::FixedColumn column);
  void WriteStrip(uint32_t column, std::vector<uint64_t>& numbers, NumberHints& hints);
  void WriteTextStrip(uint32_t column, ValueType type, std::vector<std::string_view>& texts);
  void AddEntry(uint32_t column, size_t count, NumberStatistics statistics, size_t strip_begin);
  // Writes `get(batch, ids, row)` of all `places`.
  template <class Get>
  void WriteEach(block_layout::FixedColumn column, std::span<const SpanPlace> places, Get get);
  // Writes the text whose code is `get(batch, row)` of all `places`.
  template <class Get>
  void WriteEachText(size_t text_column, std::span<const SpanPlace> places, Get get);

  const PageInput& input_;
  const SpanOrder& order_;
  const AssembledTraces& traces_;
  std::array<NumberHints, block_layout::kFixedColumnCount> hints_{};
  std::vector<Cells> cells_;  // by attribute column

  // The current page: its rows, and where its spans stand, by row and by name.
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  std::span<const SpanPlace> by_row_;
  std::vector<SpanPlace> by_name_;
  std::vector<uint32_t> rows_by_name_;  // the same, as rows of the page
  // The events (links) of the page, by name: their batch and which of it they are.
  std::vector<SpanPlace> children_;

  uint64_t start_min_ns_ = 0;
  uint64_t start_max_ns_ = 0;
  std::vector<uint64_t> numbers_;
  std::vector<std::string_view> texts_;
  uint32_t strip_count_ = 0;
  uint32_t last_column_ = 0;
  ByteWriter entries_;
  ByteWriter* strips_ = nullptr;
  TextFilterBuilder text_filter_;
};

}  // namespace spoor
