#include "block/block_merger.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "block/block_appender.h"
#include "block/block_tables.h"
#include "block/dictionary_merger.h"
#include "block/footer.h"
#include "block/merge_source.h"
#include "block/merged_columns.h"
#include "block/page_window.h"
#include "block/page_writer.h"
#include "block/trace_merger.h"
#include "block/trace_sections.h"

namespace spoor {
namespace {

using block_layout::Section;

// What is cached of small things: directories, orders, chunks of dictionaries.
constexpr size_t kCacheBytes = size_t{8} << 20;
// So much is written between two syncs: no sync of a log has to wait for more of ours.
constexpr uint64_t kSyncBytes = uint64_t{2} << 20;

std::string PathOf(const std::string& folder, uint64_t id) { return fmt::format("{}/{:020}.block", folder, id); }

class Merge {
 public:
  Merge(File& file, const BlockMerge& merge) : appender_(file, kSyncBytes), merge_(merge), cache_(kCacheBytes) {}

  Result<BlockInfo> Run(FileSystem& files) {
    RETURN_IF_ERROR(Open(files));
    ASSIGN_OR_RETURN(merged_, MergeTraces(sources_));
    RETURN_IF_ERROR(appender_.AppendHead());
    DictionaryWriter dictionary(appender_);
    ASSIGN_OR_RETURN(std::vector<std::vector<uint32_t>> codes, MergeDictionaries(sources_, dictionary));
    RETURN_IF_ERROR(Tell());
    ASSIGN_OR_RETURN(columns_, MergeColumns(sources_, std::move(codes)));
    RETURN_IF_ERROR(CheckSizes(dictionary.string_count()));
    MakeInfo();
    RETURN_IF_ERROR(AppendPages());
    RETURN_IF_ERROR(dictionary.AppendIndex());
    RETURN_IF_ERROR(AppendTables());
    RETURN_IF_ERROR(AppendTraceSections(merged_.traces.table, page_begin_, appender_));
    RETURN_IF_ERROR(AppendOperations());
    ByteWriter info;
    EncodeInfo(info_, info);
    RETURN_IF_ERROR(appender_.AppendRequired(Section::kInfo, info));
    RETURN_IF_ERROR(appender_.AppendFooter());
    info_.file_bytes = appender_.offset();
    return info_;
  }

 private:
  Status Open(FileSystem& files) {
    for (const std::string& path : merge_.paths) {
      ASSIGN_OR_RETURN(auto source, MergeSource::Open(files, path, cache_));
      read_bytes_ += source->info().file_bytes;
      sources_.push_back(std::move(source));
    }
    return {};
  }

  // Tells what was read (as far as pages, all of what was opened) and written.
  Status Tell() {
    if (!merge_.on_progress) return {};
    const uint64_t written = appender_.offset() - std::exchange(told_bytes_, appender_.offset());
    if (merge_.on_progress(std::exchange(read_bytes_, 0), written)) return {};
    return Error(Code::kCancelled, "the store is stopping");
  }

  // As of the writer: what a reader would refuse to believe must not be written.
  Status CheckSizes(uint32_t strings) const {
    uint64_t operations = 0;
    for (const auto& source : sources_) operations += source->operations().size();
    if (merged_.order.rows.size() > block_layout::kSpansMax || merged_.traces.table.size() > block_layout::kTracesMax ||
        strings > block_layout::kStringsMax || columns_.shapes.size() > block_layout::kEntitiesMax ||
        columns_.shapes.field_count() > block_layout::kCellsMax ||
        std::max(columns_.resources.entities.size(), columns_.scopes.entities.size()) > block_layout::kEntitiesMax ||
        std::max(columns_.resources.cells.size(), columns_.scopes.cells.size()) > block_layout::kCellsMax ||
        operations > block_layout::kEntitiesMax ||
        merged_.traces.table.texts.bytes.size() > block_layout::kTableTextBytesMax) {
      return TooLarge("the spans are too many or too different for one block");
    }
    return {};
  }

  void MakeInfo() {
    const TraceTable& table = merged_.traces.table;
    info_ = sources_.front()->info();
    info_.id = merge_.id;
    info_.span_count = static_cast<uint32_t>(merged_.order.rows.size());
    info_.trace_count = table.size();
    info_.start_min_ns = table.start_ns.front();
    info_.trace_start_max_ns = table.start_ns.back();
    info_.replaces.clear();
    for (const auto& source : sources_) {
      const BlockInfo& of = source->info();
      info_.replaces.push_back(of.id);
      info_.arrival_min_ns = std::min(info_.arrival_min_ns, of.arrival_min_ns);
      info_.arrival_max_ns = std::max(info_.arrival_max_ns, of.arrival_max_ns);
      info_.wal_first_sequence = std::min(info_.wal_first_sequence, of.wal_first_sequence);
      info_.wal_last_sequence = std::max(info_.wal_last_sequence, of.wal_last_sequence);
    }
  }

