#include "app/store_folder.h"

#include <fmt/format.h>

#include "app/config.h"
#include "base/clock.h"

namespace spoor {
namespace {

bool IsFolder(FileSystem& files, const std::string& path) { return files.List(path).has_value(); }

}  // namespace

std::string StoreFolderOf(FileSystem& files, const std::string& folder) {
  const std::string inner = folder + "/tenants/default";
  return !IsFolder(files, inner) && (IsFolder(files, folder + "/blocks") || IsFolder(files, folder + "/wal")) ? folder
                                                                                                              : inner;
}

Result<OpenedStore> OpenStoreOf(FileSystem& files, const std::string& data_dir, bool create) {
  Config config;
  config.data_dir = data_dir;
  StoreOptions options = StoreOptionsOf(config);
  if (!create && !IsFolder(files, options.folder)) {
    return NotFound(fmt::format("{} holds no store: name the folder that --data-dir names", data_dir));
  }
  if (create) RETURN_IF_ERROR(files.CreateFolder(data_dir));
  OpenedStore opened;
  auto lock = files.LockFolder(data_dir);
  if (!lock && lock.error().code == Code::kBusy) {
    return Error(Code::kBusy, fmt::format("a server uses {}: stop it, or use what it offers over HTTP", data_dir));
  }
  if (!lock) return lock.error();
  opened.lock = *std::move(lock);
  opened.budget = std::make_unique<MemoryBudget>(config.memory_budget_bytes);
  options.files = &files;
  options.clock = &SystemClock();
  options.budget = opened.budget.get();
  options.retention = std::chrono::nanoseconds(0);
  options.rollup_retention = std::chrono::nanoseconds(0);
  options.disk_bytes_max = 0;
  options.compaction.enabled = false;
  options.sync = SyncPolicy::kInterval;  // what is taken in is durable once the store is closed
  ASSIGN_OR_RETURN(opened.store, Store::Open(options));
  return opened;
}

}  // namespace spoor
