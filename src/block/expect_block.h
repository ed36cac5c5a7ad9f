// What a block must answer, found out the slow way from the batches that it was made of. For tests only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/fault_file_system.h"
#include "block/block.h"
#include "block/block_writer.h"
#include "model/trace.h"

namespace spoor {

using Input = std::vector<std::shared_ptr<const SpanBatch>>;

// A row of a batch.
struct Row {
  const SpanBatch* batch;
  uint32_t row;
};

inline std::vector<Row> RowsOf(const Input& batches) {
  std::vector<Row> rows;
  for (const auto& batch : batches) {
    for (uint32_t row = 0; row < batch->span_count(); ++row) rows.push_back({batch.get(), row});
  }
  return rows;
}

// What a block must hold, found out the slow way.
inline std::vector<Row> SortedDistinct(const Input& batches) {
  std::vector<Row> rows;
  std::map<uint64_t, std::vector<Row>> alike;
  for (const Row& row : RowsOf(batches)) {
    std::vector<Row>& others = alike[SpanContentHash(*row.batch, row.row)];
    const bool known = std::ranges::any_of(
        others, [&](const Row& other) { return SameSpan(*row.batch, row.row, *other.batch, other.row); });
    if (known) continue;
    rows.push_back(row);
    others.push_back(row);
  }
  std::map<TraceId, uint64_t> first_start;
  for (const Row& row : rows) {
    const auto [at, is_new] = first_start.try_emplace(row.batch->trace_id(row.row), row.batch->start_ns[row.row]);
    if (!is_new) at->second = std::min(at->second, row.batch->start_ns[row.row]);
  }
  std::vector<size_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](size_t i) {
    const auto& [batch, row] = rows[i];
    const TraceId id = batch->trace_id(row);
    return std::tuple(first_start[id], id, batch->start_ns[row], batch->span_id[row], i);
  });
  std::vector<Row> sorted;
  for (const size_t i : order) sorted.push_back(rows[i]);
  return sorted;
}

// Compares everything that the two say of a span column by column.
inline void ExpectSameColumns(SpanColumns& a, SpanColumns& b, const std::set<std::string>& keys) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto column : {Fixed64::kTraceIdHigh, Fixed64::kTraceIdLow, Fixed64::kSpanId, Fixed64::kParentSpanId,
                            Fixed64::kStartNs, Fixed64::kEndNs}) {
    const auto in_a = a.Get(column), in_b = b.Get(column);
    ASSERT_TRUE(in_a && in_b);
    EXPECT_TRUE(std::ranges::equal(in_a->values, in_b->values)) << static_cast<int>(column);
  }
  for (const auto column : {Byte8::kKind, Byte8::kStatusCode}) {
    const auto in_a = a.Get(column), in_b = b.Get(column);
    ASSERT_TRUE(in_a && in_b);
    EXPECT_TRUE(std::ranges::equal(in_a->values, in_b->values));
  }
  for (const auto column : {Code32::kName, Code32::kServiceName, Code32::kTraceState, Code32::kStatusMessage,
                            Code32::kScopeName, Code32::kScopeVersion}) {
    const auto in_a = a.Get(column), in_b = b.Get(column);
    ASSERT_TRUE(in_a && in_b);
    for (uint32_t row = 0; row < a.size(); ++row) {
      ASSERT_EQ(a.String(in_a->values[row]), b.String(in_b->values[row])) << static_cast<int>(column) << " " << row;
    }
  }
  // (owner, type, row, text or number), in order.
  const auto flat = [](SpanColumns& columns, const AttributeCells& cells, auto& out) {
    ASSERT_EQ(cells.rows.size(), cells.cells.size());
    for (size_t i = 0; i < cells.rows.size(); ++i) {
      const bool is_code = IsCode(cells.type);
      out[{cells.owner, cells.type}].emplace_back(
          cells.rows[i], is_code ? std::string(columns.String(static_cast<uint32_t>(cells.cells[i]))) : "",
          is_code ? 0 : cells.cells[i]);
    }
  };
  using Flat = std::map<std::pair<AttributeOwner, ValueType>, std::vector<std::tuple<uint32_t, std::string, uint64_t>>>;
  for (const std::string& key : keys) {
    Flat flat_a, flat_b;
    const auto in_a = a.Attributes(key), in_b = b.Attributes(key);
    ASSERT_TRUE(in_a && in_b);
    for (const AttributeCells& cells : *in_a) flat(a, cells, flat_a);
    for (const AttributeCells& cells : *in_b) flat(b, cells, flat_b);
    EXPECT_EQ(flat_a, flat_b) << key;
  }
  Flat names_a, names_b;
  const auto in_a = a.EventNames(), in_b = b.EventNames();
  ASSERT_TRUE(in_a && in_b);
  flat(a, *in_a, names_a);
  flat(b, *in_b, names_b);
  EXPECT_EQ(names_a, names_b);
}

inline std::set<std::string> KeysOf(const Input& batches) {
  std::set<std::string> keys{"no such key"};
  for (const auto& batch : batches) {
    for (const uint32_t key : batch->field_key) keys.emplace(batch->String(key));
  }
  return keys;
}

