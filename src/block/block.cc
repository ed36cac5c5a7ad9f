#include "block/block.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/block_sections.h"
#include "block/page_columns.h"
#include "block/page_reader.h"
#include "block/radix_sort.h"
#include "block/row_reader.h"
#include "block/trace_filter.h"

namespace spoor {
namespace {

using block_layout::Section;

class FileBlock final : public Block {
 public:
  FileBlock(std::unique_ptr<BlockFile> file, std::vector<SectionEntry> sections)
      : file_(std::move(file)), sections_(*file_, std::move(sections)) {}

  // Reads what is kept in memory.
  Status Load() {
    ASSIGN_OR_RETURN(info_, sections_.Load<BlockInfo>(Section::kInfo, DecodeInfo));
    info_.file_bytes = file_->size_bytes();
    sections_.set_counts(info_.span_count, info_.trace_count);
    const auto pages = [&](auto bytes) { return DecodePages(bytes, info_.span_count, file_->size_bytes()); };
    ASSIGN_OR_RETURN(pages_, sections_.Load<std::vector<PageEntry>>(Section::kPages, pages));
    page_begin_.push_back(0);
    for (const PageEntry& page : pages_) page_begin_.push_back(page_begin_.back() + page.row_count);
    const auto operations = [&](auto bytes) { return DecodeOperations(bytes, info_.span_count); };
    ASSIGN_OR_RETURN(operations_, sections_.Load<std::vector<BlockOperation>>(Section::kOperations, operations));
    if (sections_.Find(Section::kTraceFilter) != nullptr) {
      ASSIGN_OR_RETURN(filter_, sections_.Load<TraceFilter>(Section::kTraceFilter, TraceFilter::Parse));
    }
    return {};
  }

  const BlockInfo& info() const override { return info_; }
  const std::string& path() const override { return file_->path(); }
  const std::vector<BlockOperation>& operations() const override { return operations_; }

  bool MayHoldTrace(TraceId id) const override { return !filter_ || filter_->MayHold(id.low); }

  Result<std::optional<uint32_t>> FindTrace(TraceId id) override {
    if (!MayHoldTrace(id)) return std::optional<uint32_t>();
    ASSIGN_OR_RETURN(const auto ids, TraceIds());
    if (!std::ranges::binary_search(*ids, static_cast<uint32_t>(id.low))) return std::optional<uint32_t>();
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, sections_.Traces());
    return traces->Find(id);
  }

