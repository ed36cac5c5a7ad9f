#include "store/block_count.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "model/rollup_builder.h"
#include "model/span_columns.h"
#include "model/trace_counter.h"

namespace spoor {
namespace {

// The traces of a block that stand in a part before it, too.
std::vector<TraceId> FindSplit(Block& block, std::span<const CountedPart> before, const Straddlers& straddlers,
                               ReadTrouble& trouble) {
  std::vector<uint64_t> blocks;
  std::vector<CountedPart> to_search;
  for (const CountedPart& part : before) {
    if (part.block != nullptr) blocks.push_back(part.block->info().id);
    if (part.block == nullptr) to_search.push_back(part);
  }
  std::vector<TraceId> found;
  if (auto known = straddlers.TracesInCommon(block.info().id, blocks)) {
    found = *std::move(known);
  } else {
    to_search.assign(before.begin(), before.end());
  }
  if (!to_search.empty()) {
    const auto traces = block.Traces();
    if (!traces) trouble.Note(traces.error());
    std::vector<TraceId> ids;
    for (size_t i = 0; traces && i < traces->id_low.size(); ++i) ids.push_back({traces->id_high[i], traces->id_low[i]});
    for (const CountedPart& part : to_search) {
      const auto more = FindIn(part, ids);
      if (!more) trouble.Note(more.error());
      if (more) found.insert(found.end(), more->begin(), more->end());
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// All of a block or, where something cannot be read, an unknown part.
Status CountRows(Block& block, const QueryContext& context, RollupBuilder& builder) {
  std::vector<uint32_t> series;
  series.reserve(block.info().span_count);
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto columns, block.Page(page));
    ASSIGN_OR_RETURN(const Column<uint8_t> kinds, columns->Get(Byte8::kKind));
    ASSIGN_OR_RETURN(const Column<uint8_t> statuses, columns->Get(Byte8::kStatusCode));
    ASSIGN_OR_RETURN(const Column<uint32_t> services, columns->Get(Code32::kServiceName));
    ASSIGN_OR_RETURN(const Column<uint32_t> names, columns->Get(Code32::kName));
    boost::unordered_flat_map<uint32_t, uint32_t> texts;  // by code
    const auto text = [&](uint32_t code) {
      const auto [at, is_new] = texts.try_emplace(code, 0);
      if (is_new) at->second = builder.Text(columns->String(code));
      return at->second;
    };
    for (uint32_t i = 0; i < columns->size(); ++i) {
      series.push_back(
          builder.SpanSeries(text(services.values[i]), text(names.values[i]), kinds.values[i], statuses.values[i]));
    }
    RETURN_IF_ERROR(columns->status());
  }
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, block.ParentRows(page));
    ASSIGN_OR_RETURN(const auto columns, block.Page(page));
    ASSIGN_OR_RETURN(const Column<uint64_t> starts, columns->Get(Fixed64::kStartNs));
    ASSIGN_OR_RETURN(const Column<uint64_t> ends, columns->Get(Fixed64::kEndNs));
    for (uint32_t i = 0; i < columns->size(); ++i) {
      const uint32_t own = series[block.page_begin(page) + i];
      const uint64_t duration_ns = DurationNs(starts.values[i], ends.values[i]);
      builder.Add(own, starts.values[i], duration_ns);
      if (parents[i] != Block::kNoRow) builder.AddCall(series[parents[i]], own, starts.values[i], duration_ns);
    }
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Rollup>> CountBlockAfter(const std::shared_ptr<Block>& block,
                                                      std::shared_ptr<const Rollup> alone,
                                                      std::span<const CountedPart> before, const Straddlers& straddlers,
                                                      const QueryContext& context, ReadTrouble& trouble) {
  std::vector<TraceId> split = FindSplit(*block, before, straddlers, trouble);
  if (alone != nullptr && split.empty() && RollupLimits().Allow(*alone)) return alone;
  RollupBuilder builder;
  if (alone != nullptr) {
    builder.Add(*alone);
  } else {
    RETURN_IF_ERROR(CountRows(*block, context, builder));
  }
  std::vector<CountedPart> parts(before.begin(), before.end());
  parts.push_back({block});
  RETURN_IF_ERROR(SplitCounter(parts, context, trouble, builder).Count(std::move(split), 0, true));
  return std::make_shared<const Rollup>(builder.Build());
}

}  // namespace spoor
