#include "block/trace_merger.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/limits.h"

namespace spoor {
namespace {

// So many spans of split traces are put together at a time.
constexpr uint32_t kWindowRows = 32 * 1024;
// Where so many rows of a page are asked for (one in so many), all of it is read at once.
constexpr uint32_t kWholePageShare = 32;

// A trace of one source.
struct Part {
  uint64_t start_ns = 0;
  TraceId id;
  uint32_t source = 0;
  uint32_t trace = 0;

  auto by_id() const { return std::tuple(id, source); }
};

// A trace: parts [begin, end) of those that are sorted by id.
struct Group {
  uint64_t start_ns = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

class Merger {
 public:
  explicit Merger(MergeSources sources) : sources_(sources), split_rows_(sources.size()), texts_(sources.size()) {}

  Result<MergedTraces> Run() {
    CollectParts();
    GroupParts();
    uint32_t pages = 0;
    for (const auto& source : sources_) {
      merged_.first_page.push_back(pages);
      pages += source->page_count();
      merged_.row_of_trace.emplace_back(source->traces().size(), MergedTraces::kNotAlone);
    }
    merged_.order.trace_begin.push_back(0);
    table().service_begin.push_back(0);
    RETURN_IF_ERROR(AppendAll());
    table().row_begin = merged_.order.trace_begin;
    merged_.traces.parent_row.resize(merged_.order.rows.size(), UINT32_MAX);
    return std::move(merged_);
  }

 private:
  // The split traces that are put together at a time, and what was read of them.
  struct Window {
    std::vector<uint32_t> groups;
    std::vector<std::shared_ptr<const SpanBatch>> batches;
    std::vector<std::pair<uint32_t, uint32_t>> begins;  // of each batch: its source and first row there
    SpanOrder order;
    AssembledTraces traces;
    std::vector<uint32_t> texts;  // of the window's texts
  };

  TraceTable& table() { return merged_.traces.table; }
  std::pair<uint32_t, uint32_t> RowsOf(const Part& part) const {
    const std::vector<uint32_t>& begin = sources_[part.source]->traces().row_begin;
    return {begin[part.trace], begin[part.trace + 1]};
  }

  void CollectParts() {
    for (uint32_t source = 0; source < sources_.size(); ++source) {
      const TraceTable& traces = sources_[source]->traces();
      for (uint32_t trace = 0; trace < traces.size(); ++trace) {
        parts_.push_back({traces.start_ns[trace], traces.id(trace), source, trace});
      }
    }
    std::ranges::sort(parts_, {}, &Part::by_id);
  }

  void GroupParts() {
    for (uint32_t begin = 0; begin < parts_.size();) {
      Group group{parts_[begin].start_ns, begin, begin + 1};
      for (; group.end < parts_.size() && parts_[group.end].id == parts_[begin].id; ++group.end) {
        group.start_ns = std::min(group.start_ns, parts_[group.end].start_ns);
      }
      groups_.push_back(group);
      begin = group.end;
    }
    // Ids ascend among groups, so that a stable sort leaves them in order.
    std::ranges::stable_sort(groups_, {}, &Group::start_ns);
  }

  bool is_split(const Group& group) const { return group.end - group.begin > 1; }

  // Traces that stand in one source are copied; of the others, the next ones are put together when the first of them is
  // due.
  Status AppendAll() {
    NoteSplitRows();
    Window window;
    size_t next_in_window = 0;
    for (uint32_t i = 0; i < groups_.size(); ++i) {
      if (!is_split(groups_[i])) {
        AppendAlone(parts_[groups_[i].begin]);
        continue;
      }
      if (next_in_window == window.groups.size()) {
        RETURN_IF_ERROR(MakeWindow(i, window));
        next_in_window = 0;
      }
      AppendSplit(window, static_cast<uint32_t>(next_in_window++));
    }
    return {};
  }

