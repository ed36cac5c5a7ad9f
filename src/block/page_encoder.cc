#include "block/page_encoder.h"

#include <algorithm>

#include "base/crc32c.h"
#include "block/text_encoding.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

constexpr size_t Index(FixedColumn column) { return static_cast<size_t>(column); }

// Small for small distances of either sign.
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

template <class T>
bool IsZeroEverywhere(Batches batches, std::span<const T> SpanBatch::* column) {
  return std::ranges::all_of(batches, [&](const auto& batch) {
    T any{};
    for (const T cell : (*batch).*column) any |= cell;
    return any == 0;
  });
}

}  // namespace

PageEncoder::PageEncoder(const MergedInput& input, const SpanOrder& order, const ColumnPlan& plan,
                         const AssembledTraces& traces)
    : input_(input), order_(order), plan_(plan), traces_(traces), cells_(plan.columns.size()) {
  for (int owner = 0; owner < kListOwners; ++owner) {
    std::vector<uint32_t>& columns = column_of_field_[static_cast<size_t>(owner)];
    columns.resize(input.shapes.field_count());
    for (uint32_t shape = 0; shape < input.shapes.size(); ++shape) {
      if (!input.uses.has_shape(owner, shape)) continue;
      for (uint32_t field = input.shapes.begin(shape); field < input.shapes.begin(shape + 1); ++field) {
        columns[field] = plan.column_of_use[input.uses.use_of_field(owner, field)];
      }
    }
  }
  all_zero_[Index(FixedColumn::kTraceState)] = IsZeroEverywhere(input.batches, &SpanBatch::trace_state);
  all_zero_[Index(FixedColumn::kStatusMessage)] = IsZeroEverywhere(input.batches, &SpanBatch::status_message);
  all_zero_[Index(FixedColumn::kFlags)] = IsZeroEverywhere(input.batches, &SpanBatch::flags);
  all_zero_[Index(FixedColumn::kDroppedAttributes)] = IsZeroEverywhere(input.batches, &SpanBatch::dropped_attributes);
  all_zero_[Index(FixedColumn::kDroppedEvents)] = IsZeroEverywhere(input.batches, &SpanBatch::dropped_events);
  all_zero_[Index(FixedColumn::kDroppedLinks)] = IsZeroEverywhere(input.batches, &SpanBatch::dropped_links);
}

PageEntry PageEncoder::Encode(uint32_t begin, ByteWriter& directory, ByteWriter& strips) {
  strips.Clear();
  entries_.Clear();
  strips_ = &strips;
  strip_count_ = 0;
  last_column_ = 0;
  CollectAttributes(begin);
  WriteSpanColumns();
  WriteEvents();
  WriteLinks();
  WriteAttributes();

  directory.Clear();
  directory.Varint(strip_count_);
  directory.Bytes(entries_.bytes());
  return {.directory_bytes = static_cast<uint32_t>(directory.size()),
          .directory_checksum = Crc32c(directory.bytes()),
          .row_count = end_ - begin_,
          .strip_bytes = static_cast<uint32_t>(strips.size()),
          .start_min_ns = start_min_ns_,
          .start_max_ns = start_max_ns_};
}

// Row by row, until the page is full.
void PageEncoder::CollectAttributes(uint32_t begin) {
  begin_ = end_ = begin;
  page_cells_ = page_text_bytes_ = 0;
  has_events_ = has_links_ = false;
  const auto rows = static_cast<uint32_t>(order_.rows.size());
  while (end_ < rows && end_ - begin_ < block_layout::kPageRowsMax && page_cells_ < block_layout::kPageCellsMax &&
         page_text_bytes_ < block_layout::kPageTextBytesMax) {
    const SpanPlace place = order_.rows[end_++];
    CollectRow(*input_.batches[place.batch], input_.ids[place.batch], place.row);
  }
}

