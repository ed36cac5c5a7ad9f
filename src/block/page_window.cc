#include "block/page_window.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/block_layout.h"

namespace spoor {

PageWindow::PageWindow(MergeSources sources, const std::vector<RawTargets>& raw, MergedTraces& merged, size_t bytes_max)
    : sources_(sources), raw_(raw), merged_(merged), bytes_max_(bytes_max) {
  size_t pages = 0;
  for (const auto& source : sources) pages += source->page_count();
  batches_.resize(pages);
  entry_of_.resize(pages);
}

Status PageWindow::MoveTo(uint32_t row) {
  ++move_;
  const auto rows = static_cast<uint32_t>(merged_.order.rows.size());
  const uint32_t end = row + std::min(block_layout::kPageRowsMax, rows - row);
  uint32_t last = UINT32_MAX;
  for (; row < end; ++row) {
    const uint32_t number = merged_.order.rows[row].batch;
    if (number == last) continue;
    last = number;
    if (batches_[number] == nullptr) RETURN_IF_ERROR(Load(number));
    entries_[entry_of_[number]].used_at = move_;
  }
  return {};
}

Status PageWindow::Load(uint32_t number) {
  const auto after = std::ranges::upper_bound(merged_.first_page, number);
  const auto source = static_cast<uint32_t>(after - merged_.first_page.begin()) - 1;
  const uint32_t page = number - merged_.first_page[source];
  ASSIGN_OR_RETURN(const std::shared_ptr<const PageBatch> read, sources_[source]->ReadPage(page, raw_[source]));
  SetParents(source, page, read->parent_rows());
  bytes_ += read->size_bytes();
  batches_[number] = std::shared_ptr<const SpanBatch>(read, &read->batch());
  entry_of_[number] = static_cast<uint32_t>(entries_.size());
  entries_.push_back({number, move_, read->size_bytes()});
  MakeRoom();
  if (bytes_ > bytes_max_ && entries_.size() > sources_.size() + 1) {
    return TooLarge(fmt::format("{} pages that belong together have {} MiB, and {} are the most", entries_.size(),
                                bytes_ >> 20, bytes_max_ >> 20));
  }
  return {};
}

// Pages that the current move needs stay in any case.
void PageWindow::MakeRoom() {
  while (bytes_ > bytes_max_) {
    const auto oldest = std::ranges::min_element(entries_, {}, &Entry::used_at);
    if (oldest->used_at == move_) return;
    bytes_ -= oldest->bytes;
    batches_[oldest->number].reset();
    *oldest = entries_.back();
    entries_.pop_back();
    if (oldest != entries_.end()) entry_of_[oldest->number] = static_cast<uint32_t>(oldest - entries_.begin());
  }
}

void PageWindow::SetParents(uint32_t source, uint32_t page, const std::vector<uint32_t>& parent_rows) {
  const TraceTable& traces = sources_[source]->traces();
  const std::vector<uint32_t>& row_of_trace = merged_.row_of_trace[source];
  const uint32_t page_begin = sources_[source]->page_begin(page);
  uint32_t trace = traces.TraceOfRow(page_begin);
  for (uint32_t i = 0; i < parent_rows.size(); ++i) {
    const uint32_t row = page_begin + i;
    if (row == traces.row_begin[trace + 1]) ++trace;
    if (row_of_trace[trace] == MergedTraces::kNotAlone || parent_rows[i] == UINT32_MAX) continue;
    const uint32_t moved_by = row_of_trace[trace] - traces.row_begin[trace];
    merged_.traces.parent_row[row + moved_by] = parent_rows[i] + moved_by;
  }
}

}  // namespace spoor