  void NoteSplitRows() {
    for (size_t source = 0; source < sources_.size(); ++source)
      split_rows_[source].resize(sources_[source]->page_count());
    for (const Group& group : groups_) {
      if (!is_split(group)) continue;
      for (uint32_t i = group.begin; i < group.end; ++i) {
        const MergeSource& source = *sources_[parts_[i].source];
        const auto [begin, end] = RowsOf(parts_[i]);
        for (uint32_t page = source.PageOfRow(begin); page < source.page_count() && source.page_begin(page) < end;
             ++page) {
          split_rows_[parts_[i].source][page] +=
              std::min(end, source.page_begin(page + 1)) - std::max(begin, source.page_begin(page));
        }
      }
    }
  }

  void AppendAlone(const Part& part) {
    const MergeSource& source = *sources_[part.source];
    const auto [begin, end] = RowsOf(part);
    merged_.row_of_trace[part.source][part.trace] = static_cast<uint32_t>(merged_.order.rows.size());
    AppendRows(part.source, begin, end);
    merged_.order.trace_begin.push_back(static_cast<uint32_t>(merged_.order.rows.size()));
    AppendSummary(source.traces(), part.trace, texts_[part.source]);
  }

  void AppendRows(uint32_t source_number, uint32_t begin, uint32_t end) {
    const MergeSource& source = *sources_[source_number];
    for (uint32_t page = source.PageOfRow(begin); begin < end; ++page) {
      const uint32_t until = std::min(end, source.page_begin(page + 1));
      for (; begin < until; ++begin) {
        merged_.order.rows.push_back({merged_.first_page[source_number] + page, begin - source.page_begin(page)});
      }
    }
  }

  // The row of `from`'s trace becomes the next one. `texts`: what its texts are here, as far as known.
  void AppendSummary(const TraceTable& from, uint32_t trace, std::vector<uint32_t>& texts) {
    constexpr uint32_t kUnknown = UINT32_MAX;
    texts.resize(from.texts.size(), kUnknown);
    const auto text = [&](uint32_t number) {
      if (texts[number] == kUnknown) texts[number] = Text(from.texts[number]);
      return texts[number];
    };
    TraceTable& to = table();
    to.id_high.push_back(from.id_high[trace]);
    to.id_low.push_back(from.id_low[trace]);
    to.start_ns.push_back(from.start_ns[trace]);
    to.end_ns.push_back(from.end_ns[trace]);
    to.span_count.push_back(from.span_count[trace]);
    to.error_count.push_back(from.error_count[trace]);
    to.orphan_count.push_back(from.orphan_count[trace]);
    to.root_missing.push_back(from.root_missing[trace]);
    to.root_service.push_back(text(from.root_service[trace]));
    to.root_name.push_back(text(from.root_name[trace]));
    for (uint32_t i = from.service_begin[trace]; i < from.service_begin[trace + 1]; ++i) {
      to.service.push_back(text(from.service[i]));
      to.service_spans.push_back(from.service_spans[i]);
      to.service_errors.push_back(from.service_errors[i]);
    }
    to.service_begin.push_back(static_cast<uint32_t>(to.service.size()));
  }

  uint32_t Text(std::string_view text) {
    TextColumn& texts = table().texts;
    const auto [found, is_new] = text_of_.try_emplace(std::string(text), static_cast<uint32_t>(texts.size()));
    if (is_new) {
      texts.bytes.insert(texts.bytes.end(), text.begin(), text.end());
      texts.end.push_back(texts.bytes.size());
    }
    return found->second;
  }

