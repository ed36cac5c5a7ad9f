// How many bytes a folder holds.
#pragma once

#include <cstdint>
#include <string>

#include "base/file_system.h"

namespace spoor {

// The sizes of all files in `folder` and the folders in it, added up. What goes away meanwhile is left out. One call of
// the system a file: not for a hot path. Errors: `folder` itself cannot be listed.
Result<uint64_t> FolderBytes(FileSystem& files, const std::string& folder);

}  // namespace spoor