void PageEncoder::CollectRow(const SpanBatch& batch, const MergedInput::BatchIds& ids, uint32_t row) {
  CollectList(0, batch, ids, batch.attributes, row);
  const uint32_t event_begin = batch.event_begin[row], event_end = batch.event_begin[row + 1];
  for (uint32_t event = event_begin; event < event_end; ++event)
    CollectList(1, batch, ids, batch.event_attributes, event);
  const uint32_t link_begin = batch.link_begin[row], link_end = batch.link_begin[row + 1];
  for (uint32_t link = link_begin; link < link_end; ++link) CollectList(2, batch, ids, batch.link_attributes, link);
  has_events_ |= event_end > event_begin;
  has_links_ |= link_end > link_begin;
  page_cells_ += (event_end - event_begin) + (link_end - link_begin);
  // Fixed columns that hold texts themselves.
  if (plan_.raw_use[TextUse(0)]) page_text_bytes_ += batch.String(batch.name[row]).size();
  if (plan_.raw_use[TextUse(1)]) page_text_bytes_ += batch.String(batch.trace_state[row]).size();
  if (plan_.raw_use[TextUse(2)]) page_text_bytes_ += batch.String(batch.status_message[row]).size();
  for (uint32_t event = event_begin; plan_.raw_use[TextUse(3)] && event < event_end; ++event) {
    page_text_bytes_ += batch.String(batch.event_name[event]).size();
  }
  for (uint32_t link = link_begin; plan_.raw_use[TextUse(4)] && link < link_end; ++link) {
    page_text_bytes_ += batch.String(batch.link_trace_state[link]).size();
  }
}

void PageEncoder::CollectList(int owner, const SpanBatch& batch, const MergedInput::BatchIds& ids,
                              const AttributeListColumns& lists, uint32_t i) {
  const uint32_t batch_shape = lists.shape[i];
  if (batch_shape == 0) return;
  const std::span<const ValueType> types = batch.ShapeTypes(batch_shape);
  const uint32_t* columns =
      column_of_field_[static_cast<size_t>(owner)].data() + input_.shapes.begin(ids.shapes[batch_shape]);
  const uint64_t* values = batch.values.data() + lists.value_begin[i];
  page_cells_ += types.size();
  for (size_t field = 0; field < types.size(); ++field) {
    Cells& cells = cells_[columns[field]];
    if (!cells.touched) {
      cells.touched = true;
      touched_.push_back(columns[field]);
    }
    if (!IsCode(types[field])) {
      cells.numbers.push_back(values[field]);
    } else if (!plan_.columns[columns[field]].raw) {
      cells.numbers.push_back(ids.strings[values[field]]);
    } else {
      cells.texts.push_back(batch.String(static_cast<StringCode>(values[field])));
      page_text_bytes_ += cells.texts.back().size();
    }
  }
}

template <class Get>
void PageEncoder::WriteEachSpan(FixedColumn column, Get get) {
  if (all_zero_[Index(column)]) return;
  for (uint32_t row = begin_; row < end_; ++row) {
    const SpanPlace place = order_.rows[row];
    numbers_.push_back(get(*input_.batches[place.batch], input_.ids[place.batch], place.row));
  }
  WriteNumbers(column);
}

template <class Get>
void PageEncoder::WriteEachText(FixedColumn column, int text_column, Get get) {
  if (!plan_.raw_use[TextUse(text_column)]) {
    WriteEachSpan(column,
                  [&](const SpanBatch& batch, const auto& ids, uint32_t row) { return ids.strings[get(batch, row)]; });
    return;
  }
  for (uint32_t row = begin_; row < end_; ++row) {
    const SpanPlace place = order_.rows[row];
    const SpanBatch& batch = *input_.batches[place.batch];
    texts_.push_back(batch.String(get(batch, place.row)));
  }
  WriteTextStrip(static_cast<uint32_t>(column), texts_);
}

void PageEncoder::WriteSpanColumns() {
  using Ids = MergedInput::BatchIds;
  const auto span = [this](FixedColumn column, auto get) { WriteEachSpan(column, get); };
  span(FixedColumn::kSpanId, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.span_id[row]; });
  WriteParents();
  WriteTimes();
  WriteEachText(FixedColumn::kName, 0, [](const SpanBatch& b, uint32_t row) { return b.name[row]; });
  WriteEachText(FixedColumn::kTraceState, 1, [](const SpanBatch& b, uint32_t row) { return b.trace_state[row]; });
  WriteEachText(FixedColumn::kStatusMessage, 2, [](const SpanBatch& b, uint32_t row) { return b.status_message[row]; });
  span(FixedColumn::kFlags, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.flags[row]; });
  span(FixedColumn::kResource,
       [](const SpanBatch& b, const Ids& ids, uint32_t row) { return ids.resources[b.resource[row]]; });
  span(FixedColumn::kScope, [](const SpanBatch& b, const Ids& ids, uint32_t row) { return ids.scopes[b.scope[row]]; });
  span(FixedColumn::kDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_attributes[row]; });
  span(FixedColumn::kDroppedEvents, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_events[row]; });
  span(FixedColumn::kDroppedLinks, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.dropped_links[row]; });
  span(FixedColumn::kKind, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.kind[row]; });
  span(FixedColumn::kStatusCode, [](const SpanBatch& b, const Ids&, uint32_t row) { return b.status_code[row]; });
  span(FixedColumn::kShape,
       [](const SpanBatch& b, const Ids& ids, uint32_t row) { return ids.shapes[b.attributes.shape[row]]; });
  if (has_events_) {
    span(FixedColumn::kEventCount,
         [](const SpanBatch& b, const Ids&, uint32_t row) { return b.event_begin[row + 1] - b.event_begin[row]; });
  }
  if (has_links_) {
    span(FixedColumn::kLinkCount,
         [](const SpanBatch& b, const Ids&, uint32_t row) { return b.link_begin[row + 1] - b.link_begin[row]; });
  }
}

