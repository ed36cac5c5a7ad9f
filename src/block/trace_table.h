// TraceTable: a row a trace of a block, with all that result lists show. Holds its texts itself, so that a list touches
// neither spans nor dictionary.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/byte_writer.h"
#include "block/text_encoding.h"
#include "model/ids.h"
#include "model/trace.h"

namespace spoor {

struct TraceTable {
  std::vector<uint64_t> id_high, id_low, start_ns, end_ns;
  std::vector<uint32_t> row_begin;  // size() + 1
  std::vector<uint32_t> span_count, error_count, orphan_count;
  std::vector<uint8_t> root_missing;              // 0 or 1
  std::vector<uint32_t> root_service, root_name;  // of `texts`
  // The services of trace t: service_begin[t] .. service_begin[t + 1], in the order in which they are shown.
  std::vector<uint32_t> service_begin;
  std::vector<uint32_t> service, service_spans, service_errors;
  TextColumn texts;
  std::vector<uint32_t> slots;  // ordinal + 1 by hash of the id, or 0; in memory only

  uint32_t size() const { return static_cast<uint32_t>(id_high.size()); }
  TraceId id(uint32_t trace) const { return {id_high[trace], id_low[trace]}; }
  // The trace with that id.
  std::optional<uint32_t> Find(TraceId id) const;
  // Makes Find possible.
  void IndexIds();
  // The trace that has `row`.
  uint32_t TraceOfRow(uint32_t row) const;
  TraceSummary Summary(uint32_t trace) const;
  size_t size_bytes() const;
};

void EncodeTraceTable(const TraceTable& table, ByteWriter& out);

// The summary of one trace of a table, of which no more is decoded than it takes.
Result<TraceSummary> DecodeTraceSummary(std::span<const std::byte> bytes, uint32_t span_count, uint32_t trace);

// Checks everything: rows are those of `span_count` spans, and every index is inside of what it points into.
Result<TraceTable> DecodeTraceTable(std::span<const std::byte> bytes, uint32_t span_count);

}  // namespace spoor
