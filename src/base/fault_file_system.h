// FaultFileSystem: a disk in memory that keeps only what a disk must keep. For tests of everything durable; it lives
// here because the tests of several folders use it, and nothing but tests may.
//
// The model:
//   - Bytes that were appended since the last successful Sync of their file are in the page cache only.
//   - So are names that were created, renamed or removed since the last successful SyncFolder of their folder. Renaming
//     within one folder is one change; renaming into another is two (the new name there, the old one gone here).
//     A folder's own name is an entry of its parent, and a folder whose name is lost takes all that is in it along.
//   - A power cut loses the page cache, but a disk may have written any of it early: CrashPolicy says what it did.
//   - A failed Sync gives up the bytes it should have written, for good: they can still be read (they are in the
//   cache),
//     but no later Sync writes them, and after a crash zeros or nothing stand in their place. Linux does that.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"

namespace spoor {

enum class DiskCall : uint8_t {
  kOpen,
  kAppend,
  kRead,
  kSync,
  kTruncate,
  kSize,
  kCreateFolder,
  kList,
  kRename,
  kRemove,
  kSyncFolder,
  kLockFolder,
  kSpace,
};
inline constexpr int kDiskCallCount = 13;

// "append", "sync folder", ...
std::string_view DiskCallName(DiskCall call);

// Those after which a disk may look different: what a test crashes at.
std::vector<DiskCall> ChangingDiskCalls();

enum class DiskFaultKind : uint8_t {
  kEio,
  kEnospc,
  kCrash,  // the power goes: this call and all later ones fail, whatever they are
};

// What goes wrong, and when. A failing Append leaves the first half of its bytes (rounded down) in the page cache, a
// failing Sync loses bytes as above, any other call that fails changes nothing. The call at which the power goes has
// begun, though: what it changes is in the page cache, and so a CrashPolicy may keep it.
struct DiskFault {
  DiskFaultKind kind = DiskFaultKind::kEio;
  uint64_t at = 1;              // the n-th call from now on that fits `calls` and `path_part`; 1 is the next
  bool and_after = false;       // every fitting call from then on, too
  std::vector<DiskCall> calls;  // only these; empty: all
  std::string path_part;        // only paths that hold this text
};

enum class CrashPolicy : uint8_t {
  kDropUnsynced,  // only what was synced
  kTearWrites,  // of every file a part of its unsynced bytes too: a random prefix, in which random sectors may be zero
  kKeepSome,    // the same, and a random choice of the unsynced changes of names
  kKeepAll,     // everything: as when only the process dies
};

struct DiskCallRecord {
  DiskCall call = DiskCall::kOpen;
  std::string path;
};

// Thread-safe. Paths are split at '/'; relative ones count from the root, which always exists. Files that are open may
// outlive it.
class FaultFileSystem final : public FileSystem {
 public:
  static constexpr uint64_t kUnlimitedBytes = uint64_t{1} << 40;

  explicit FaultFileSystem(uint64_t capacity_bytes = kUnlimitedBytes);
  ~FaultFileSystem() override;

  Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
  Status CreateFolder(const std::string& path) override;
  Result<std::vector<FolderEntry>> List(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status SyncFolder(const std::string& path) override;
  Result<std::unique_ptr<FolderLock>> LockFolder(const std::string& path) override;
  Result<DiskSpace> Space(const std::string& path) override;

  // The disk as it is found at the next start, without faults, locks or history. This one goes on as it was, so that
  // one crash can be looked at under several policies and seeds.
  std::unique_ptr<FaultFileSystem> Crash(CrashPolicy policy, uint64_t seed = 0) const;

  void Inject(DiskFault fault);
  // Nothing fails any more; the power is back if it was gone.
  void ClearFaults();
  // Whether a kCrash fault has happened.
  bool power_is_off() const;

  // From now on kSync (kSyncFolder) of paths that hold `path_part` says success and does nothing: so a test can show
  // that it would notice a missing sync. They still count as calls.
  void IgnoreSyncs(DiskCall call, std::string path_part = "");

  // Called before every call, on its thread, with no lock held: to wait in the middle of one, or to count.
  using Observer = std::function<void(DiskCall call, const std::string& path)>;
  void Observe(Observer observer);

  uint64_t calls() const;
  uint64_t calls(DiskCall call) const;
  // All calls so far, in order. The path of a Rename is "FROM to TO".
  std::vector<DiskCallRecord> history() const;

  // All bytes in the page cache, of all files, and what still goes on the disk.
  uint64_t used_bytes() const;
  void SetCapacity(uint64_t bytes);

  // Behind the back of whoever uses the disk; not counted as calls. Those that name a file that is not there end the
  // test.
  void FlipBits(const std::string& path, uint64_t offset, uint8_t mask = 0xFF);
  std::string Contents(const std::string& path) const;
  // Makes the file and its folders durable, replacing a file that is there.
  void Plant(const std::string& path, std::string_view bytes);
  bool Exists(const std::string& path) const;
  // All files, sorted.
  std::vector<std::string> Paths() const;

 private:
  class Disk;
  class OpenFile;
  class Lock;

  std::shared_ptr<Disk> disk_;
};

}  // namespace spoor
