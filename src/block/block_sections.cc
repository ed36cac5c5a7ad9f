#include "block/block_sections.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

namespace spoor {
namespace {

using block_layout::Section;

uint64_t ColumnKey(int owner, ValueType type, uint32_t key) {
  return key | uint64_t{static_cast<uint8_t>(type)} << 32 | static_cast<uint64_t>(owner) << 40;
}

void MapFields(BlockTables& tables) {
  boost::unordered_flat_map<uint64_t, uint32_t> columns;
  for (uint32_t i = 0; i < tables.columns.attributes.size(); ++i) {
    const block_layout::AttributeColumn& column = tables.columns.attributes[i];
    columns.try_emplace(ColumnKey(ListOwnerIndex(column.owner), column.type, column.key), i);
  }
  for (int owner = 0; owner < kListOwners; ++owner) {
    std::vector<uint32_t>& of_field = tables.column_of_field[static_cast<size_t>(owner)];
    of_field.assign(tables.shapes.keys.size(), BlockTables::kNoColumn);
    for (size_t field = 0; field < of_field.size(); ++field) {
      const ValueType type = tables.shapes.types[field];
      auto found = columns.find(ColumnKey(owner, type, tables.shapes.keys[field]));
      if (found == columns.end()) {
        found = columns.find(ColumnKey(owner, type, block_layout::AttributeColumn::kRareKeys));
      }
      if (found != columns.end()) of_field[field] = found->second;
    }
  }
}

// The first of `count` ascending texts that is not less than `text`.
uint32_t LowerBound(const TextColumn& texts, uint32_t count, std::string_view text) {
  uint32_t low = 0;
  uint32_t high = count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (texts[middle] < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

size_t EntityBytes(const EntityColumns& entities) { return entities.size() * 24 + entities.cells.size() * 8; }

size_t TextBytes(const TextColumn& texts) { return texts.bytes.size() + texts.size() * sizeof(size_t); }

}  // namespace

std::string_view SectionName(Section type) {
  switch (type) {
    case Section::kInfo: return "info";
    case Section::kPages: return "list of pages";
    case Section::kColumns: return "list of columns";
    case Section::kShapes: return "shapes";
    case Section::kDictionary: return "dictionary index";
    case Section::kResources: return "resources";
    case Section::kScopes: return "scopes";
    case Section::kTraces: return "trace table";
    case Section::kTraceFilter: return "trace filter";
    case Section::kOperations: return "operations";
    case Section::kTextFilter: return "text filter";
    case Section::kTraceBounds: return "trace bounds";
  }
  return "unknown section";
}

size_t BlockTables::size_bytes() const {
  return sizeof *this + dictionary.size() * 20 + TextBytes(dictionary.separators) + shapes.keys.size() * 17 +
         shapes.begin.size() * 4 + columns.attributes.size() * sizeof(block_layout::AttributeColumn) +
         EntityBytes(resources) + EntityBytes(scopes);
}

const SectionEntry* BlockSections::Find(Section type) const {
  const auto found = std::ranges::find(entries_, type, &SectionEntry::type);
  return found == entries_.end() ? nullptr : &*found;
}

uint64_t BlockSections::OffsetOf(Section type) const {
  const SectionEntry* entry = Find(type);
  return entry == nullptr ? 0 : entry->offset;
}

Error BlockSections::Tell(Section type, const Error& error) const {
  return file_.Tell(error, SectionName(type), OffsetOf(type));
}

Result<std::vector<std::byte>> BlockSections::Read(Section type) const {
  const SectionEntry* entry = Find(type);
  if (entry == nullptr) return Tell(type, Corrupt("it is missing"));
  auto bytes = file_.Read(entry->offset, entry->bytes, entry->checksum);
  if (!bytes) return Tell(type, bytes.error());
  return bytes;
}

Result<std::shared_ptr<const BlockTables>> BlockSections::Tables() const {
  return file_.Cached<BlockTables>(
      CacheKey(CachedKind::kTables), [&] { return LoadTables(); },
      [](const BlockTables& tables) { return tables.size_bytes(); });
}

Result<BlockTables> BlockSections::LoadTables() const {
  BlockTables tables;
  const auto dictionary = [&](auto bytes) { return DecodeDictionaryIndex(bytes, file_.size_bytes()); };
  ASSIGN_OR_RETURN(tables.dictionary, Load<DictionaryIndex>(Section::kDictionary, dictionary));
  const uint32_t strings = tables.dictionary.string_count();
  if (strings == 0) return Tell(Section::kDictionary, Corrupt("it is empty"));
  const auto shapes = [&](auto bytes) { return DecodeShapes(bytes, strings); };
  ASSIGN_OR_RETURN(tables.shapes, Load<ShapeTable>(Section::kShapes, shapes));
  const auto columns = [&](auto bytes) { return DecodeColumns(bytes, strings); };
  ASSIGN_OR_RETURN(tables.columns, Load<ColumnTable>(Section::kColumns, columns));
  const auto entities = [&](auto bytes) { return DecodeEntities(bytes, tables.shapes, strings); };
  ASSIGN_OR_RETURN(tables.resources, Load<EntityColumns>(Section::kResources, entities));
  ASSIGN_OR_RETURN(tables.scopes, Load<EntityColumns>(Section::kScopes, entities));
  MapFields(tables);
  return tables;
}

Result<std::shared_ptr<const TraceTable>> BlockSections::Traces() const {
  return file_.Cached<TraceTable>(
      CacheKey(CachedKind::kTraces),
      [&]() -> Result<TraceTable> {
        const auto decode = [&](auto bytes) { return DecodeTraceTable(bytes, span_count_); };
        ASSIGN_OR_RETURN(TraceTable table, Load<TraceTable>(Section::kTraces, decode));
        if (table.size() == trace_count_) return table;
        return Tell(Section::kTraces, Corrupt("it has another number of traces than the block"));
      },
      [](const TraceTable& table) { return table.size_bytes(); });
}

std::shared_ptr<const TraceTable> BlockSections::CachedTraces() const {
  return file_.FindCached<TraceTable>(CacheKey(CachedKind::kTraces));
}

Result<std::optional<uint32_t>> BlockSections::FindCode(const DictionaryIndex& index, std::string_view text) const {
  // A separator that may be cut does not tell which of the chunks before it has the text.
  for (uint32_t chunk = index.ChunkOfText(text); chunk < index.size(); --chunk) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const TextColumn> strings, Chunk(index, chunk));
    const uint32_t at = LowerBound(*strings, static_cast<uint32_t>(strings->size()), text);
    if (at < strings->size() && (*strings)[at] == text) return std::optional(index.code_begin[chunk] + at);
    if (index.separators[chunk].size() < block_layout::kSeparatorBytesMax) break;
  }
  return std::optional<uint32_t>();
}

Result<std::shared_ptr<const TextFilterIndex>> BlockSections::TextFilter(uint32_t page_count) const {
  const auto decode = [&](auto bytes) { return DecodeTextFilterIndex(bytes, page_count, file_.size_bytes()); };
  return file_.Cached<TextFilterIndex>(
      CacheKey(CachedKind::kTextFilter), [&] { return Load<TextFilterIndex>(Section::kTextFilter, decode); },
      [](const TextFilterIndex& index) { return index.size_bytes(); });
}

Result<bool> BlockSections::TextFilterHolds(const TextFilterIndex& index, const TextFilterGroup& group,
                                            uint64_t hash) const {
  const uint64_t bucket = BucketOf(group, hash);
  const uint64_t offset = index.offset[bucket];
  const auto holds = [&]() -> Result<bool> {
    ASSIGN_OR_RETURN(const std::vector<std::byte> bytes,
                     file_.Read(offset, index.bytes[bucket], index.checksum[bucket]));
    return BucketHolds(group, bytes, hash);
  };
  Result<bool> may = holds();
  if (!may) return file_.Tell(may.error(), "text filter bucket", offset);
  return may;
}

Result<std::shared_ptr<const TextColumn>> BlockSections::Chunk(const DictionaryIndex& index, uint32_t chunk) const {
  return file_.Cached<TextColumn>(
      CacheKey(CachedKind::kChunk, 0, chunk), [&] { return LoadChunk(index, chunk); }, TextBytes);
}

Result<TextColumn> BlockSections::LoadChunk(const DictionaryIndex& index, uint32_t chunk) const {
  const auto load = [&]() -> Result<TextColumn> {
    ASSIGN_OR_RETURN(const std::vector<std::byte> bytes,
                     file_.Read(index.offset[chunk], index.bytes[chunk], index.checksum[chunk]));
    return DecodeChunk(bytes, index.code_begin[chunk + 1] - index.code_begin[chunk]);
  };
  Result<TextColumn> strings = load();
  if (!strings) return file_.Tell(strings.error(), "dictionary chunk", index.offset[chunk]);
  return strings;
}

Result<std::shared_ptr<const Dictionary>> BlockSections::WholeDictionary() const {
  return file_.Cached<Dictionary>(
      CacheKey(CachedKind::kDictionary), [&] { return LoadDictionary(); },
      [](const Dictionary& dictionary) { return TextBytes(dictionary.strings); });
}

Result<Dictionary> BlockSections::LoadDictionary() const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const BlockTables> tables, Tables());
  Dictionary dictionary;
  TextColumn& all = dictionary.strings;
  for (uint32_t c = 0; c < tables->dictionary.size(); ++c) {
    ASSIGN_OR_RETURN(const TextColumn chunk, LoadChunk(tables->dictionary, c));
    const size_t base = all.bytes.size();
    all.bytes.insert(all.bytes.end(), chunk.bytes.begin(), chunk.bytes.end());
    for (const size_t end : chunk.end) all.end.push_back(base + end);
  }
  return dictionary;
}

}  // namespace spoor
