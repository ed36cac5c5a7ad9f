// BlockFile: checked reads of one block file, and its share of the page cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/page_cache.h"

namespace spoor {

// What is cached of a block. The kind is part of the key, so that nothing is ever taken for something else.
enum class CachedKind : uint8_t {
  kTables,
  kTraces,
  kDictionary,
  kChunk,      // of the dictionary, by number
  kDirectory,  // by page
  kStrip,      // by page and column
  kByRow,      // the same, put in order of rows
  kOrder,      // by page
  kTraceIds,
  kTextFilter,
  kTraceBounds,
};
constexpr uint64_t CacheKey(CachedKind kind, uint32_t page = 0, uint32_t column = 0) {
  return uint64_t{static_cast<uint8_t>(kind)} << 60 | uint64_t{page} << 32 | column;  // pages have 28 bits
}

// Thread-safe.
class BlockFile {
 public:
  // `cache` must outlive it.
  BlockFile(std::unique_ptr<File> file, uint64_t size_bytes, PageCache& cache)
      : file_(std::move(file)), size_bytes_(size_bytes), cache_(cache), owner_(cache.NewOwner()) {}
  ~BlockFile() { cache_.Erase(owner_); }
  BlockFile(const BlockFile&) = delete;
  BlockFile& operator=(const BlockFile&) = delete;

  const std::string& path() const { return file_->path(); }
  const File& file() const { return *file_; }
  uint64_t size_bytes() const { return size_bytes_; }

  // The bytes there, or kCorrupt where their checksum is another. The caller says what they are.
  Result<std::vector<std::byte>> Read(uint64_t offset, size_t bytes, uint32_t checksum) const;

  // The error as it leaves the block: "block PATH: WHAT at OFFSET: ...".
  Error Tell(const Error& error, std::string_view what, uint64_t offset) const;

  // What is cached under `key` (of this file); null where nothing is.
  template <class T>
  std::shared_ptr<const T> FindCached(uint64_t key) const {
    return std::static_pointer_cast<const T>(cache_.Find(owner_, key));
  }

  // What is cached under `key` (of this file), or what `load` (→ Result<T>) makes, which is cached then.
  // `size` (T → bytes) is asked for what is new.
  template <class T, class Load, class Size>
  Result<std::shared_ptr<const T>> Cached(uint64_t key, Load load, Size size) const {
    if (auto found = std::static_pointer_cast<const T>(cache_.Find(owner_, key))) return found;
    ASSIGN_OR_RETURN(T loaded, load());
    auto value = std::make_shared<const T>(std::move(loaded));
    cache_.Insert(owner_, key, value, size(*value));
    return std::shared_ptr<const T>(std::move(value));
  }

 private:
  std::unique_ptr<File> file_;
  const uint64_t size_bytes_;
  PageCache& cache_;
  const uint64_t owner_;
};

}  // namespace spoor
