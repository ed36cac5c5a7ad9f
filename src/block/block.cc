#include "block/block.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/block_sections.h"
#include "block/page_columns.h"
#include "block/page_reader.h"
#include "block/row_reader.h"
#include "block/trace_filter.h"

namespace spoor {
namespace {

using block_layout::Section;

class FileBlock final : public Block {
 public:
  FileBlock(std::unique_ptr<BlockFile> file, std::vector<SectionEntry> sections)
      : file_(std::move(file)), sections_(*file_, std::move(sections), 0) {}

  // Reads what is kept in memory.
  Status Load() {
    ASSIGN_OR_RETURN(info_, sections_.Load<BlockInfo>(Section::kInfo, DecodeInfo));
    info_.file_bytes = file_->size_bytes();
    sections_.set_span_count(info_.span_count);
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
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, TheTraces());
    return traces->Find(id);
  }

  Result<TraceColumns> Traces() override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, TheTraces());
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

  Result<TraceSummary> Summary(uint32_t trace) override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, TheTraces());
    SPOOR_CHECK(trace < traces->size());
    return traces->Summary(trace);
  }

  uint32_t page_count() const override { return static_cast<uint32_t>(pages_.size()); }
  uint32_t page_begin(uint32_t page) const override { return page_begin_[page]; }
  bool PageOverlaps(uint32_t page, uint64_t start_min_ns, uint64_t start_max_ns) const override {
    return pages_[page].start_min_ns <= start_max_ns && pages_[page].start_max_ns >= start_min_ns;
  }

  Result<std::unique_ptr<SpanColumns>> Page(uint32_t page) override {
    ASSIGN_OR_RETURN(PageReader reader, OpenPage(page));
    ASSIGN_OR_RETURN(std::shared_ptr<const Dictionary> dictionary, sections_.WholeDictionary());
    return MakePageColumns(std::move(reader), std::move(dictionary));
  }

  Result<bool> MayHoldText(std::string_view text) override {
    ASSIGN_OR_RETURN(const std::shared_ptr<const BlockTables> tables, sections_.Tables());
    const bool has_raw = tables->columns.raw_fixed_columns != 0 ||
                         std::ranges::any_of(tables->columns.attributes, &block_layout::AttributeColumn::raw);
    if (has_raw) return true;
    const uint32_t chunk = tables->dictionary.ChunkOfText(text);
    if (chunk == tables->dictionary.size()) return false;
    if (tables->dictionary.separators[chunk].size() == block_layout::kSeparatorBytesMax) return true;  // maybe cut
    ASSIGN_OR_RETURN(const std::shared_ptr<const TextColumn> strings, sections_.Chunk(tables->dictionary, chunk));
    size_t low = 0;
    size_t high = strings->size();
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if ((*strings)[middle] < text) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < strings->size() && (*strings)[low] == text;
  }

  Result<std::shared_ptr<const SpanBatch>> ReadRows(uint32_t begin, uint32_t end) override {
    SPOOR_CHECK(begin < end && end <= info_.span_count);
    ASSIGN_OR_RETURN(PageContext context, Context());
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
          ASSIGN_OR_RETURN(const std::shared_ptr<const TraceTable> traces, TheTraces());
          std::vector<uint32_t> ids(traces->id_low.begin(), traces->id_low.end());
          std::ranges::sort(ids);
          return ids;
        },
        [](const std::vector<uint32_t>& ids) { return ids.size() * sizeof(uint32_t); });
  }

  Result<std::shared_ptr<const TraceTable>> TheTraces() const {
    ASSIGN_OR_RETURN(std::shared_ptr<const TraceTable> traces, sections_.Traces());
    if (traces->size() != info_.trace_count) {
      return sections_.Tell(Section::kTraces, Corrupt("it has another number of traces than the block"));
    }
    return traces;
  }

  Result<PageContext> Context() const {
    PageContext context{.file = file_.get()};
    ASSIGN_OR_RETURN(context.tables, sections_.Tables());
    ASSIGN_OR_RETURN(context.traces, TheTraces());
    return context;
  }

  Result<PageReader> OpenPage(uint32_t page) const {
    SPOOR_CHECK(page < pages_.size());
    ASSIGN_OR_RETURN(PageContext context, Context());
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
