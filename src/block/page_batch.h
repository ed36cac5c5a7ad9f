// PageBatch: a whole page of a block as a batch whose numbers are those of the block, and not of a dictionary of its
// own: what merging blocks needs, at a fraction of the price of RowReader.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "block/page_reader.h"
#include "model/span_batch.h"

namespace spoor {

// Which texts are to stand in the batch itself, by what they are in the block that is written. Where a column of the
// page is raw, it must be raw there, too.
struct RawTargets {
  std::array<bool, kTextColumns.size()> text{};
  std::array<std::vector<bool>, kListOwners> field;  // by owner and field of the page's block
};

// Immutable once read. Codes, shapes, resources and scopes are those of the block; only what RawTargets names are codes
// of the batch's own strings. Trace ids are left out.
class PageBatch {
 public:
  // `sections` are of the page's block. Reads all of the page at once. Errors name file, page, column and offset.
  static Result<std::shared_ptr<const PageBatch>> Read(PageReader page, const BlockSections& sections,
                                                       const RawTargets& raw);

  const SpanBatch& batch() const { return batch_; }
  // Of every row, its parent's row of the block, or UINT32_MAX.
  const std::vector<uint32_t>& parent_rows() const { return parent_rows_; }
  size_t size_bytes() const { return size_bytes_; }

 private:
  class Reader;
  struct Lists {
    std::vector<uint32_t> shape, value_begin;
  };

  PageBatch() = default;
  void SetViews(const BlockTables& tables);

  SpanBatch batch_;
  std::shared_ptr<const BlockTables> tables_;
  std::vector<uint32_t> parent_rows_;
  std::vector<uint64_t> span_id_, parent_span_id_, start_ns_, end_ns_;
  std::vector<uint32_t> name_, trace_state_, status_message_, flags_, resource_, scope_;
  std::vector<uint32_t> dropped_attributes_, dropped_events_, dropped_links_, event_begin_, link_begin_;
  std::vector<uint8_t> kind_, status_code_;
  std::vector<uint64_t> event_time_ns_, link_trace_id_high_, link_trace_id_low_, link_span_id_;
  std::vector<uint32_t> event_name_, event_dropped_, link_trace_state_, link_flags_, link_dropped_;
  std::array<Lists, kListOwners> lists_;
  std::vector<uint64_t> values_;
  std::vector<uint32_t> string_end_{0};
  std::vector<char> string_bytes_;
  size_t size_bytes_ = 0;
};

}  // namespace spoor