  // Reads and puts together the split traces from group `first` on, as many as fit.
  Status MakeWindow(uint32_t first, Window& window) {
    window = {};
    uint32_t rows = 0;
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> runs;  // source and first row → end
    for (uint32_t i = first; i < groups_.size() && rows < kWindowRows; ++i) {
      if (!is_split(groups_[i])) continue;
      const uint32_t before = rows;
      for (uint32_t p = groups_[i].begin; p < groups_[i].end; ++p) rows += AddRuns(parts_[p], runs);
      if (rows - before > limits::kSplitTraceSpansMax) {
        return TooLarge(fmt::format("a trace of {} spans stands in several blocks", rows - before));
      }
      window.groups.push_back(i);
    }
    // By source and row, so that batches stand in order of arrival.
    for (const auto& [at, end] : runs) {
      ASSIGN_OR_RETURN(auto batch, sources_[at.first]->ReadRows(at.second, end));
      window.batches.push_back(std::move(batch));
      window.begins.push_back(at);
    }
    window.order.trace_begin.push_back(0);
    std::vector<TraceRow> trace;
    for (const uint32_t group : window.groups) {
      trace.clear();
      for (uint32_t p = groups_[group].begin; p < groups_[group].end; ++p) CollectRows(window, parts_[p], trace);
      AppendTrace(window.batches, trace, window.order);
    }
    window.traces = AssembleTraces(window.batches, window.order);
    return {};
  }

  // What must be read for a part, and how many rows it has. Pages of which many rows are asked for are read whole.
  uint32_t AddRuns(const Part& part, std::map<std::pair<uint32_t, uint32_t>, uint32_t>& runs) const {
    const MergeSource& source = *sources_[part.source];
    const auto [begin, end] = RowsOf(part);
    for (uint32_t row = begin; row < end;) {
      const uint32_t page = source.PageOfRow(row);
      const uint32_t page_begin = source.page_begin(page), page_end = source.page_begin(page + 1);
      const uint32_t until = std::min(end, page_end);
      if (IsReadWhole(part.source, page)) {
        runs[{part.source, page_begin}] = page_end;
      } else {
        runs[{part.source, row}] = until;
      }
      row = until;
    }
    return end - begin;
  }

  bool IsReadWhole(uint32_t source, uint32_t page) const {
    const uint32_t rows = sources_[source]->page_begin(page + 1) - sources_[source]->page_begin(page);
    return split_rows_[source][page] > rows / kWholePageShare;
  }

  void CollectRows(const Window& window, const Part& part, std::vector<TraceRow>& trace) const {
    const auto [begin, end] = RowsOf(part);
    for (uint32_t row = begin; row < end; ++row) {
      // The last run that begins at the row or before it.
      const auto after = std::ranges::upper_bound(window.begins, std::pair(part.source, row));
      const auto batch = static_cast<uint32_t>(after - window.begins.begin()) - 1;
      const SpanBatch& spans = *window.batches[batch];
      const uint32_t at = row - window.begins[batch].second;
      trace.push_back({spans.start_ns[at], spans.span_id[at], {batch, at}});
    }
  }

  void AppendSplit(Window& window, uint32_t trace) {
    const uint32_t window_begin = window.order.trace_begin[trace], window_end = window.order.trace_begin[trace + 1];
    const auto first_row = static_cast<uint32_t>(merged_.order.rows.size());
    std::vector<uint32_t>& parents = merged_.traces.parent_row;
    parents.resize(first_row, UINT32_MAX);
    for (uint32_t row = window_begin; row < window_end; ++row) {
      const auto [batch, at] = window.order.rows[row];
      const auto [source, begin] = window.begins[batch];
      AppendRows(source, begin + at, begin + at + 1);
      const uint32_t parent = window.traces.parent_row[row];
      parents.push_back(parent == UINT32_MAX ? UINT32_MAX : parent - window_begin + first_row);
    }
    merged_.order.trace_begin.push_back(static_cast<uint32_t>(merged_.order.rows.size()));
    AppendSummary(window.traces.table, trace, window.texts);
  }

  MergeSources sources_;
  std::vector<Part> parts_;
  std::vector<Group> groups_;
  std::vector<std::vector<uint32_t>> split_rows_;  // by source and page
  MergedTraces merged_;
  std::vector<std::vector<uint32_t>> texts_;  // by source and text: what it is in the merged table
  boost::unordered_flat_map<std::string, uint32_t> text_of_;
};

}  // namespace

Result<MergedTraces> MergeTraces(MergeSources sources) { return Merger(sources).Run(); }

}  // namespace spoor
