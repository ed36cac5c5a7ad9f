#include "store/small_file.h"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <span>

#include "base/crc32c.h"

namespace spoor {
namespace {

constexpr size_t kMarkBytes = 8;
constexpr size_t kHeadBytes = kMarkBytes + 8;
constexpr size_t kFrameBytes = kHeadBytes + 4;

uint64_t NumberAt(std::string_view bytes, size_t offset, int width) {
  uint64_t number = 0;
  for (int i = 0; i < width; ++i) number |= uint64_t{static_cast<uint8_t>(bytes[offset + i])} << (8 * i);
  return number;
}

void AppendNumber(std::string& out, uint64_t number, int width) {
  for (int i = 0; i < width; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

uint32_t ChecksumOf(std::string_view bytes) { return Crc32c(std::as_bytes(std::span(bytes))); }

}  // namespace

void AppendNumber64(std::string& out, uint64_t number) { AppendNumber(out, number, 8); }
void AppendNumber32(std::string& out, uint32_t number) { AppendNumber(out, number, 4); }
uint64_t Number64At(std::string_view bytes, size_t offset) { return NumberAt(bytes, offset, 8); }
uint32_t Number32At(std::string_view bytes, size_t offset) { return static_cast<uint32_t>(NumberAt(bytes, offset, 4)); }

Result<std::string> ReadSmallFile(FileSystem& files, const std::string& path, std::string_view mark) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size_bytes, file->Size());
  if (size_bytes < kFrameBytes) return Corrupt(fmt::format("{} at 0: {} bytes are no whole file", path, size_bytes));
  std::string bytes(size_bytes, '\0');
  RETURN_IF_ERROR(file->Read(0, std::as_writable_bytes(std::span(bytes))));
  const std::string_view view = bytes;
  if (view.substr(0, kMarkBytes) != mark) return Corrupt(fmt::format("{} at 0: does not begin with {}", path, mark));
  if (Number64At(view, kMarkBytes) != size_bytes - kFrameBytes) {
    return Corrupt(fmt::format("{} at {}: the length does not fit the file", path, kMarkBytes));
  }
  const size_t body_end = size_bytes - 4;
  const uint32_t expected = Number32At(view, body_end);
  const uint32_t found = ChecksumOf(view.substr(0, body_end));
  if (found != expected) {
    return Corrupt(fmt::format("{} at {}: checksum is {:08x}, expected {:08x}", path, body_end, found, expected));
  }
  return bytes.substr(kHeadBytes, body_end - kHeadBytes);
}

Status ReplaceSmallFile(FileSystem& files, const std::string& path, std::string_view mark, std::string_view body) {
  SPOOR_CHECK(mark.size() == kMarkBytes);
  std::string bytes(mark);
  AppendNumber64(bytes, body.size());
  bytes += body;
  AppendNumber32(bytes, ChecksumOf(bytes));

  const std::string fresh_path = path + ".tmp";
  if (Status removed = files.Remove(fresh_path); !removed && removed.error().code != Code::kNotFound) return removed;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(fresh_path, OpenMode::kCreateNew));
    RETURN_IF_ERROR(file->Append(std::as_bytes(std::span(bytes))));
    RETURN_IF_ERROR(file->Sync());
  }
  return files.Rename(fresh_path, path);
}

}  // namespace spoor
