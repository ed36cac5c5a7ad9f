#include "block/block_regions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "block/block_sections.h"
#include "block/checksum.h"
#include "block/footer.h"
#include "block/page_reader.h"
#include "block/trace_bounds.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;
using block_layout::kFirstAttributeColumn;
using block_layout::Section;

constexpr size_t kCacheBytes = size_t{8} << 20;

std::string_view EncodingName(uint8_t encoding) {
  switch (static_cast<NumberEncoding>(encoding)) {
    case NumberEncoding::kConstant: return "constant";
    case NumberEncoding::kPacked: return "packed";
    case NumberEncoding::kPlanes: return "planes";
    case NumberEncoding::kDictionary: return "dictionary";
    case NumberEncoding::kAscending: return "ascending";
    case NumberEncoding::kRuns: return "runs";
    case NumberEncoding::kWidths: return "widths";
  }
  return "an unknown encoding";
}

std::string_view TextModeName(uint8_t mode) {
  constexpr std::string_view kNames[] = {"by length", "by position", "hexadecimal", "decimal", "IPv4"};
  return mode < std::size(kNames) ? kNames[mode] : "an unknown mode";
}

std::string_view OwnerName(AttributeOwner owner) {
  return owner == AttributeOwner::kSpan ? "span" : owner == AttributeOwner::kEvent ? "event" : "link";
}

std::string_view TypeName(ValueType type) {
  constexpr std::string_view kNames[] = {"empty", "string", "boolean", "integer", "double", "bytes", "array", "map"};
  return kNames[static_cast<size_t>(type)];
}

class Lister {
 public:
  Lister(BlockFile& file, std::vector<SectionEntry> sections, BlockRegions& out)
      : file_(file), entries_(sections), sections_(file, std::move(sections)), out_(out) {}

  void Run() {
    Add(0, block_layout::kHeadBytes, "head: \"SPOORBLK\", version, zero");
    for (const SectionEntry& entry : entries_) {
      const bool is_required = (entry.flags & block_layout::kSectionRequired) != 0;
      Add(entry.offset, entry.bytes,
          fmt::format("section {}: {}{}", static_cast<uint32_t>(entry.type), SectionName(entry.type),
                      is_required ? "" : ", skippable"),
          entry.checksum);
    }
    const auto info = sections_.Load<BlockInfo>(Section::kInfo, DecodeInfo);
    if (!info) {
      Miss(info.error());
      return AddTail();
    }
    out_.info = *info;
    out_.info.file_bytes = file_.size_bytes();
    Describe(Section::kInfo, fmt::format("block {}, {} spans, {} traces, records {} to {}, replaces {} blocks",
                                         info->id, info->span_count, info->trace_count, info->wal_first_sequence,
                                         info->wal_last_sequence, info->replaces.size()));
    sections_.set_counts(info->span_count, info->trace_count);
    const auto tables = sections_.Tables();
    if (!tables) Miss(tables.error());
    if (tables) AddTables(**tables);
    AddPages(info->span_count, tables ? &**tables : nullptr);
    if (sections_.Find(Section::kTextFilter) != nullptr) AddTextFilter();
    if (sections_.Find(Section::kTraceBounds) != nullptr) AddTraceBounds();
    if (const auto traces = sections_.Traces(); !traces) Miss(traces.error());
    AddTail();
  }

 private:
  void Add(uint64_t offset, uint64_t bytes, std::string what, std::optional<uint32_t> checksum = {},
           bool is_inner = false) {
    out_.regions.push_back({offset, bytes, checksum, std::move(what), is_inner});
  }
  void Miss(const Error& error) { out_.problems.push_back(error); }

  // Says more of a section that stands in the list.
  void Describe(Section type, const std::string& more) {
    const SectionEntry* entry = sections_.Find(type);
    for (BlockRegion& region : out_.regions) {
      if (entry != nullptr && region.offset == entry->offset && region.bytes == entry->bytes) {
        region.what += ": " + more;
        return;
      }
    }
  }

  void AddTables(const BlockTables& tables) {
    const DictionaryIndex& index = tables.dictionary;
    Describe(Section::kDictionary, fmt::format("{} chunks, {} strings, {} of them texts", index.size(),
                                               index.string_count(), index.text_count));
    Describe(Section::kShapes, fmt::format("{} shapes, {} fields", tables.shapes.size(), tables.shapes.keys.size()));
    Describe(Section::kResources, fmt::format("{} resources", tables.resources.size()));
    Describe(Section::kScopes, fmt::format("{} scopes", tables.scopes.size()));
    Describe(Section::kColumns, fmt::format("{} attribute columns", tables.columns.attributes.size()));
    for (uint32_t chunk = 0; chunk < index.size(); ++chunk) {
      Add(index.offset[chunk], index.bytes[chunk],
          fmt::format("dictionary chunk {}: {} {}, codes from {}", chunk,
                      index.code_begin[chunk + 1] - index.code_begin[chunk],
                      index.code_begin[chunk] < index.text_count ? "texts" : "bytes and nested values",
                      index.code_begin[chunk]),
          index.checksum[chunk]);
    }
  }

  void AddPages(uint32_t span_count, const BlockTables* tables) {
    const auto decode = [&](auto bytes) { return DecodePages(bytes, span_count, file_.size_bytes()); };
    const auto pages = sections_.Load<std::vector<PageEntry>>(Section::kPages, decode);
    if (!pages) return Miss(pages.error());
    Describe(Section::kPages, fmt::format("{} pages", pages->size()));
    uint32_t row = 0;
    page_count_ = static_cast<uint32_t>(pages->size());
    for (uint32_t page = 0; page < pages->size(); ++page) {
      const PageEntry& entry = (*pages)[page];
      std::string what = fmt::format("page {}: directory, rows {} to {}, starts {} to {}", page, row,
                                     row + entry.row_count - 1, entry.start_min_ns, entry.start_max_ns);
      Add(entry.offset, entry.directory_bytes, std::move(what), entry.directory_checksum);
      const auto reader = PageReader::Open({.file = &file_, .tables = nullptr, .traces = nullptr}, page, entry, row);
      if (!reader) Miss(reader.error());
      if (reader) AddStrips(page, reader->directory(), tables);
      row += entry.row_count;
    }
  }

