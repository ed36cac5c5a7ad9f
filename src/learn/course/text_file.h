// Text files, whole, through a FileSystem.
#pragma once

#include <string>
#include <string_view>

#include "base/file_system.h"

namespace spoor::learn {

// One that is not there is kNotFound, one of more than limits::kCourseFileBytesMax is kTooLarge.
Result<std::string> ReadText(FileSystem& files, const std::string& path);

// Writes a new file beside `path`, which is as it was, for a Rename to put in its place; gives that file's path.
// Folders that are missing are made.
Result<std::string> WriteBeside(FileSystem& files, const std::string& path, std::string_view text);

// Puts a new file in the place of what was there, whole or not at all.
Status WriteText(FileSystem& files, const std::string& path, std::string_view text);

// Whether there is such a file. One that cannot be opened is an error, not missing.
Result<bool> IsThere(FileSystem& files, const std::string& path);

}  // namespace spoor::learn
