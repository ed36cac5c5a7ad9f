#include "block/merge_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/row_reader.h"

namespace spoor {

using block_layout::Section;

Result<std::unique_ptr<MergeSource>> MergeSource::Open(FileSystem& files, const std::string& path, PageCache& cache) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  auto sections = ReadFooter(*file, size);
  if (!sections) return sections.error().Within(fmt::format("block {}", path));
  auto block_file = std::make_unique<BlockFile>(std::move(file), size, cache);
  auto source = std::unique_ptr<MergeSource>(new MergeSource(std::move(block_file), std::move(*sections)));
  RETURN_IF_ERROR(source->Load());
  return source;
}

Status MergeSource::Load() {
  ASSIGN_OR_RETURN(info_, sections_.Load<BlockInfo>(Section::kInfo, DecodeInfo));
  info_.file_bytes = file_->size_bytes();
  sections_.set_counts(info_.span_count, info_.trace_count);
  const auto pages = [&](auto bytes) { return DecodePages(bytes, info_.span_count, file_->size_bytes()); };
  ASSIGN_OR_RETURN(pages_, sections_.Load<std::vector<PageEntry>>(Section::kPages, pages));
  for (const PageEntry& page : pages_) page_begin_.push_back(page_begin_.back() + page.row_count);
  const auto operations = [&](auto bytes) { return DecodeOperations(bytes, info_.span_count); };
  ASSIGN_OR_RETURN(operations_, sections_.Load<std::vector<BlockOperation>>(Section::kOperations, operations));
  context_.file = file_.get();
  context_.sections = &sections_;
  ASSIGN_OR_RETURN(context_.tables, sections_.Tables());
  ASSIGN_OR_RETURN(context_.traces, sections_.Traces());
  return {};
}

uint32_t MergeSource::PageOfRow(uint32_t row) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(page_begin_, row) - page_begin_.begin() - 1);
}

Result<PageReader> MergeSource::OpenPage(uint32_t page) const {
  return PageReader::Open(context_, page, pages_[page], page_begin_[page]);
}

Result<std::shared_ptr<const PageBatch>> MergeSource::ReadPage(uint32_t page, const RawTargets& raw) const {
  ASSIGN_OR_RETURN(PageReader reader, OpenPage(page));
  return PageBatch::Read(std::move(reader), sections_, raw);
}

Result<std::shared_ptr<const SpanBatch>> MergeSource::ReadRows(uint32_t begin, uint32_t end) const {
  RowReader rows(sections_, context_);
  for (uint32_t row = begin; row < end;) {
    const uint32_t page = PageOfRow(row);
    const uint32_t until = std::min(end, page_begin_[page + 1]);
    ASSIGN_OR_RETURN(PageReader reader, OpenPage(page));
    RETURN_IF_ERROR(rows.Append(std::move(reader), row - page_begin_[page], until - page_begin_[page]));
    row = until;
  }
  return rows.Finish();
}

}  // namespace spoor
