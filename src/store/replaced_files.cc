#include "store/replaced_files.h"

#include <algorithm>
#include <vector>

#include "base/log.h"
#include "store/seal.h"

namespace spoor {

void ReplacedFiles::Add(std::span<const uint64_t> block_ids) {
  const std::lock_guard lock(mutex_);
  left_.insert(block_ids.begin(), block_ids.end());
}

bool ReplacedFiles::RemoveAll() {
  std::vector<uint64_t> ids;
  {
    const std::lock_guard lock(mutex_);
    if (is_removing_) return false;
    if (left_.empty()) return true;
    is_removing_ = true;
    ids.assign(left_.begin(), left_.end());
  }
  std::ranges::sort(ids);
  const bool are_gone = Remove(ids);
  const std::lock_guard lock(mutex_);
  is_removing_ = false;
  if (!are_gone) return false;
  for (const uint64_t id : ids) left_.erase(id);
  return left_.empty();
}

bool ReplacedFiles::Remove(std::span<const uint64_t> block_ids) {
  bool are_gone = true;
  for (const uint64_t id : block_ids) {
    const Status removed = files_.Remove(folder_ + "/" + BlockFileName(id));
    if (removed || removed.error().code == Code::kNotFound) continue;
    LogWarn("merged block not removed, trying again later", {{"reason", removed.error().message}});
    are_gone = false;
  }
  const Status synced = files_.SyncFolder(folder_);
  if (!synced) LogWarn("folder of blocks not synced", {{"reason", synced.error().message}});
  return are_gone && synced;
}

}  // namespace spoor
