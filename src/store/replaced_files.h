// ReplacedFiles: the files of blocks that others have replaced, until they are gone for good.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/file_system.h"

namespace spoor {

// While one may be there, the block that replaces it must stay: with that gone, the next start would take the old one
// for a block as any other. Thread-safe; no lock is held during I/O.
class ReplacedFiles {
 public:
  // `folder` holds the blocks.
  ReplacedFiles(FileSystem& files, const std::string& folder) : files_(files), folder_(folder) {}

  void Add(std::span<const uint64_t> block_ids);
  // Removes what is left, and makes that durable. False where something may still be there: a removal failed, which is
  // logged, or somebody else is at it.
  bool RemoveAll();

 private:
  // False where one of them may be there.
  bool Remove(std::span<const uint64_t> block_ids);

  FileSystem& files_;
  const std::string& folder_;

  std::mutex mutex_;
  boost::unordered_flat_set<uint64_t> left_;
  bool is_removing_ = false;
};

}  // namespace spoor