inline void ExpectSameSummary(const TraceSummary& a, const TraceSummary& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.root_service, b.root_service);
  EXPECT_EQ(a.root_name, b.root_name);
  EXPECT_EQ(a.start_ns, b.start_ns);
  EXPECT_EQ(a.end_ns, b.end_ns);
  EXPECT_EQ(a.span_count, b.span_count);
  EXPECT_EQ(a.error_count, b.error_count);
  EXPECT_EQ(a.orphan_count, b.orphan_count);
  EXPECT_EQ(a.root_missing, b.root_missing);
  ASSERT_EQ(a.services.size(), b.services.size());
  for (size_t i = 0; i < a.services.size(); ++i) {
    EXPECT_EQ(a.services[i].name, b.services[i].name);
    EXPECT_EQ(a.services[i].span_count, b.services[i].span_count);
    EXPECT_EQ(a.services[i].error_count, b.services[i].error_count);
  }
}

// Holds everything that a block answers against the batches that it was made of.
inline void ExpectHolds(Block& block, const Input& batches) {
  const std::vector<Row> expected = SortedDistinct(batches);
  ASSERT_EQ(block.info().span_count, expected.size());
  ASSERT_EQ(block.page_begin(block.page_count()), expected.size());

  const auto all = block.ReadRows(0, block.info().span_count);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ((*all)->span_count(), expected.size());
  for (uint32_t row = 0; row < expected.size(); ++row) {
    ASSERT_TRUE(SameSpan(**all, row, *expected[row].batch, expected[row].row)) << row;
  }

  const std::set<std::string> keys = KeysOf(batches);
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    const uint32_t begin = block.page_begin(page), end = block.page_begin(page + 1);
    const auto rows = block.ReadRows(begin, end);
    ASSERT_TRUE(rows) << rows.error().message;
    auto columns = block.Page(page);
    ASSERT_TRUE(columns) << columns.error().message;
    const auto reference = ColumnsOf(**rows);
    ExpectSameColumns(**columns, *reference, keys);
    const auto [low, high] = std::ranges::minmax((*rows)->start_ns);
    EXPECT_TRUE(block.PageOverlaps(page, low, low));
    EXPECT_TRUE(block.PageOverlaps(page, high, UINT64_MAX));
    EXPECT_FALSE(low > 0 && block.PageOverlaps(page, 0, low - 1));
    EXPECT_FALSE(high < UINT64_MAX && block.PageOverlaps(page, high + 1, UINT64_MAX));
  }

  const auto traces = block.Traces();
  ASSERT_TRUE(traces) << traces.error().message;
  ASSERT_EQ(traces->id_low.size(), block.info().trace_count);
  for (uint32_t t = 0; t < block.info().trace_count; ++t) {
    const TraceId id{traces->id_high[t], traces->id_low[t]};
    const uint32_t begin = traces->row_begin[t], end = traces->row_begin[t + 1];
    EXPECT_TRUE(block.MayHoldTrace(id));
    EXPECT_EQ(block.FindTrace(id).value(), t);
    const auto rows = block.ReadRows(begin, end);
    ASSERT_TRUE(rows) << rows.error().message;
    for (uint32_t row = begin; row < end; ++row) {
      ASSERT_TRUE(SameSpan(**rows, row - begin, *expected[row].batch, expected[row].row)) << row;
      ASSERT_EQ((*rows)->trace_id(row - begin), id);
    }
    const Trace trace = MakeTrace(id, batches);
    ExpectSameSummary(block.Summary(t).value(), Summarise(trace));
    EXPECT_EQ(traces->start_ns[t], (*rows)->start_ns[0]);
    EXPECT_EQ(traces->span_count[t], trace.spans.size());
  }
}

// Parents by the block's rows, against the assembly of each trace's rows.
inline void ExpectParents(Block& block) {
  std::vector<uint32_t> parents;
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    const auto rows = block.ParentRows(page);
    ASSERT_TRUE(rows) << rows.error().message;
    parents.insert(parents.end(), rows->begin(), rows->end());
  }
  const TraceColumns traces = block.Traces().value();
  for (uint32_t t = 0; t < block.info().trace_count; ++t) {
    const uint32_t begin = traces.row_begin[t];
    const Trace trace =
        MakeTrace({traces.id_high[t], traces.id_low[t]}, {block.ReadRows(begin, traces.row_begin[t + 1]).value()});
    for (const TraceSpan& span : trace.spans) {
      const uint32_t expected =
          span.parent == AssembledSpan::kNoParent ? Block::kNoRow : begin + trace.spans[span.parent].row;
      EXPECT_EQ(parents[begin + span.row], expected);
    }
  }
}

// Writes and opens a block on a disk of its own.
class BlockOnDisk : public ::testing::Test {
 protected:
  BlockOnDisk() { SPOOR_CHECK(files_.CreateFolder("blocks").has_value()); }

  std::shared_ptr<Block> WriteAndOpen(const Input& batches) {
    auto info = WriteBlock(files_, "blocks",
                           {.id = 42,
                            .batches = batches,
                            .arrival_min_ns = 1,
                            .arrival_max_ns = 2,
                            .wal_first_sequence = 3,
                            .wal_last_sequence = 4});
    EXPECT_TRUE(info) << info.error().message;
    written_ = *info;
    return Open();
  }
  std::shared_ptr<Block> Open() {
    auto block = Block::Open(files_, kPath, cache_);
    EXPECT_TRUE(block) << block.error().message;
    return *block;
  }

  static constexpr const char* kPath = "blocks/00000000000000000042.block";
  FaultFileSystem files_;
  PageCache cache_{size_t{64} << 20};
  BlockInfo written_;
};

}  // namespace spoor
