// LiveIndex: which rows of a list of batches belong to which trace. Made by those who ask, never by those who write.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "model/ids.h"
#include "model/span_batch.h"

namespace spoor {

struct RowRef {
  uint32_t batch = 0;  // index in the list
  uint32_t row = 0;
};

// Not thread-safe.
class LiveIndex {
 public:
  // The rows of one trace each, in the order of the list: rows[begin[t], begin[t + 1]) are those of ids[t].
  struct Groups {
    std::vector<TraceId> ids;
    std::vector<uint32_t> begin;
    std::vector<RowRef> rows;
  };

  // Takes in the batches of a list beyond those it has. The list only grows.
  void Extend(std::span<const std::shared_ptr<const SpanBatch>> more);

  uint32_t batch_count() const { return static_cast<uint32_t>(batch_begin_.size()) - 1; }
  uint32_t trace_count() const { return static_cast<uint32_t>(ids_.size()); }

  // Ordinals count the traces by first sight.
  uint32_t TraceOf(RowRef row) const { return trace_of_row_[batch_begin_[row.batch] + row.row]; }
  TraceId id(uint32_t trace) const { return ids_[trace]; }
  // Of the rows that are here.
  uint64_t start_ns(uint32_t trace) const { return start_ns_[trace]; }

  std::optional<uint32_t> Find(TraceId id) const;
  // The rows of a trace, in the order of the list. Writes over `rows`.
  void RowsOf(uint32_t trace, std::vector<RowRef>& rows) const;

  // The batches with a row of `id`, ascending.
  std::vector<uint32_t> BatchesOf(TraceId id) const;
  Groups GroupRows() const;

 private:
  uint32_t Ordinal(TraceId id);
  // The batch of a row that is counted over all of them.
  uint32_t BatchOf(uint32_t row) const;

  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> ordinals_;
  std::vector<TraceId> ids_;
  std::vector<uint64_t> start_ns_;
  std::vector<uint32_t> last_row_;      // of each trace, over all batches
  std::vector<uint32_t> trace_of_row_;  // over all batches
  std::vector<uint32_t> row_before_;    // of the same trace, or kNone
  std::vector<uint32_t> batch_begin_{0};

  static constexpr uint32_t kNone = UINT32_MAX;
};

}  // namespace spoor
