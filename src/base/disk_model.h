// DiskModel: what a disk and the page cache over it hold, as base/fault_file_system.h tells it: the part of the test
// double that knows no faults, threads or counts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fault_file_system.h"
#include "base/file_system.h"

namespace spoor {

struct DiskNode;

// A change of a folder's names, not on the disk yet. Empty texts: no name is removed, none added.
struct NameChange {
  std::string removed;
  std::string added;
  std::shared_ptr<DiskNode> node;  // of `added`
};

// A file or a folder.
struct DiskNode {
  using Names = std::map<std::string, std::shared_ptr<DiskNode>>;

  bool is_folder = false;

  // Of a file: what readers see, what the disk has, and up to where the cache is on the disk or given up.
  std::string cache;
  std::string disk;
  size_t settled_bytes = 0;

  // Of a folder.
  Names names;
  Names disk_names;
  std::vector<NameChange> changes;
  bool locked = false;
};

// One thread's at a time. The int results are 0 or an errno.
class DiskModel {
 public:
  DiskModel() : root_(std::make_shared<DiskNode>()) { root_->is_folder = true; }

  // Null where nothing has that path.
  std::shared_ptr<DiskNode> Find(std::string_view path) const;

  std::pair<std::shared_ptr<DiskNode>, int> Open(std::string_view path, OpenMode mode);
  int CreateFolder(std::string_view path);
  int Rename(std::string_view from, std::string_view to);
  int Remove(std::string_view path);
  int SyncFolder(std::string_view path);

  static void Append(DiskNode& file, std::string_view bytes) { file.cache.append(bytes); }
  static void Truncate(DiskNode& file, uint64_t size);
  static void Sync(DiskNode& file);
  static void FailSync(DiskNode& file) { file.settled_bytes = file.cache.size(); }

  uint64_t UsedBytes() const;
  std::vector<std::string> Paths() const;  // of files, sorted

  DiskModel Crash(CrashPolicy policy, uint64_t seed) const;

 private:
  struct Place {
    std::shared_ptr<DiskNode> folder;
    std::string name;
  };
  // Where the last name of `path` stands or would stand. No folder where its parent is not one.
  Place FindPlace(std::string_view path) const;
  static void Change(DiskNode& folder, NameChange change);

  std::shared_ptr<DiskNode> root_;
};

}  // namespace spoor