  Status AppendPages() {
    PageWindow window(sources_, columns_.raw, merged_, merge_.page_bytes_max);
    PageInput input{.batches = window.batches(), .ids = {}, .shapes = columns_.shapes};
    for (size_t source = 0; source < sources_.size(); ++source) {
      input.ids.insert(input.ids.end(), sources_[source]->page_count(), &columns_.ids[source]);
    }
    input.is_raw = columns_.is_raw;
    input.target_of_field = std::move(columns_.target_of_field);
    input.columns = columns_.columns.attributes;
    input.all_zero = columns_.all_zero;
    input.counts_span_text = columns_.counts_span_text;
    PageWriter pages(appender_, input, merged_.order, merged_.traces);
    while (pages.next_row() < merged_.order.rows.size()) {
      RETURN_IF_ERROR(window.MoveTo(pages.next_row()));
      RETURN_IF_ERROR(pages.WriteNext());
      RETURN_IF_ERROR(Tell());
    }
    info_.start_max_ns = pages.start_max_ns();
    page_begin_.assign(pages.page_begin().begin(), pages.page_begin().end());
    return pages.Finish();
  }

  Status AppendTables() {
    ByteWriter section;
    ShapeTable shapes;
    for (uint32_t field = 0; field < columns_.shapes.field_count(); ++field) {
      shapes.keys.push_back(columns_.shapes.key(field));
      shapes.types.push_back(columns_.shapes.type(field));
    }
    for (uint32_t shape = 0; shape < columns_.shapes.size(); ++shape) {
      shapes.begin.push_back(columns_.shapes.begin(shape + 1));
    }
    EncodeShapes(shapes, section);
    RETURN_IF_ERROR(appender_.AppendRequired(Section::kShapes, section));
    RETURN_IF_ERROR(AppendEntities(Section::kResources, columns_.resources));
    RETURN_IF_ERROR(AppendEntities(Section::kScopes, columns_.scopes));
    section.Clear();
    EncodeColumns(columns_.columns, section);
    return appender_.AppendRequired(Section::kColumns, section);
  }

  Status AppendEntities(Section type, EntityTable& table) {
    EntityColumns columns;
    for (const Entity& entity : table.entities) {
      columns.name.push_back(entity.name);
      columns.version.push_back(entity.version);
      columns.schema_url.push_back(entity.schema_url);
      columns.dropped_attributes.push_back(entity.dropped_attributes);
      columns.shape.push_back(entity.shape);
    }
    columns.cells = std::move(table.cells);
    ByteWriter section;
    EncodeEntities(columns, section);
    return appender_.AppendRequired(type, section);
  }

  Status AppendOperations() {
    std::vector<BlockOperation> operations;
    for (const auto& source : sources_) {
      operations.insert(operations.end(), source->operations().begin(), source->operations().end());
    }
    const auto key = [](const BlockOperation& o) { return std::tie(o.service, o.name, o.kind); };
    std::ranges::sort(operations, {}, key);
    const auto same = [&](const BlockOperation& a, const BlockOperation& b) { return key(a) == key(b); };
    operations.erase(std::unique(operations.begin(), operations.end(), same), operations.end());
    ByteWriter section;
    EncodeOperations(operations, section);
    return appender_.AppendRequired(Section::kOperations, section);
  }

  BlockAppender appender_;
  const BlockMerge& merge_;
  PageCache cache_;
  std::vector<std::unique_ptr<MergeSource>> sources_;
  MergedTraces merged_;
  MergedColumns columns_;
  BlockInfo info_;
  std::vector<uint32_t> page_begin_;
  uint64_t read_bytes_ = 0;
  uint64_t told_bytes_ = 0;
};

Result<BlockInfo> WriteFile(FileSystem& files, const std::string& path, const BlockMerge& merge) {
  // What a crash left behind.
  if (Status removed = files.Remove(path); !removed && removed.error().code != Code::kNotFound) return removed.error();
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kCreateNew));
  ASSIGN_OR_RETURN(BlockInfo info, Merge(*file, merge).Run(files));
  RETURN_IF_ERROR(file->Sync());
  return info;
}

}  // namespace

Result<BlockInfo> MergeBlocks(FileSystem& files, const std::string& folder, const BlockMerge& merge) {
  auto info = WriteFile(files, PathOf(folder, merge.id) + ".tmp", merge);
  if (info) return info;
  DiscardMerged(files, folder, merge.id);
  return std::move(info).error().Within("merge blocks");
}

Status PublishMerged(FileSystem& files, const std::string& folder, uint64_t id) {
  const std::string path = PathOf(folder, id);
  RETURN_IF_ERROR(files.Rename(path + ".tmp", path));
  return files.SyncFolder(folder);
}

void DiscardMerged(FileSystem& files, const std::string& folder, uint64_t id) {
  // Where it cannot be removed, the next start does it.
  static_cast<void>(files.Remove(PathOf(folder, id) + ".tmp"));
}

}  // namespace spoor
