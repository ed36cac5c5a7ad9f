#include "block/page_input.h"

#include <algorithm>

namespace spoor {
namespace {

using block_layout::FixedColumn;

// Raw texts of spans that are no longer fit into a page however many there are.
constexpr size_t kShortTextBytes = 64;
static_assert(kShortTextBytes * block_layout::kPageCellsMax + limits::kBodyBytesMax <= block_layout::kTextBytesMax);
static_assert(block_layout::kPageTextBytesMax + limits::kBodyBytesMax <= block_layout::kTextBytesMax);

template <class T>
bool IsZeroEverywhere(Batches batches, std::span<const T> SpanBatch::* column) {
  return std::ranges::all_of(batches, [&](const auto& batch) {
    T any{};
    for (const T cell : (*batch).*column) any |= cell;
    return any == 0;
  });
}

}  // namespace

PageInput MakePageInput(const MergedInput& input, const ColumnPlan& plan) {
  using CellKind = PageInput::CellKind;
  PageInput made{.batches = input.batches,
                 .ids = {},
                 .shapes = input.shapes,
                 .is_raw = {},
                 .target_of_field = {},
                 .columns = plan.columns};
  for (const MergedInput::BatchIds& ids : input.ids) made.ids.push_back(&ids);
  for (size_t owner = 0; owner < kListOwners; ++owner) {
    std::vector<PageInput::Target>& targets = made.target_of_field[owner];
    targets.resize(input.shapes.field_count());
    for (uint32_t shape = 0; shape < input.shapes.size(); ++shape) {
      if (!input.uses.has_shape(owner, shape)) continue;
      for (uint32_t field = input.shapes.begin(shape); field < input.shapes.begin(shape + 1); ++field) {
        const uint32_t column = plan.column_of_use[input.uses.use_of_field(owner, field)];
        targets[field] = {column, !IsCode(input.shapes.type(field)) ? CellKind::kNumber
                                  : plan.columns[column].raw        ? CellKind::kRawText
                                                                    : CellKind::kCode};
      }
    }
  }
  for (uint32_t i = 0; i < input.uses.uses().size(); ++i) {
    const ColumnUse& use = input.uses.uses()[i];
    const bool is_fixed = i < kTextColumns.size();
    if (is_fixed) made.is_raw[i] = use.raw;
    const bool of_spans = is_fixed || use.owner == AttributeOwner::kSpan;
    made.counts_span_text |= of_spans && use.raw && use.text_bytes_max > kShortTextBytes;
  }
  const auto note = [&](FixedColumn fixed, std::span<const uint32_t> SpanBatch::* column) {
    made.all_zero[static_cast<size_t>(fixed)] = IsZeroEverywhere(input.batches, column);
  };
  note(FixedColumn::kTraceState, &SpanBatch::trace_state);
  note(FixedColumn::kStatusMessage, &SpanBatch::status_message);
  note(FixedColumn::kFlags, &SpanBatch::flags);
  note(FixedColumn::kDroppedAttributes, &SpanBatch::dropped_attributes);
  note(FixedColumn::kDroppedEvents, &SpanBatch::dropped_events);
  note(FixedColumn::kDroppedLinks, &SpanBatch::dropped_links);
  return made;
}

}  // namespace spoor