  Result<TraceColumns> Traces() override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, sections_.Traces());
    return TraceColumns{.id_high = traces->id_high,
                        .id_low = traces->id_low,
                        .start_ns = traces->start_ns,
                        .end_ns = traces->end_ns,
                        .row_begin = traces->row_begin,
                        .span_count = traces->span_count,
                        .error_count = traces->error_count,
                        .root_missing = traces->root_missing,
                        .root_service = traces->root_service,
                        .service_begin = traces->service_begin,
                        .service = traces->service,
                        .texts = &traces->texts,
                        .owner = traces};
  }

  Result<std::shared_ptr<const TraceBounds>> Bounds() override {
    const auto load = [&]() -> Result<TraceBounds> {
      if (sections_.Find(Section::kTraceBounds) != nullptr) {
        return sections_.Load<TraceBounds>(Section::kTraceBounds,
                                           [&](auto bytes) { return DecodeTraceBounds(bytes, page_count()); });
      }
      ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, sections_.Traces());
      return MakeTraceBounds(*traces, page_begin_);
    };
    return file_->Cached<TraceBounds>(CacheKey(CachedKind::kTraceBounds), load,
                                      [](const TraceBounds& bounds) { return bounds.size_bytes(); });
  }

  Result<TraceSummary> Summary(uint32_t trace) override {
    SPOOR_CHECK(trace < info_.trace_count);
    if (const auto traces = sections_.CachedTraces()) return traces->Summary(trace);
    // A few rows are wanted of many blocks: their tables together would not stay in the cache.
    return sections_.Load<TraceSummary>(Section::kTraces,
                                        [&](auto bytes) { return DecodeTraceSummary(bytes, info_.span_count, trace); });
  }

  uint32_t page_count() const override { return static_cast<uint32_t>(pages_.size()); }
  uint32_t page_begin(uint32_t page) const override { return page_begin_[page]; }
  bool PageOverlaps(uint32_t page, uint64_t start_min_ns, uint64_t start_max_ns) const override {
    return pages_[page].start_min_ns <= start_max_ns && pages_[page].start_max_ns >= start_min_ns;
  }

  bool PageIsWithin(uint32_t page, uint64_t start_min_ns, uint64_t start_max_ns) const override {
    return pages_[page].start_min_ns >= start_min_ns && pages_[page].start_max_ns <= start_max_ns;
  }

  Result<std::unique_ptr<SpanColumns>> Page(uint32_t page, const TraceTimes& times) override {
    ASSIGN_OR_RETURN(PageReader reader, OpenPage(page, times));
    return MakePageColumns(std::move(reader));
  }

  Result<TextPlaces> FindText(std::string_view text) override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const BlockTables> tables, sections_.Tables());
    TextPlaces places;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> code, sections_.FindCode(tables->dictionary, text));
    places.in_dictionary = code.has_value();
    if (places.in_dictionary || !HasRawColumns(tables->columns)) return places;
    if (sections_.Find(Section::kTextFilter) == nullptr) {
      places.raw.push_back({0, page_count()});
      return places;
    }
    ASSIGN_OR_RETURN(const std::shared_ptr<const TextFilterIndex> filter, sections_.TextFilter(page_count()));
    const uint64_t hash = TextFilterHash(text);
    for (const TextFilterGroup& group : filter->groups) {
      ASSIGN_OR_RETURN(const bool may_hold, sections_.TextFilterHolds(*filter, group, hash));
      for (uint32_t page = group.page_begin; may_hold && page < group.page_end; ++page) {
        ASSIGN_OR_RETURN(const bool holds, PageHoldsText(page, text));
        if (holds) places.raw.push_back({page, page + 1});
      }
    }
    return places;
  }

  Result<uint32_t> TypesOfKey(std::string_view key) override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const BlockTables> tables, sections_.Tables());
    ASSIGN_OR_RETURN(const std::optional<uint32_t> code, sections_.FindCode(tables->dictionary, key));
    uint32_t types = 0;
    if (!code) return types;
    for (size_t field = 0; field < tables->shapes.keys.size(); ++field) {
      if (tables->shapes.keys[field] == *code) types |= 1u << static_cast<uint8_t>(tables->shapes.types[field]);
    }
    return types;
  }

  Result<std::shared_ptr<const SpanBatch>> ReadRows(uint32_t begin, uint32_t end) override {
    SPOOR_CHECK(begin < end && end <= info_.span_count);
    ASSIGN_OR_RETURN(PageContext context, Context());
    ASSIGN_OR_RETURN(context.traces, sections_.Traces());
    RowReader rows(sections_, context);
    for (uint32_t row = begin; row < end;) {
      const auto page = static_cast<uint32_t>(std::ranges::upper_bound(page_begin_, row) - page_begin_.begin() - 1);
      const uint32_t until = std::min(end, page_begin_[page + 1]);
      ASSIGN_OR_RETURN(PageReader reader, PageReader::Open(context, page, pages_[page], page_begin_[page]));
      RETURN_IF_ERROR(rows.Append(std::move(reader), row - page_begin_[page], until - page_begin_[page]));
      row = until;
    }
    return rows.Finish();
  }

  Result<std::vector<uint32_t>> ParentRows(uint32_t page) override {
    ASSIGN_OR_RETURN(PageReader reader, OpenPage(page));
    return ReadParentRows(reader);
  }

 private:
  // The low 32 bits of all trace ids, sorted. Whoever looks for many traces in many blocks gets past the filters now
  // and then; this is small enough to stay in the cache for all blocks, which the tables are not.
  Result<std::shared_ptr<const std::vector<uint32_t>>> TraceIds() const {
    return file_->Cached<std::vector<uint32_t>>(
        CacheKey(CachedKind::kTraceIds),
        [&]() -> Result<std::vector<uint32_t>> {
          ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, sections_.Traces());
          std::vector<uint32_t> ids(traces->id_low.begin(), traces->id_low.end());
          std::vector<uint32_t> spare;
          RadixSort(ids, 32, spare);
          return ids;
        },
        [](const std::vector<uint32_t>& ids) { return ids.size() * sizeof(uint32_t); });
  }

  // Whether a raw column of the page has the text.
  Result<bool> PageHoldsText(uint32_t page, std::string_view text) const {
    ASSIGN_OR_RETURN(const PageReader reader, OpenPage(page));
    for (const StripEntry& strip : reader.directory().strips) {
      if (!reader.tables().columns.holds_searched_texts(strip.column)) continue;
      ASSIGN_OR_RETURN(const bool holds, reader.TextsHold(strip.column, text));
      if (holds) return true;
    }
    return false;
  }

  static bool HasRawColumns(const ColumnTable& columns) {
    return columns.raw_fixed_columns != 0 ||
           std::ranges::any_of(columns.attributes, &block_layout::AttributeColumn::raw);
  }

  Result<PageContext> Context() const {
    PageContext context{.file = file_.get(), .sections = &sections_};
    ASSIGN_OR_RETURN(context.tables, sections_.Tables());
    return context;
  }

  Result<PageReader> OpenPage(uint32_t page, const TraceTimes& times = {}) const {
    SPOOR_CHECK(page < pages_.size());
    ASSIGN_OR_RETURN(PageContext context, Context());
    context.times = times;
    return PageReader::Open(std::move(context), page, pages_[page], page_begin_[page]);
  }

  std::unique_ptr<BlockFile> file_;
  BlockSections sections_;
  BlockInfo info_;
  std::vector<PageEntry> pages_;
  std::vector<uint32_t> page_begin_;
  std::vector<BlockOperation> operations_;
  std::optional<TraceFilter> filter_;
};

}  // namespace

uint32_t TraceTimes::TraceOfRow(uint32_t row) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(row_begin, row) - row_begin.begin()) - 1;
}

bool TextPlaces::MayBeOn(uint32_t page) const {
  return in_dictionary || std::ranges::any_of(raw, [&](const Pages& p) { return page >= p.begin && page < p.end; });
}

Result<std::shared_ptr<Block>> Block::Open(FileSystem& files, const std::string& path, PageCache& cache) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  auto sections = ReadFooter(*file, size);
  if (!sections) return sections.error().Within(fmt::format("block {}", path));
  auto block =
      std::make_shared<FileBlock>(std::make_unique<BlockFile>(std::move(file), size, cache), std::move(*sections));
  RETURN_IF_ERROR(block->Load());
  return std::shared_ptr<Block>(std::move(block));
}

}  // namespace spoor
