#include "block/block_rollup.h"

#include <cstdint>
#include <vector>

#include "model/trace_counter.h"

namespace spoor {
namespace {

// Spans are counted in the order of the batches, whose columns are read from front to back, and not in that of the
// block, which goes to and fro between them.
void CountSpans(Batches batches, const SpanOrder& order, RollupBuilder& out) {
  size_t rows = 0;
  for (const auto& batch : batches) rows += batch->span_count();
  std::vector<std::vector<bool>> kept(batches.size());  // by batch and row; empty where nothing was left out
  if (rows != order.rows.size()) {
    for (size_t b = 0; b < batches.size(); ++b) kept[b].resize(batches[b]->span_count());
    for (const SpanPlace place : order.rows) kept[place.batch][place.row] = true;
  }
  SeriesFinder finder(out);
  std::vector<uint32_t> series;
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    series.clear();
    finder.Append(batch, series);
    for (uint32_t row = 0; row < batch.span_count(); ++row) {
      if (kept[b].empty() || kept[b][row]) out.Add(series[row], batch.start_ns[row], batch.duration_ns(row));
    }
  }
}

void CountCalls(Batches batches, const SpanOrder& order, const AssembledTraces& traces, RollupBuilder& out) {
  std::vector<uint32_t> text_of;  // by service
  for (size_t i = 0; i < traces.table.texts.size(); ++i) text_of.push_back(out.Text(traces.table.texts[i]));
  for (uint32_t row = 0; row < order.rows.size(); ++row) {
    const uint32_t parent = traces.parent_row[row];
    if (parent == UINT32_MAX || traces.service[parent] == traces.service[row]) continue;
    const auto [b, at] = order.rows[row];
    const SpanBatch& batch = *batches[b];
    const bool is_error = batch.status_code[at] == static_cast<uint8_t>(StatusCode::kError);
    out.AddCallOf(text_of[traces.service[parent]], text_of[traces.service[row]], is_error, batch.start_ns[at],
                  batch.duration_ns(at));
  }
}

}  // namespace

void CountBlock(Batches batches, const SpanOrder& order, const AssembledTraces& traces, RollupBuilder& out) {
  CountSpans(batches, order, out);
  CountCalls(batches, order, traces, out);
}

}  // namespace spoor
