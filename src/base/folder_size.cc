#include "base/folder_size.h"

#include <utility>
#include <vector>

namespace spoor {

Result<uint64_t> FolderBytes(FileSystem& files, const std::string& folder) {
  uint64_t bytes = 0;
  std::vector<std::string> left{folder};
  while (!left.empty()) {
    const std::string path = std::move(left.back());
    left.pop_back();
    const auto entries = files.List(path);
    if (!entries) {
      if (path == folder) return entries.error();
      continue;
    }
    for (const FolderEntry& entry : *entries) {
      if (entry.is_folder) {
        left.push_back(path + "/" + entry.name);
      } else {
        bytes += entry.size_bytes;
      }
    }
  }
  return bytes;
}

}  // namespace spoor
