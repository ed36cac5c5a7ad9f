// TraceBounds: for each page, how long, large and faulty its traces are at most, in all and of each service: so that a
// search for the longest traces opens only the pages that can have them. docs/formats/block.md, "Trace bounds".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "block/byte_writer.h"
#include "block/text_encoding.h"
#include "block/trace_table.h"

namespace spoor {

// Of the traces that have a span on a page, as far as the block's spans go.
struct TraceBoundsEntry {
  uint32_t service = 0;  // number of TraceBounds::services; kAll for all traces of the page
  uint64_t start_max_ns = 0;
  uint64_t duration_min_ns = UINT64_MAX;
  uint64_t duration_max_ns = 0;
  uint32_t span_count_max = 0;
  uint32_t error_count_max = 0;
};

struct TraceBounds {
  static constexpr uint32_t kAll = UINT32_MAX;

  TextColumn services;
  std::vector<uint32_t> entry_begin{0};   // of page p: entry_begin[p] .. entry_begin[p + 1]
  std::vector<TraceBoundsEntry> entries;  // the first of a page is of kAll, then by service

  std::optional<uint32_t> FindService(std::string_view name) const;
  // Null where the page has no trace of the service.
  const TraceBoundsEntry* Of(uint32_t page, uint32_t service) const;
  size_t size_bytes() const;
};

// `page_begin`: the first row of each page, and the number of rows.
TraceBounds MakeTraceBounds(const TraceTable& traces, std::span<const uint32_t> page_begin);

void EncodeTraceBounds(const TraceBounds& bounds, ByteWriter& out);
Result<TraceBounds> DecodeTraceBounds(std::span<const std::byte> bytes, uint32_t page_count);

}  // namespace spoor
