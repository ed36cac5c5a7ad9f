#include "learn/course/text_file.h"

#include <fmt/format.h>

#include <memory>

#include "base/limits.h"

namespace spoor::learn {
Result<std::string> ReadText(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  if (size > limits::kCourseFileBytesMax) {
    return TooLarge(fmt::format("{} has {} bytes, {} is the most", path, size, limits::kCourseFileBytesMax));
  }
  std::string text(size, '\0');
  RETURN_IF_ERROR(file->Read(0, std::as_writable_bytes(std::span(text))));
  return text;
}

Result<std::string> WriteBeside(FileSystem& files, const std::string& path, std::string_view text) {
  const size_t slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) RETURN_IF_ERROR(files.CreateFolder(path.substr(0, slash)));
  std::string beside = path + ".being-written";
  ASSIGN_OR_RETURN(const bool is_left_over, IsThere(files, beside));  // of a time that was broken off
  if (is_left_over) RETURN_IF_ERROR(files.Remove(beside));
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(beside, OpenMode::kCreateNew));
  RETURN_IF_ERROR(file->Append(std::as_bytes(std::span(text))));
  return beside;
}

Status WriteText(FileSystem& files, const std::string& path, std::string_view text) {
  ASSIGN_OR_RETURN(const std::string beside, WriteBeside(files, path, text));
  return files.Rename(beside, path);
}

Result<bool> IsThere(FileSystem& files, const std::string& path) {
  const Result<std::unique_ptr<File>> file = files.Open(path, OpenMode::kRead);
  if (!file && file.error().code != Code::kNotFound) return file.error();
  return file.has_value();
}

}  // namespace spoor::learn
