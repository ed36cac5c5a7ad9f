// The segments of a log as files: their names, and when they may go.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "wal/wal.h"

namespace spoor {
namespace {

constexpr size_t kSequenceDigits = 20;
constexpr std::string_view kSuffix = ".wal";

std::optional<uint64_t> SequenceOfName(std::string_view name) {
  if (name.size() != kSequenceDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  uint64_t sequence = 0;
  const char* end = name.data() + kSequenceDigits;
  auto [at, error] = std::from_chars(name.data(), end, sequence);
  if (at != end || error != std::errc()) return std::nullopt;
  return sequence;
}

}  // namespace

Result<std::vector<WalSegment>> ListWal(FileSystem& files, const std::string& folder) {
  ASSIGN_OR_RETURN(std::vector<FolderEntry> entries, files.List(folder));
  std::vector<WalSegment> segments;
  for (const FolderEntry& entry : entries) {
    std::optional<uint64_t> sequence = SequenceOfName(entry.name);
    if (!sequence || entry.is_folder) continue;
    segments.push_back({folder + "/" + entry.name, *sequence, entry.size_bytes});
  }
  return segments;  // names of one length, sorted as text: so by sequence
}

Status RemoveWalThrough(FileSystem& files, const std::string& folder, uint64_t sequence) {
  ASSIGN_OR_RETURN(std::vector<WalSegment> segments, ListWal(files, folder));
  for (size_t i = 0; i + 1 < segments.size() && segments[i + 1].first_sequence - 1 <= sequence; ++i) {
    RETURN_IF_ERROR(files.Remove(segments[i].path));
    // One at a time, so that a power cut never leaves an earlier one behind a later one that is gone: that would look
    // like a loss.
    RETURN_IF_ERROR(files.SyncFolder(folder));
  }
  return {};
}

}  // namespace spoor
