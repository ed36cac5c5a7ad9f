// A data folder as commands see it that work on it without a server.
#pragma once

#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/memory_budget.h"
#include "base/result.h"
#include "store/store.h"

namespace spoor {

// "DIR/tenants/default", where DIR is what --data-dir names; a folder that holds blocks or a log itself is taken as it
// is.
std::string StoreFolderOf(FileSystem& files, const std::string& folder);

// A store that is open for a command, and locked so that no server starts on it meanwhile.
struct OpenedStore {
  std::unique_ptr<FolderLock> lock;
  std::unique_ptr<MemoryBudget> budget;
  std::unique_ptr<Store> store;
};

// Opens the store of `data_dir`. kBusy where a server uses it; kNotFound where there is none, unless `create`. Nothing
// is removed by retention, and nothing merged in the background.
Result<OpenedStore> OpenStoreOf(FileSystem& files, const std::string& data_dir, bool create);

}  // namespace spoor
