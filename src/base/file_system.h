// The only way to the disk. Everything durable goes through a FileSystem, so that a test can put a double in its place
// that forgets unsynced bytes, tears the last write and fails any call (base/fault_file_system.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor {

// An open file. Reads are thread-safe; writes and Sync are one thread's at a time. Closed by the destructor.
class File {
 public:
  virtual ~File() = default;

  // Writes all of `pieces`, in order, at the end of the file. On an error an unknown part of them is there.
  virtual Status Append(std::span<const std::span<const std::byte>> pieces) = 0;
  Status Append(std::span<const std::byte> bytes) { return Append(std::span(&bytes, 1)); }

  // Reads exactly `into.size()` bytes at `offset`; fewer in the file is kCorrupt ("... ends at ...").
  virtual Status Read(uint64_t offset, std::span<std::byte> into) const = 0;

  // Everything appended so far survives a power cut once this has returned success. After a failure nothing is known
  // of the bytes since the last success, and no later success says anything about them.
  virtual Status Sync() = 0;

  virtual Status Truncate(uint64_t size) = 0;
  virtual Result<uint64_t> Size() const = 0;
  virtual const std::string& path() const = 0;
};

enum class OpenMode : uint8_t {
  kRead,       // must exist
  kAppend,     // created if missing, written at its end, readable
  kCreateNew,  // must not exist, written at its end, readable
};

// An exclusive lock on a folder, held until destroyed.
class FolderLock {
 public:
  virtual ~FolderLock() = default;
};

struct FolderEntry {
  std::string name;  // without the folder
  bool is_folder = false;
  uint64_t size_bytes = 0;
};

struct DiskSpace {
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;  // to an ordinary user
};

// Errors name the path and what the system said: "open /data/wal/7: Permission denied". ENOSPC and EDQUOT are kFull,
// ENOENT is kNotFound, all others kIo. Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) = 0;
  virtual Status CreateFolder(const std::string& path) = 0;  // with its parents; present already is success
  virtual Result<std::vector<FolderEntry>> List(const std::string& path) = 0;  // sorted by name
  virtual Status Rename(const std::string& from, const std::string& to) = 0;   // replaces `to`
  virtual Status Remove(const std::string& path) = 0;                          // a file, or an empty folder
  // Created, renamed and removed names in `path` survive a power cut once this has returned success.
  virtual Status SyncFolder(const std::string& path) = 0;
  // Takes the lock of DIR/lock without waiting. Held by another process: kBusy.
  virtual Result<std::unique_ptr<FolderLock>> LockFolder(const std::string& path) = 0;
  virtual Result<DiskSpace> Space(const std::string& path) = 0;
};

// The error of a call that the operating system refused with `error_number` (an errno), as told above.
Error FileError(std::string_view call, const std::string& path, int error_number);

// The machine's own file system. Never destroyed.
FileSystem& PosixFileSystem();

}  // namespace spoor