// Parents as distances in rows; ids only where that does not tell them.
void PageEncoder::WriteParents() {
  std::vector<uint64_t> given, ids;
  for (uint32_t row = begin_; row < end_; ++row) {
    const uint32_t parent = traces_.parent_row[row];
    uint64_t implied = 0;
    if (parent == UINT32_MAX) {
      numbers_.push_back(0);
    } else {
      numbers_.push_back(1 + ZigZag(static_cast<int64_t>(row) - static_cast<int64_t>(parent)));
      const SpanPlace place = order_.rows[parent];
      if (parent >= begin_ && parent < end_) implied = input_.batches[place.batch]->span_id[place.row];
    }
    const SpanPlace place = order_.rows[row];
    const uint64_t id = input_.batches[place.batch]->parent_span_id[place.row];
    given.push_back(id != implied);
    if (id != implied) ids.push_back(id);
  }
  WriteNumbers(FixedColumn::kParentRow);
  std::swap(numbers_, given);
  WriteNumbers(FixedColumn::kParentGiven);
  std::swap(numbers_, ids);
  WriteNumbers(FixedColumn::kParentId);
}

// Starts as distances to the span before in the trace, or to the trace's start.
void PageEncoder::WriteTimes() {
  const TraceTable& table = traces_.table;
  std::vector<uint64_t> durations;
  uint32_t trace = table.TraceOfRow(begin_);
  uint64_t before_ns = table.start_ns[trace];
  start_min_ns_ = UINT64_MAX;
  start_max_ns_ = 0;
  for (uint32_t row = begin_; row < end_; ++row) {
    if (row == table.row_begin[trace + 1]) before_ns = table.start_ns[++trace];
    const SpanPlace place = order_.rows[row];
    const SpanBatch& batch = *input_.batches[place.batch];
    const uint64_t start_ns = batch.start_ns[place.row];
    numbers_.push_back(start_ns - before_ns);
    durations.push_back(batch.end_ns[place.row] - start_ns);
    before_ns = start_ns;
    start_min_ns_ = std::min(start_min_ns_, start_ns);
    start_max_ns_ = std::max(start_max_ns_, start_ns);
  }
  WriteNumbers(FixedColumn::kStart);
  std::swap(numbers_, durations);
  WriteNumbers(FixedColumn::kDuration);
}

template <class Visit>
void PageEncoder::VisitChildren(std::span<const uint32_t> SpanBatch::* begins, Visit visit) {
  for (uint32_t row = begin_; row < end_; ++row) {
    const SpanPlace place = order_.rows[row];
    const SpanBatch& batch = *input_.batches[place.batch];
    const uint32_t first = (batch.*begins)[place.row], last = (batch.*begins)[place.row + 1];
    for (uint32_t child = first; child < last; ++child) visit(batch, input_.ids[place.batch], place.row, child);
  }
}

