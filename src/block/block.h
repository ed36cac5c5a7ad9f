// Block: reads an immutable block file. Opening reads and checks the footer, the trace filter and what else is small;
// all other pages are read with their checksums verified when a question touches them, through a bounded cache.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"
#include "block/page_cache.h"
#include "block/text_encoding.h"
#include "block/trace_bounds.h"
#include "model/span_batch.h"
#include "model/span_columns.h"
#include "model/trace.h"

namespace spoor {

// The columns of the trace summary table that ordering, counting and pruning read, a cell a trace, traces in order of
// their first start (then id). Trace t has rows row_begin[t] .. row_begin[t + 1] and the services service_begin[t] ..
// service_begin[t + 1]. Services are numbers of texts.
struct TraceColumns {
  std::span<const uint64_t> id_high, id_low, start_ns, end_ns;
  std::span<const uint32_t> row_begin;  // trace_count + 1
  std::span<const uint32_t> span_count, error_count;
  std::span<const uint8_t> root_missing;
  std::span<const uint32_t> root_service;
  std::span<const uint32_t> service_begin, service;
  const TextColumn* texts = nullptr;
  std::shared_ptr<const void> owner;
};

// Where traces begin, and when, a cell a trace: what starts and durations of spans are told by.
struct TraceTimes {
  std::span<const uint32_t> row_begin;  // and the number of rows
  std::span<const uint64_t> start_ns;
  std::span<const uint64_t> end_ns, duration_ns;  // one of the two

  uint64_t Duration(uint32_t trace) const {
    return duration_ns.empty() ? end_ns[trace] - start_ns[trace] : duration_ns[trace];
  }
  uint32_t TraceOfRow(uint32_t row) const;
};

// Where a text may stand in a block; it stands nowhere else.
struct TextPlaces {
  struct Pages {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  bool in_dictionary = false;  // then every page may have it
  std::vector<Pages> raw;      // pages that may have it outside of the dictionary, ascending

  bool any() const { return in_dictionary || !raw.empty(); }
  bool MayBeOn(uint32_t page) const;
};

// Thread-safe. Errors are kCorrupt ("block 00…42.block: page name/3 at 81920: checksum …") or kIo.
class Block {
 public:
  // `cache` outlives the block.
  static Result<std::shared_ptr<Block>> Open(FileSystem& files, const std::string& path, PageCache& cache);
  virtual ~Block() = default;

  virtual const BlockInfo& info() const = 0;
  virtual const std::string& path() const = 0;
  // Sorted by service, name, kind. Read at opening.
  virtual const std::vector<BlockOperation>& operations() const = 0;

  // False means that no trace of that id is here; true may be wrong once in about 250 times. No I/O.
  virtual bool MayHoldTrace(TraceId id) const = 0;
  // The trace's ordinal.
  virtual Result<std::optional<uint32_t>> FindTrace(TraceId id) = 0;
  virtual Result<TraceColumns> Traces() = 0;
  // What no trace of a page passes.
  virtual Result<std::shared_ptr<const TraceBounds>> Bounds() = 0;
  // The full summary of one trace, as far as this block's spans go. Reads no more than it takes, so that whoever wants
  // many of one block asks for Traces first.
  virtual Result<TraceSummary> Summary(uint32_t trace) = 0;

  // Pages are runs of rows, the unit of reading. Page p has rows page_begin(p) .. page_begin(p + 1).
  virtual uint32_t page_count() const = 0;
  virtual uint32_t page_begin(uint32_t page) const = 0;
  // Whether page p has a span that starts within the window, by its statistics. No I/O.
  virtual bool PageOverlaps(uint32_t page, uint64_t start_min_ns, uint64_t start_max_ns) const = 0;
  // Whether all of its spans do.
  virtual bool PageIsWithin(uint32_t page, uint64_t start_min_ns, uint64_t start_max_ns) const = 0;
  // The spans of a page; rows count from the page's first. The block must outlive them.
  Result<std::unique_ptr<SpanColumns>> Page(uint32_t page) { return Page(page, TraceTimes()); }
  // The same for those who have the times of the block's traces, and keep them for as long as the columns.
  virtual Result<std::unique_ptr<SpanColumns>> Page(uint32_t page, const TraceTimes& times) = 0;
  // Where conditions that need a text may find it. Reads a chunk of the dictionary, buckets of the text filter, and
  // the raw texts of the few pages that these name.
  virtual Result<TextPlaces> FindText(std::string_view text) = 0;
  // The types that values of a key have in the block, a bit each (1 << ValueType), whoever has them.
  virtual Result<uint32_t> TypesOfKey(std::string_view key) = 0;

  // Everything of the spans [begin, end), as a batch.
  virtual Result<std::shared_ptr<const SpanBatch>> ReadRows(uint32_t begin, uint32_t end) = 0;

  // Parent of every span of a page as a row of the block (the parent's row, always in the same trace), or kNoRow for
  // roots and orphans: for the service graph.
  static constexpr uint32_t kNoRow = UINT32_MAX;
  virtual Result<std::vector<uint32_t>> ParentRows(uint32_t page) = 0;
};

}  // namespace spoor
