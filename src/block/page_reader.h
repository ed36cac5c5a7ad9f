// PageReader: the columns of one page, read from the file and decoded, whole or in part.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "block/block.h"
#include "block/block_sections.h"
#include "block/page_encoder.h"
#include "model/span_columns.h"

namespace spoor {

struct StripEntry {
  uint32_t column = 0;
  uint32_t count = 0;
  uint64_t min = 0;
  uint64_t max = 0;
  uint64_t offset = 0;
  uint32_t bytes = 0;
  uint32_t checksum = 0;
};

struct PageDirectory {
  std::vector<StripEntry> strips;  // by column

  const StripEntry* Find(uint32_t column) const;
};

// How rows of a page and places in the columns that stand by name belong together (block/page_order.h).
struct PageOrder {
  std::vector<uint32_t> row_of;    // by place
  std::vector<uint32_t> place_of;  // by row
};

// What all readers of a block's pages share, and keep alive.
struct PageContext {
  const BlockFile* file = nullptr;
  const BlockSections* sections = nullptr;
  std::shared_ptr<const BlockTables> tables;
  std::shared_ptr<const TraceTable> traces;  // null until they are asked for
  TraceTimes times;                          // the same
};

// One thread's at a time. Errors name file, page, column and offset.
class PageReader {
 public:
  // Reads the directory of `page`, whose first row is `row_begin`.
  static Result<PageReader> Open(PageContext context, uint32_t page, const PageEntry& entry, uint32_t row_begin);

  // Reads all strips at once: for those who need most of them. They are taken from there, and not cached, afterwards.
  Status ReadAhead();

  uint32_t rows() const { return entry_.row_count; }
  uint32_t row_begin() const { return row_begin_; }
  const BlockTables& tables() const { return *context_.tables; }
  // Reads the trace table where the context lacks it.
  Result<const TraceTable*> Traces();
  Result<TraceTimes> Times();
  const PageContext& context() const { return context_; }
  const PageDirectory& directory() const { return *directory_; }
  const StripEntry* Find(uint32_t column) const { return directory_->Find(column); }

  // The whole column, which must have `count` numbers, none above `max`. Cached.
  template <class T>
  Result<Column<T>> Numbers(uint32_t column, size_t count, uint64_t max);
  template <class T>
  Result<Column<T>> Numbers(block_layout::FixedColumn column, size_t count, uint64_t max) {
    return Numbers<T>(static_cast<uint32_t>(column), count, max);
  }
  // A fixed column that stands by name, in order of rows. Cached.
  template <class T>
  Result<Column<T>> NumbersByRow(block_layout::FixedColumn column, uint64_t max);
  // What `load` (→ Result<std::vector<T>>) makes of such a column. Cached.
  template <class T, class Load>
  Result<Column<T>> CachedByRow(block_layout::FixedColumn column, Load load) {
    ASSIGN_OR_RETURN(
        const std::shared_ptr<const std::vector<T>> numbers,
        context_.file->Cached<std::vector<T>>(CacheKey(CachedKind::kByRow, page_, static_cast<uint32_t>(column)), load,
                                              [](const auto& v) { return v.size() * sizeof(T); }));
    return Column<T>{*numbers, numbers};
  }
  Result<std::shared_ptr<const PageOrder>> Order();
  // Numbers `begin` .. `begin + out.size()` of a column that has at least as many, none above `max`. Not cached.
  Status NumbersAt(uint32_t column, size_t begin, uint64_t max, std::span<uint64_t> out);

  // A raw column of `count` texts. Cached.
  Result<std::shared_ptr<const TextColumn>> Texts(uint32_t column, size_t count);

  // Whether a raw column has that text here. Reads its strip, and caches nothing.
  Result<bool> TextsHold(uint32_t column, std::string_view text) const;

  // What is wrong with a column, told with its place.
  Error Tell(uint32_t column, const Error& error) const;
  Error Tell(block_layout::FixedColumn column, const Error& error) const {
    return Tell(static_cast<uint32_t>(column), error);
  }

 private:
  PageReader(PageContext context, uint32_t page, const PageEntry& entry, uint32_t row_begin)
      : context_(std::move(context)), page_(page), entry_(entry), row_begin_(row_begin) {}

  Result<PageOrder> LoadOrder();
  // The bytes of a strip, checked; `keep` holds them where they were read for this.
  Result<std::span<const std::byte>> Bytes(const StripEntry& strip, std::vector<std::byte>& keep) const;

  PageContext context_;
  uint32_t page_;
  PageEntry entry_;
  uint32_t row_begin_;
  std::shared_ptr<const PageDirectory> directory_;
  std::vector<std::byte> ahead_;  // all strips, once they were read
};

}  // namespace spoor