void PageEncoder::WriteEvents() {
  if (!has_events_) return;
  using Ids = MergedInput::BatchIds;
  const auto each = [this](FixedColumn column, auto get) {
    VisitChildren(&SpanBatch::event_begin, [&](const SpanBatch& batch, const Ids& ids, uint32_t row, uint32_t event) {
      numbers_.push_back(get(batch, ids, row, event));
    });
    WriteNumbers(column);
  };
  each(FixedColumn::kEventTime, [](const SpanBatch& b, const Ids&, uint32_t row, uint32_t event) {
    return b.event_time_ns[event] - b.start_ns[row];
  });
  if (plan_.raw_use[TextUse(3)]) {
    VisitChildren(&SpanBatch::event_begin, [&](const SpanBatch& batch, const Ids&, uint32_t, uint32_t event) {
      texts_.push_back(batch.String(batch.event_name[event]));
    });
    WriteTextStrip(static_cast<uint32_t>(FixedColumn::kEventName), texts_);
  } else {
    each(FixedColumn::kEventName,
         [](const SpanBatch& b, const Ids& ids, uint32_t, uint32_t event) { return ids.strings[b.event_name[event]]; });
  }
  each(FixedColumn::kEventDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t, uint32_t event) { return b.event_dropped_attributes[event]; });
  each(FixedColumn::kEventShape, [](const SpanBatch& b, const Ids& ids, uint32_t, uint32_t event) {
    return ids.shapes[b.event_attributes.shape[event]];
  });
}

void PageEncoder::WriteLinks() {
  if (!has_links_) return;
  using Ids = MergedInput::BatchIds;
  const auto each = [this](FixedColumn column, auto get) {
    VisitChildren(&SpanBatch::link_begin, [&](const SpanBatch& batch, const Ids& ids, uint32_t, uint32_t link) {
      numbers_.push_back(get(batch, ids, link));
    });
    WriteNumbers(column);
  };
  each(FixedColumn::kLinkTraceIdHigh,
       [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_trace_id_high[i]; });
  each(FixedColumn::kLinkTraceIdLow, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_trace_id_low[i]; });
  each(FixedColumn::kLinkSpanId, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_span_id[i]; });
  if (plan_.raw_use[TextUse(4)]) {
    VisitChildren(&SpanBatch::link_begin, [&](const SpanBatch& batch, const Ids&, uint32_t, uint32_t link) {
      texts_.push_back(batch.String(batch.link_trace_state[link]));
    });
    WriteTextStrip(static_cast<uint32_t>(FixedColumn::kLinkTraceState), texts_);
  } else {
    each(FixedColumn::kLinkTraceState,
         [](const SpanBatch& b, const Ids& ids, uint32_t i) { return ids.strings[b.link_trace_state[i]]; });
  }
  each(FixedColumn::kLinkFlags, [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_flags[i]; });
  each(FixedColumn::kLinkDroppedAttributes,
       [](const SpanBatch& b, const Ids&, uint32_t i) { return b.link_dropped_attributes[i]; });
  each(FixedColumn::kLinkShape,
       [](const SpanBatch& b, const Ids& ids, uint32_t i) { return ids.shapes[b.link_attributes.shape[i]]; });
}

void PageEncoder::WriteAttributes() {
  std::ranges::sort(touched_);
  for (const uint32_t column : touched_) {
    Cells& cells = cells_[column];
    cells.touched = false;
    if (plan_.columns[column].raw) {
      WriteTextStrip(block_layout::kFirstAttributeColumn + column, cells.texts);
    } else {
      WriteStrip(block_layout::kFirstAttributeColumn + column, cells.numbers, cells.hints);
    }
  }
  touched_.clear();
}

void PageEncoder::WriteNumbers(FixedColumn column) {
  WriteStrip(static_cast<uint32_t>(column), numbers_, hints_[Index(column)]);
}

void PageEncoder::WriteStrip(uint32_t column, std::vector<uint64_t>& numbers, NumberHints& hints) {
  const size_t strip_begin = strips_->size();
  const size_t count = numbers.size();
  const NumberStatistics statistics = EncodeNumbers(numbers, hints, *strips_);
  numbers.clear();
  if (statistics.min == 0 && statistics.max == 0) {
    strips_->Truncate(strip_begin);  // a strip that is not there is all zeros
    return;
  }
  AddEntry(column, count, statistics, strip_begin);
}

void PageEncoder::WriteTextStrip(uint32_t column, std::vector<std::string_view>& texts) {
  const size_t strip_begin = strips_->size();
  EncodeTexts(texts, *strips_);
  AddEntry(column, texts.size(), {}, strip_begin);
  texts.clear();
}

void PageEncoder::AddEntry(uint32_t column, size_t count, NumberStatistics statistics, size_t strip_begin) {
  const std::span<const std::byte> strip = strips_->from(strip_begin);
  entries_.Varint(column - last_column_);
  entries_.Varint(count);
  entries_.Varint(statistics.min);
  entries_.Varint(statistics.max - statistics.min);
  entries_.Varint(strip.size());
  entries_.U32(Crc32c(strip));
  last_column_ = column;
  ++strip_count_;
}

}  // namespace spoor
