// The file system of the machine, by POSIX calls.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "base/file_system.h"

namespace spoor {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;

// Repeats `call` for as long as signals interrupt it.
template <class Call>
auto Uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

// Closes a descriptor when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

Result<Descriptor> OpenDescriptor(const std::string& path, int flags) {
  int number = Uninterrupted([&] { return open(path.c_str(), flags | O_CLOEXEC, kFileMode); });
  if (number < 0) return FileError("open", path, errno);
  return Descriptor(number);
}

// The pieces of one Append that are not written yet, as writev takes them.
class Unwritten {
 public:
  explicit Unwritten(std::span<const std::span<const std::byte>> pieces) : pieces_(pieces) { SkipWritten(); }

  bool empty() const { return pieces_.empty(); }

  // As many pieces as one call may take.
  std::span<const iovec> Next() {
    size_t count = std::min(pieces_.size(), vectors_.size());
    for (size_t i = 0; i < count; ++i) {
      std::span<const std::byte> bytes = pieces_[i].subspan(i == 0 ? written_of_first_ : 0);
      vectors_[i] = {const_cast<std::byte*>(bytes.data()), bytes.size()};
    }
    return {vectors_.data(), count};
  }

  void Written(size_t bytes) {
    written_of_first_ += bytes;
    SkipWritten();
  }

 private:
  void SkipWritten() {
    while (!pieces_.empty() && written_of_first_ >= pieces_.front().size()) {
      written_of_first_ -= pieces_.front().size();
      pieces_ = pieces_.subspan(1);
    }
  }

  std::span<const std::span<const std::byte>> pieces_;
  size_t written_of_first_ = 0;
  std::array<iovec, 512> vectors_;  // Linux takes 1024
};

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status Append(std::span<const std::span<const std::byte>> pieces) override {
    for (Unwritten rest(pieces); !rest.empty();) {
      std::span<const iovec> next = rest.Next();
      ssize_t written =
          Uninterrupted([&] { return writev(descriptor_.number(), next.data(), static_cast<int>(next.size())); });
      if (written < 0) return FileError("append", path_, errno);
      if (written == 0) return FileError("append", path_, EIO);
      rest.Written(static_cast<size_t>(written));
    }
    return {};
  }

  Status Read(uint64_t offset, std::span<std::byte> into) const override {
    while (!into.empty()) {
      ssize_t bytes = Uninterrupted(
          [&] { return pread(descriptor_.number(), into.data(), into.size(), static_cast<off_t>(offset)); });
      if (bytes < 0) return FileError("read", path_, errno);
      if (bytes == 0) {
        return Corrupt(fmt::format("read {}: it ends at {}, {} more bytes are expected", path_, offset, into.size()));
      }
      offset += static_cast<size_t>(bytes);
      into = into.subspan(static_cast<size_t>(bytes));
    }
    return {};
  }

  Status Sync() override {
    if (Uninterrupted([&] { return fdatasync(descriptor_.number()); }) < 0) return FileError("sync", path_, errno);
    return {};
  }

  Status Truncate(uint64_t size) override {
    if (Uninterrupted([&] { return ftruncate(descriptor_.number(), static_cast<off_t>(size)); }) < 0) {
      return FileError("truncate", path_, errno);
    }
    return {};
  }

  Result<uint64_t> Size() const override {
    struct stat about;
    if (fstat(descriptor_.number(), &about) < 0) return FileError("size", path_, errno);
    return static_cast<uint64_t>(about.st_size);
  }

  const std::string& path() const override { return path_; }

 private:
  Descriptor descriptor_;
  std::string path_;
};

// The lock of flock(2) goes with the descriptor, and so with the process.
class PosixFolderLock final : public FolderLock {
 public:
  explicit PosixFolderLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, FolderCloser>;

bool IsFolder(const std::string& path) {
  struct stat about;
  return stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

int OpenFlags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead: return O_RDONLY;
    case OpenMode::kAppend: return O_RDWR | O_APPEND | O_CREAT;
    case OpenMode::kCreateNew: return O_RDWR | O_APPEND | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

class Posix final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    ASSIGN_OR_RETURN(Descriptor descriptor, OpenDescriptor(path, OpenFlags(mode)));
    return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(descriptor), path));
  }

  Status CreateFolder(const std::string& path) override {
    for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
      std::string part = path.substr(0, end);
      if (mkdir(part.c_str(), kFolderMode) < 0) {
        int error_number = errno;
        if (!IsFolder(part)) return FileError("create folder", part, error_number);
      }
      if (end == std::string::npos) return {};
    }
  }

  Result<std::vector<FolderEntry>> List(const std::string& path) override {
    OpenFolder folder(opendir(path.c_str()));
    if (folder == nullptr) return FileError("list", path, errno);
    std::vector<FolderEntry> entries;
    for (;;) {
      errno = 0;
      const dirent* found = readdir(folder.get());
      if (found == nullptr) break;
      std::string name = found->d_name;
      if (name == "." || name == "..") continue;
      struct stat about;
      if (fstatat(dirfd(folder.get()), found->d_name, &about, 0) < 0) continue;  // removed meanwhile, or a dead link
      entries.push_back({std::move(name), S_ISDIR(about.st_mode), static_cast<uint64_t>(about.st_size)});
    }
    if (errno != 0) return FileError("list", path, errno);
    std::sort(entries.begin(), entries.end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
    return entries;
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (rename(from.c_str(), to.c_str()) < 0) return FileError("rename", fmt::format("{} to {}", from, to), errno);
    return {};
  }

  Status Remove(const std::string& path) override {
    if (remove(path.c_str()) < 0) return FileError("remove", path, errno);
    return {};
  }

  Status SyncFolder(const std::string& path) override {
    ASSIGN_OR_RETURN(Descriptor folder, OpenDescriptor(path, O_RDONLY | O_DIRECTORY));
    if (Uninterrupted([&] { return fsync(folder.number()); }) < 0) return FileError("sync folder", path, errno);
    return {};
  }

  Result<std::unique_ptr<FolderLock>> LockFolder(const std::string& path) override {
    std::string name = path + "/lock";
    ASSIGN_OR_RETURN(Descriptor descriptor, OpenDescriptor(name, O_RDWR | O_CREAT));
    if (Uninterrupted([&] { return flock(descriptor.number(), LOCK_EX | LOCK_NB); }) < 0) {
      if (errno == EWOULDBLOCK) return Busy(fmt::format("lock {}: another process holds it", name));
      return FileError("lock", name, errno);
    }
    return std::unique_ptr<FolderLock>(std::make_unique<PosixFolderLock>(std::move(descriptor)));
  }

  Result<DiskSpace> Space(const std::string& path) override {
    struct statvfs about;
    if (Uninterrupted([&] { return statvfs(path.c_str(), &about); }) < 0) return FileError("space", path, errno);
    return DiskSpace{uint64_t{about.f_blocks} * about.f_frsize, uint64_t{about.f_bavail} * about.f_frsize};
  }
};

}  // namespace

FileSystem& PosixFileSystem() {
  static Posix& posix = *new Posix;
  return posix;
}

}  // namespace spoor
