#include "base/disk_model.h"

#include <algorithm>
#include <cerrno>
#include <random>

namespace spoor {
namespace {

constexpr size_t kSectorBytes = 512;

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    size_t end = std::min(path.find('/'), path.size());
    if (end > 0 && path.substr(0, end) != ".") names.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

void ApplyTo(DiskNode::Names& names, const NameChange& change) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.node;
}

uint64_t UsedBytesOf(const DiskNode& node) {
  uint64_t bytes = node.cache.size();
  for (const auto& [name, child] : node.names) bytes += UsedBytesOf(*child);
  return bytes;
}

void CollectPaths(const DiskNode& node, const std::string& path, std::vector<std::string>& paths) {
  for (const auto& [name, child] : node.names) {
    std::string below = path + "/" + name;
    if (child->is_folder) {
      CollectPaths(*child, below, paths);
    } else {
      paths.push_back(below);
    }
  }
}

// Copies a tree as the disk has it after the power went.
class CrashCopy {
 public:
  CrashCopy(CrashPolicy policy, uint64_t seed) : policy_(policy), random_(seed) {}

  std::shared_ptr<DiskNode> Of(const std::shared_ptr<DiskNode>& node) {
    auto [at, added] = copies_.try_emplace(node.get());
    if (!added) return at->second;  // two names of one file
    auto copy = std::make_shared<DiskNode>();
    at->second = copy;
    copy->is_folder = node->is_folder;
    if (policy_ == CrashPolicy::kKeepAll) {
      CopyPageCache(*node, *copy);
      return copy;
    }
    if (!node->is_folder) {
      copy->disk = BytesOf(*node);
      copy->cache = copy->disk;
      copy->settled_bytes = copy->disk.size();
      return copy;
    }
    for (const auto& [name, child] : NamesOf(*node)) copy->disk_names[name] = Of(child);
    copy->names = copy->disk_names;
    return copy;
  }

 private:
  bool OneIn(uint64_t n) { return random_() % n == 0; }

  // What was not synced stays so.
  void CopyPageCache(const DiskNode& node, DiskNode& copy) {
    copy.cache = node.cache;
    copy.disk = node.disk;
    copy.settled_bytes = node.settled_bytes;
    for (const auto& [name, child] : node.names) copy.names[name] = Of(child);
    for (const auto& [name, child] : node.disk_names) copy.disk_names[name] = Of(child);
    for (const NameChange& change : node.changes) {
      copy.changes.push_back({change.removed, change.added, change.node == nullptr ? nullptr : Of(change.node)});
    }
  }

  DiskNode::Names NamesOf(const DiskNode& folder) {
    DiskNode::Names names = folder.disk_names;
    if (policy_ == CrashPolicy::kKeepSome) {
      for (const NameChange& change : folder.changes) {
        if (OneIn(2)) ApplyTo(names, change);
      }
    }
    return names;
  }

  std::string BytesOf(const DiskNode& file) {
    if (policy_ == CrashPolicy::kDropUnsynced) return file.disk;
    bool was_cut = file.disk.size() > file.settled_bytes;
    if (was_cut && OneIn(2)) return file.disk;
    size_t kept = KeptOf(file.cache.size() - file.settled_bytes);
    if (kept == 0 && !was_cut) return file.disk;
    std::string bytes = file.disk;
    bytes.resize(file.settled_bytes);  // zeros where a failed sync has lost bytes
    bytes.append(file.cache, file.settled_bytes, kept);
    if (OneIn(2)) BlankSectors(bytes, file.settled_bytes);
    return bytes;
  }

  // Of so many unsynced bytes; nothing and everything are as likely as all between.
  size_t KeptOf(size_t unsynced) {
    switch (random_() % 4) {
      case 0: return 0;
      case 1: return unsynced;
      default: return random_() % (unsynced + 1);
    }
  }

  // The file has grown, but some sectors were not written yet.
  void BlankSectors(std::string& bytes, size_t begin) {
    while (begin < bytes.size()) {
      size_t end = std::min(bytes.size(), (begin / kSectorBytes + 1) * kSectorBytes);
      if (OneIn(4))
        std::fill(bytes.begin() + static_cast<ptrdiff_t>(begin), bytes.begin() + static_cast<ptrdiff_t>(end), '\0');
      begin = end;
    }
  }

  const CrashPolicy policy_;
  std::mt19937_64 random_;
  std::map<const DiskNode*, std::shared_ptr<DiskNode>> copies_;
};

}  // namespace