  void AddTextFilter() {
    const auto filter = sections_.TextFilter(page_count_);
    if (!filter) return Miss(filter.error());
    const TextFilterIndex& index = **filter;
    Describe(Section::kTextFilter, fmt::format("{} groups, {} buckets", index.groups.size(), index.offset.size()));
    for (const TextFilterGroup& group : index.groups) {
      for (uint64_t bucket = 0; bucket < group.bucket_count(); ++bucket) {
        const uint64_t at = group.first_bucket + bucket;
        Add(index.offset[at], index.bytes[at],
            fmt::format("text filter of pages {} to {}: bucket {}, hashes of {} bits", group.page_begin,
                        group.page_end - 1, bucket, group.hash_bits),
            index.checksum[at]);
      }
    }
  }

  void AddTraceBounds() {
    const auto decode = [&](auto bytes) { return DecodeTraceBounds(bytes, page_count_); };
    const auto bounds = sections_.Load<TraceBounds>(Section::kTraceBounds, decode);
    if (!bounds) return Miss(bounds.error());
    Describe(Section::kTraceBounds,
             fmt::format("{} services, {} entries", bounds->services.size(), bounds->entries.size()));
  }

  void AddStrips(uint32_t page, const PageDirectory& directory, const BlockTables* tables) {
    for (const StripEntry& strip : directory.strips) {
      std::byte first{};
      if (strip.bytes > 0) static_cast<void>(file_.file().Read(strip.offset, std::span(&first, 1)));
      const auto how = static_cast<uint8_t>(first);
      const bool is_raw = IsRaw(strip.column, tables);
      std::string what = fmt::format("page {}/{}: {} {}, {}", page, NameOf(strip.column, tables), strip.count,
                                     is_raw ? "texts" : "numbers", is_raw ? TextModeName(how) : EncodingName(how));
      if (!is_raw) what += fmt::format(", {} to {}", strip.min, strip.max);
      Add(strip.offset, strip.bytes, std::move(what), strip.checksum, true);
    }
  }

  static bool IsRaw(uint32_t column, const BlockTables* tables) {
    if (tables == nullptr) return false;
    if (column < kFirstAttributeColumn) return tables->columns.is_raw(static_cast<FixedColumn>(column));
    const uint32_t attribute = column - kFirstAttributeColumn;
    return attribute < tables->columns.attributes.size() && tables->columns.attributes[attribute].raw;
  }

  std::string NameOf(uint32_t column, const BlockTables* tables) const {
    if (column < kFirstAttributeColumn) {
      return std::string(block_layout::FixedColumnName(static_cast<FixedColumn>(column)));
    }
    const uint32_t attribute = column - kFirstAttributeColumn;
    if (tables == nullptr || attribute >= tables->columns.attributes.size()) {
      return fmt::format("attribute column {}", attribute);
    }
    const block_layout::AttributeColumn& of = tables->columns.attributes[attribute];
    return fmt::format("{} attribute {} ({})", OwnerName(of.owner), KeyOf(of, *tables), TypeName(of.type));
  }

  std::string KeyOf(const block_layout::AttributeColumn& column, const BlockTables& tables) const {
    if (column.key == block_layout::AttributeColumn::kRareKeys) return "(rare keys)";
    const uint32_t chunk = tables.dictionary.ChunkOfCode(column.key);
    const auto strings = sections_.Chunk(tables.dictionary, chunk);
    if (!strings) return fmt::format("of code {}", column.key);
    return std::string((**strings)[column.key - tables.dictionary.code_begin[chunk]]);
  }

  void AddTail() {
    const uint64_t footer_bytes = block_layout::kFooterHeadBytes + entries_.size() * block_layout::kSectionEntryBytes;
    const uint64_t tail = file_.size_bytes() - block_layout::kTailBytes;
    Add(tail - footer_bytes, footer_bytes, fmt::format("footer: version, {} sections", entries_.size()));
    Add(tail, block_layout::kTailBytes, "tail: length and checksum of the footer, \"SPOORBLK\"");
  }

  BlockFile& file_;
  const std::vector<SectionEntry> entries_;
  BlockSections sections_;
  BlockRegions& out_;
  uint32_t page_count_ = 0;
};

}  // namespace

Result<BlockRegions> ListBlockRegions(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  auto sections = ReadFooter(*file, size);
  if (!sections) return sections.error().Within(fmt::format("block {}", path));
  PageCache cache(kCacheBytes);
  BlockFile block(std::move(file), size, cache);
  BlockRegions regions{.file_bytes = size, .info = {}, .regions = {}, .problems = {}};
  Lister(block, *std::move(sections), regions).Run();
  std::ranges::stable_sort(regions.regions, {}, &BlockRegion::offset);
  return regions;
}

Status CheckBlockRegion(const File& file, const BlockRegion& region) {
  if (!region.checksum) return {};
  std::vector<std::byte> bytes(region.bytes);
  RETURN_IF_ERROR(file.Read(region.offset, bytes));
  const Status right = VerifyChecksum(bytes, *region.checksum);
  if (right) return right;
  return right.error().Within(fmt::format("block {}: {} at {}", file.path(), region.what, region.offset));
}

}  // namespace spoor
