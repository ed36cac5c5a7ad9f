#include "base/fault_file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/disk_model.h"

namespace spoor {
namespace {

std::string ParentOf(const std::string& path) {
  size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool Contains(const std::vector<DiskCall>& calls, DiskCall call) {
  return std::find(calls.begin(), calls.end(), call) != calls.end();
}

}  // namespace

std::string_view DiskCallName(DiskCall call) {
  switch (call) {
    case DiskCall::kOpen: return "open";
    case DiskCall::kAppend: return "append";
    case DiskCall::kRead: return "read";
    case DiskCall::kSync: return "sync";
    case DiskCall::kTruncate: return "truncate";
    case DiskCall::kSize: return "size";
    case DiskCall::kCreateFolder: return "create folder";
    case DiskCall::kList: return "list";
    case DiskCall::kRename: return "rename";
    case DiskCall::kRemove: return "remove";
    case DiskCall::kSyncFolder: return "sync folder";
    case DiskCall::kLockFolder: return "lock";
    case DiskCall::kSpace: return "space";
  }
  return "";
}

std::vector<DiskCall> ChangingDiskCalls() {
  return {DiskCall::kOpen,   DiskCall::kAppend, DiskCall::kSync,       DiskCall::kTruncate,  DiskCall::kCreateFolder,
          DiskCall::kRename, DiskCall::kRemove, DiskCall::kSyncFolder, DiskCall::kLockFolder};
}

// The model, its lock, and what goes wrong.
class FaultFileSystem::Disk {
 public:
  enum class Effect {
    kAll,   // the call does what it should
    kNone,  // nothing at all
    kPart,  // what such a call does when it fails
  };

  // One call, from its start to its end, with the lock held.
  struct Turn {
    std::unique_lock<std::mutex> lock;
    DiskCall call;
    std::string path;
    Effect effect = Effect::kAll;
    int error = 0;  // what it fails with in any case; 0 is nothing

    Status Finish(int own_error) const {
      int number = error != 0 ? error : own_error;
      if (number != 0) return FileError(DiskCallName(call), path, number);
      return {};
    }
  };

  explicit Disk(uint64_t capacity) : capacity_bytes(capacity) {}

  Turn Begin(DiskCall call, const std::string& path) {
    Observer watch = CurrentObserver();
    if (watch) watch(call, path);
    Turn turn{std::unique_lock(mutex), call, path};
    ++counts[static_cast<size_t>(call)];
    history.push_back({call, path});
    std::optional<DiskFaultKind> fault = NextFault(call, path);
    bool is_sync = call == DiskCall::kSync || call == DiskCall::kSyncFolder;
    if (power_is_off) {
      turn.effect = Effect::kNone;
      turn.error = EIO;
    } else if (fault == DiskFaultKind::kCrash) {
      power_is_off = true;
      turn.effect = is_sync ? Effect::kNone : Effect::kAll;
      turn.error = EIO;
    } else if (fault) {
      turn.effect = Effect::kPart;
      turn.error = fault == DiskFaultKind::kEnospc ? ENOSPC : EIO;
    } else if (is_sync && Ignores(call, path)) {
      turn.effect = Effect::kNone;
    }
    return turn;
  }

  uint64_t FreeBytes() const {
    uint64_t used = model.UsedBytes();
    return capacity_bytes > used ? capacity_bytes - used : 0;
  }

  struct PendingFault {
    DiskFault fault;
    uint64_t seen = 0;
  };
  struct IgnoredSync {
    DiskCall call;
    std::string path_part;
  };

  mutable std::mutex mutex;
  DiskModel model;
  uint64_t capacity_bytes;
  bool power_is_off = false;
  std::vector<PendingFault> faults;
  std::vector<IgnoredSync> ignored;
  Observer observer;
  uint64_t counts[kDiskCallCount] = {};
  std::vector<DiskCallRecord> history;

 private:
  Observer CurrentObserver() const {
    std::lock_guard lock(mutex);
    return observer;
  }

  // Every fault counts the calls that fit it, also those at which another strikes.
  std::optional<DiskFaultKind> NextFault(DiskCall call, const std::string& path) {
    std::optional<DiskFaultKind> strikes;
    for (PendingFault& pending : faults) {
      const DiskFault& fault = pending.fault;
      if (!fault.calls.empty() && !Contains(fault.calls, call)) continue;
      if (path.find(fault.path_part) == std::string::npos) continue;
      ++pending.seen;
      bool due = pending.seen == fault.at || (fault.and_after && pending.seen > fault.at);
      if (due && !strikes) strikes = fault.kind;
    }
    return strikes;
  }

  bool Ignores(DiskCall call, const std::string& path) const {
    return std::any_of(ignored.begin(), ignored.end(), [&](const IgnoredSync& sync) {
      return sync.call == call && path.find(sync.path_part) != std::string::npos;
    });
  }
};

class FaultFileSystem::OpenFile final : public File {
 public:
  OpenFile(std::shared_ptr<Disk> disk, std::shared_ptr<DiskNode> node, std::string path, bool writable)
      : disk_(std::move(disk)), node_(std::move(node)), path_(std::move(path)), writable_(writable) {}