std::shared_ptr<DiskNode> DiskModel::Find(std::string_view path) const {
  std::shared_ptr<DiskNode> node = root_;
  for (const std::string& name : SplitPath(path)) {
    auto found = node->names.find(name);
    if (found == node->names.end()) return nullptr;
    node = found->second;
  }
  return node;
}

DiskModel::Place DiskModel::FindPlace(std::string_view path) const {
  std::vector<std::string> names = SplitPath(path);
  if (names.empty()) return {};
  std::shared_ptr<DiskNode> folder = root_;
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    auto found = folder->names.find(names[i]);
    if (found == folder->names.end() || !found->second->is_folder) return {};
    folder = found->second;
  }
  return {folder, names.back()};
}

void DiskModel::Change(DiskNode& folder, NameChange change) {
  ApplyTo(folder.names, change);
  folder.changes.push_back(std::move(change));
}

std::pair<std::shared_ptr<DiskNode>, int> DiskModel::Open(std::string_view path, OpenMode mode) {
  if (std::shared_ptr<DiskNode> present = Find(path)) {
    if (mode == OpenMode::kCreateNew) return {nullptr, EEXIST};
    if (present->is_folder) return {nullptr, EISDIR};
    return {present, 0};
  }
  if (mode == OpenMode::kRead) return {nullptr, ENOENT};
  Place place = FindPlace(path);
  if (place.folder == nullptr) return {nullptr, ENOENT};
  auto file = std::make_shared<DiskNode>();
  Change(*place.folder, {"", place.name, file});
  return {file, 0};
}

int DiskModel::CreateFolder(std::string_view path) {
  std::shared_ptr<DiskNode> folder = root_;
  for (const std::string& name : SplitPath(path)) {
    if (!folder->names.contains(name)) {
      auto made = std::make_shared<DiskNode>();
      made->is_folder = true;
      Change(*folder, {"", name, made});
    }
    folder = folder->names.at(name);
    if (!folder->is_folder) return ENOTDIR;
  }
  return 0;
}

int DiskModel::Rename(std::string_view from, std::string_view to) {
  Place source = FindPlace(from);
  Place target = FindPlace(to);
  if (source.folder == nullptr || target.folder == nullptr) return ENOENT;
  auto found = source.folder->names.find(source.name);
  if (found == source.folder->names.end()) return ENOENT;
  std::shared_ptr<DiskNode> node = found->second;
  std::shared_ptr<DiskNode> replaced = Find(to);
  if (replaced == node) return 0;
  if (replaced != nullptr && replaced->is_folder) {
    if (!node->is_folder) return EISDIR;
    if (!replaced->names.empty()) return ENOTEMPTY;
  }
  if (replaced != nullptr && !replaced->is_folder && node->is_folder) return ENOTDIR;
  if (source.folder == target.folder) {
    Change(*source.folder, {source.name, target.name, node});
  } else {
    Change(*target.folder, {"", target.name, node});
    Change(*source.folder, {source.name, "", nullptr});
  }
  return 0;
}

int DiskModel::Remove(std::string_view path) {
  Place place = FindPlace(path);
  if (place.folder == nullptr) return ENOENT;
  auto found = place.folder->names.find(place.name);
  if (found == place.folder->names.end()) return ENOENT;
  if (found->second->is_folder && !found->second->names.empty()) return ENOTEMPTY;
  Change(*place.folder, {place.name, "", nullptr});
  return 0;
}

int DiskModel::SyncFolder(std::string_view path) {
  std::shared_ptr<DiskNode> folder = Find(path);
  if (folder == nullptr) return ENOENT;
  if (!folder->is_folder) return ENOTDIR;
  folder->disk_names = folder->names;
  folder->changes.clear();
  return 0;
}

void DiskModel::Truncate(DiskNode& file, uint64_t size) {
  file.cache.resize(size);
  file.settled_bytes = std::min(file.settled_bytes, file.cache.size());
}

void DiskModel::Sync(DiskNode& file) {
  file.disk.resize(file.settled_bytes);  // cut where the file was, zeros where a failed sync has lost bytes
  file.disk.append(file.cache, file.settled_bytes);
  file.settled_bytes = file.cache.size();
}

uint64_t DiskModel::UsedBytes() const { return UsedBytesOf(*root_); }

std::vector<std::string> DiskModel::Paths() const {
  std::vector<std::string> paths;
  CollectPaths(*root_, "", paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

DiskModel DiskModel::Crash(CrashPolicy policy, uint64_t seed) const {
  DiskModel found;
  found.root_ = CrashCopy(policy, seed).Of(root_);
  return found;
}

}  // namespace spoor
