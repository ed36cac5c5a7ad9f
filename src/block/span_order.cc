#include "block/span_order.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>

#include "model/trace.h"

namespace spoor {
namespace {

// From so many spans of one id and start on, they are compared by hash first: a thousand different ones must not cost
// half a million comparisons.
constexpr size_t kHashedRunMin = 8;

struct TraceGroup {
  TraceId id;
  uint64_t start_ns = UINT64_MAX;
  uint32_t spans = 0;
};

// Numbers traces by first occurrence, and says which each span belongs to.
std::vector<TraceGroup> GroupByTrace(Batches batches, std::vector<uint32_t>& trace_of_span) {
  std::vector<TraceGroup> groups;
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> found;
  for (const auto& batch : batches) {
    for (uint32_t row = 0; row < batch->span_count(); ++row) {
      const TraceId id = batch->trace_id(row);
      const auto [at, is_new] = found.try_emplace(id, static_cast<uint32_t>(groups.size()));
      if (is_new) groups.push_back({.id = id});
      TraceGroup& group = groups[at->second];
      group.start_ns = std::min(group.start_ns, batch->start_ns[row]);
      ++group.spans;
      trace_of_span.push_back(at->second);
    }
  }
  return groups;
}

// The numbers of `groups` in the block's order.
std::vector<uint32_t> SortTraces(const std::vector<TraceGroup>& groups) {
  std::vector<uint32_t> order(groups.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](uint32_t i) { return std::tuple(groups[i].start_ns, groups[i].id); });
  return order;
}

// Moves the first of each set of equal spans of `run`, which share start and id, to `rows`.
void KeepDistinct(Batches batches, std::span<const TraceRow> run, std::vector<SpanPlace>& rows) {
  const size_t begin = rows.size();
  boost::unordered_flat_map<uint64_t, std::vector<SpanPlace>> by_hash;
  const auto same = [&](SpanPlace a, SpanPlace b) {
    return SameSpan(*batches[a.batch], a.row, *batches[b.batch], b.row);
  };
  for (const TraceRow& row : run) {
    const SpanPlace place = row.place;
    if (run.size() < kHashedRunMin) {
      if (std::any_of(rows.begin() + static_cast<ptrdiff_t>(begin), rows.end(),
                      [&](SpanPlace kept) { return same(kept, place); })) {
        continue;
      }
    } else {
      std::vector<SpanPlace>& alike = by_hash[SpanContentHash(*batches[place.batch], place.row)];
      if (std::ranges::any_of(alike, [&](SpanPlace kept) { return same(kept, place); })) continue;
      alike.push_back(place);
    }
    rows.push_back(place);
  }
}

}  // namespace

void AppendTrace(Batches batches, std::span<TraceRow> rows, SpanOrder& order) {
  std::ranges::sort(rows, {}, &TraceRow::key);
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rows[end].start_ns == rows[begin].start_ns &&
           rows[end].span_id == rows[begin].span_id) {
      ++end;
    }
    if (end == begin + 1) {
      order.rows.push_back(rows[begin].place);
    } else {
      KeepDistinct(batches, rows.subspan(begin, end - begin), order.rows);
    }
    begin = end;
  }
  order.trace_begin.push_back(static_cast<uint32_t>(order.rows.size()));
}

SpanOrder OrderSpans(Batches batches) {
  std::vector<uint32_t> trace_of_span;
  const std::vector<TraceGroup> groups = GroupByTrace(batches, trace_of_span);
  const std::vector<uint32_t> traces = SortTraces(groups);

  // Counting sort by trace, in order of arrival within it.
  std::vector<uint32_t> next(groups.size());
  uint32_t total = 0;
  for (const uint32_t trace : traces) {
    next[trace] = total;
    total += groups[trace].spans;
  }
  std::vector<TraceRow> rows(total);
  size_t span = 0;
  for (uint32_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    for (uint32_t row = 0; row < batch.span_count(); ++row) {
      rows[next[trace_of_span[span++]]++] = {batch.start_ns[row], batch.span_id[row], {b, row}};
    }
  }

  SpanOrder order;
  order.rows.reserve(total);
  order.trace_begin.reserve(groups.size() + 1);
  order.trace_begin.push_back(0);
  size_t begin = 0;
  for (const uint32_t trace : traces) {
    AppendTrace(batches, std::span(rows).subspan(begin, groups[trace].spans), order);
    begin += groups[trace].spans;
  }
  return order;
}

}  // namespace spoor