  Status Append(std::span<const std::span<const std::byte>> pieces) override {
    std::string bytes;
    for (std::span<const std::byte> piece : pieces) {
      if (!piece.empty()) bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    }
    Disk::Turn turn = disk_->Begin(DiskCall::kAppend, path_);
    if (!writable_) return turn.Finish(EBADF);
    if (turn.effect == Disk::Effect::kNone) return turn.Finish(0);
    if (turn.effect == Disk::Effect::kPart) bytes.resize(bytes.size() / 2);
    uint64_t fits = std::min<uint64_t>(bytes.size(), disk_->FreeBytes());
    DiskModel::Append(*node_, std::string_view(bytes).substr(0, fits));
    return turn.Finish(fits < bytes.size() ? ENOSPC : 0);
  }

  Status Read(uint64_t offset, std::span<std::byte> into) const override {
    Disk::Turn turn = disk_->Begin(DiskCall::kRead, path_);
    if (turn.error != 0) return turn.Finish(0);
    uint64_t size = node_->cache.size();
    if (offset > size || size - offset < into.size()) {
      return Corrupt(
          fmt::format("read {}: it ends at {}, {} bytes are expected at {}", path_, size, into.size(), offset));
    }
    if (!into.empty()) std::memcpy(into.data(), node_->cache.data() + offset, into.size());
    return {};
  }

  Status Sync() override {
    Disk::Turn turn = disk_->Begin(DiskCall::kSync, path_);
    if (turn.effect == Disk::Effect::kAll) DiskModel::Sync(*node_);
    if (turn.effect == Disk::Effect::kPart) DiskModel::FailSync(*node_);
    return turn.Finish(0);
  }

  Status Truncate(uint64_t size) override {
    Disk::Turn turn = disk_->Begin(DiskCall::kTruncate, path_);
    if (!writable_) return turn.Finish(EINVAL);
    if (turn.effect == Disk::Effect::kAll) DiskModel::Truncate(*node_, size);
    return turn.Finish(0);
  }

  Result<uint64_t> Size() const override {
    Disk::Turn turn = disk_->Begin(DiskCall::kSize, path_);
    RETURN_IF_ERROR(turn.Finish(0));
    return uint64_t{node_->cache.size()};
  }

  const std::string& path() const override { return path_; }

 private:
  const std::shared_ptr<Disk> disk_;
  const std::shared_ptr<DiskNode> node_;
  const std::string path_;
  const bool writable_;
};

class FaultFileSystem::Lock final : public FolderLock {
 public:
  Lock(std::shared_ptr<Disk> disk, std::shared_ptr<DiskNode> folder)
      : disk_(std::move(disk)), folder_(std::move(folder)) {}
  ~Lock() override {
    std::lock_guard lock(disk_->mutex);
    folder_->locked = false;
  }

 private:
  const std::shared_ptr<Disk> disk_;
  const std::shared_ptr<DiskNode> folder_;
};

FaultFileSystem::FaultFileSystem(uint64_t capacity_bytes) : disk_(std::make_shared<Disk>(capacity_bytes)) {}
FaultFileSystem::~FaultFileSystem() = default;

Result<std::unique_ptr<File>> FaultFileSystem::Open(const std::string& path, OpenMode mode) {
  Disk::Turn turn = disk_->Begin(DiskCall::kOpen, path);
  if (turn.effect != Disk::Effect::kAll) return turn.Finish(0).error();
  auto [node, error] = disk_->model.Open(path, mode);
  RETURN_IF_ERROR(turn.Finish(error));
  return std::unique_ptr<File>(std::make_unique<OpenFile>(disk_, node, path, mode != OpenMode::kRead));
}

Status FaultFileSystem::CreateFolder(const std::string& path) {
  Disk::Turn turn = disk_->Begin(DiskCall::kCreateFolder, path);
  return turn.Finish(turn.effect == Disk::Effect::kAll ? disk_->model.CreateFolder(path) : 0);
}

Result<std::vector<FolderEntry>> FaultFileSystem::List(const std::string& path) {
  Disk::Turn turn = disk_->Begin(DiskCall::kList, path);
  RETURN_IF_ERROR(turn.Finish(0));
  std::shared_ptr<DiskNode> folder = disk_->model.Find(path);
  if (folder == nullptr || !folder->is_folder) return turn.Finish(folder == nullptr ? ENOENT : ENOTDIR).error();
  std::vector<FolderEntry> entries;
  for (const auto& [name, node] : folder->names) entries.push_back({name, node->is_folder, node->cache.size()});
  return entries;
}

Status FaultFileSystem::Rename(const std::string& from, const std::string& to) {
  Disk::Turn turn = disk_->Begin(DiskCall::kRename, fmt::format("{} to {}", from, to));
  return turn.Finish(turn.effect == Disk::Effect::kAll ? disk_->model.Rename(from, to) : 0);
}

Status FaultFileSystem::Remove(const std::string& path) {
  Disk::Turn turn = disk_->Begin(DiskCall::kRemove, path);
  return turn.Finish(turn.effect == Disk::Effect::kAll ? disk_->model.Remove(path) : 0);
}

Status FaultFileSystem::SyncFolder(const std::string& path) {
  Disk::Turn turn = disk_->Begin(DiskCall::kSyncFolder, path);
  return turn.Finish(turn.effect == Disk::Effect::kAll ? disk_->model.SyncFolder(path) : 0);
}

Result<std::unique_ptr<FolderLock>> FaultFileSystem::LockFolder(const std::string& path) {
  const std::string name = path + "/lock";
  Disk::Turn turn = disk_->Begin(DiskCall::kLockFolder, name);
  if (turn.effect != Disk::Effect::kAll) return turn.Finish(0).error();
  RETURN_IF_ERROR(turn.Finish(disk_->model.Open(name, OpenMode::kAppend).second));
  std::shared_ptr<DiskNode> folder = disk_->model.Find(path);
  if (folder->locked) return Busy(fmt::format("lock {}: another process holds it", name));
  folder->locked = true;
  return std::unique_ptr<FolderLock>(std::make_unique<Lock>(disk_, folder));
}

Result<DiskSpace> FaultFileSystem::Space(const std::string& path) {
  Disk::Turn turn = disk_->Begin(DiskCall::kSpace, path);
  RETURN_IF_ERROR(turn.Finish(disk_->model.Find(path) == nullptr ? ENOENT : 0));
  return DiskSpace{disk_->capacity_bytes, disk_->FreeBytes()};
}

std::unique_ptr<FaultFileSystem> FaultFileSystem::Crash(CrashPolicy policy, uint64_t seed) const {
  std::lock_guard lock(disk_->mutex);
  auto found = std::make_unique<FaultFileSystem>(disk_->capacity_bytes);
  found->disk_->model = disk_->model.Crash(policy, seed);
  return found;
}

void FaultFileSystem::Inject(DiskFault fault) {
  SPOOR_CHECK(fault.at > 0);
  std::lock_guard lock(disk_->mutex);
  disk_->faults.push_back({std::move(fault)});
}

void FaultFileSystem::ClearFaults() {
  std::lock_guard lock(disk_->mutex);
  disk_->faults.clear();
  disk_->power_is_off = false;
}

bool FaultFileSystem::power_is_off() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->power_is_off;
}

void FaultFileSystem::IgnoreSyncs(DiskCall call, std::string path_part) {
  SPOOR_CHECK(call == DiskCall::kSync || call == DiskCall::kSyncFolder);
  std::lock_guard lock(disk_->mutex);
  disk_->ignored.push_back({call, std::move(path_part)});
}

void FaultFileSystem::Observe(Observer observer) {
  std::lock_guard lock(disk_->mutex);
  disk_->observer = std::move(observer);
}

uint64_t FaultFileSystem::calls() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->history.size();
}

uint64_t FaultFileSystem::calls(DiskCall call) const {
  std::lock_guard lock(disk_->mutex);
  return disk_->counts[static_cast<size_t>(call)];
}

std::vector<DiskCallRecord> FaultFileSystem::history() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->history;
}

uint64_t FaultFileSystem::used_bytes() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->model.UsedBytes();
}

void FaultFileSystem::SetCapacity(uint64_t bytes) {
  std::lock_guard lock(disk_->mutex);
  disk_->capacity_bytes = bytes;
}

void FaultFileSystem::FlipBits(const std::string& path, uint64_t offset, uint8_t mask) {
  std::lock_guard lock(disk_->mutex);
  std::shared_ptr<DiskNode> file = disk_->model.Find(path);
  SPOOR_CHECK(file != nullptr && offset < file->cache.size());
  for (std::string* bytes : {&file->cache, &file->disk}) {
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ mask);
  }
}

std::string FaultFileSystem::Contents(const std::string& path) const {
  std::lock_guard lock(disk_->mutex);
  std::shared_ptr<DiskNode> file = disk_->model.Find(path);
  SPOOR_CHECK(file != nullptr && !file->is_folder);
  return file->cache;
}

void FaultFileSystem::Plant(const std::string& path, std::string_view bytes) {
  std::lock_guard lock(disk_->mutex);
  SPOOR_CHECK(disk_->model.CreateFolder(ParentOf(path)) == 0);
  auto [file, error] = disk_->model.Open(path, OpenMode::kAppend);
  SPOOR_CHECK(error == 0);
  DiskModel::Truncate(*file, 0);
  DiskModel::Append(*file, bytes);
  DiskModel::Sync(*file);
  for (std::string folder = ParentOf(path);; folder = ParentOf(folder)) {
    SPOOR_CHECK(disk_->model.SyncFolder(folder) == 0);
    if (folder.empty()) break;
  }
}

bool FaultFileSystem::Exists(const std::string& path) const {
  std::lock_guard lock(disk_->mutex);
  return disk_->model.Find(path) != nullptr;
}

std::vector<std::string> FaultFileSystem::Paths() const {
  std::lock_guard lock(disk_->mutex);
  return disk_->model.Paths();
}

}  // namespace spoor
