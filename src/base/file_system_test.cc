// What every FileSystem does: the machine's own and the test double, side by side.
#include "base/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "base/fault_file_system.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string ReadAll(const File& file) {
  std::string bytes(file.Size().value(), '\0');
  EXPECT_TRUE(file.Read(0, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

class FileSystemContract : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      std::string pattern = (std::filesystem::temp_directory_path() / "spoor-files-XXXXXX").string();
      ASSERT_NE(mkdtemp(pattern.data()), nullptr);
      root_ = pattern;
    } else {
      root_ = "/disk";
      ASSERT_TRUE(fault_.CreateFolder(root_));
    }
  }
  void TearDown() override {
    if (GetParam()) std::filesystem::remove_all(root_);
  }

  FileSystem& files() { return GetParam() ? PosixFileSystem() : fault_; }
  std::string At(const std::string& name) const { return root_ + "/" + name; }
  std::unique_ptr<File> Make(const std::string& name, std::string_view text = "") {
    std::unique_ptr<File> file = files().Open(At(name), OpenMode::kCreateNew).value();
    EXPECT_TRUE(file->Append(Bytes(text)));
    return file;
  }
  std::string Text(const std::string& name) { return ReadAll(*files().Open(At(name), OpenMode::kRead).value()); }
  std::vector<std::string> Names(const std::string& folder) {
    std::vector<std::string> names;
    std::vector<FolderEntry> entries = files().List(folder).value();
    for (const FolderEntry& entry : entries) names.push_back(entry.name);
    return names;
  }

  std::string root_;
  FaultFileSystem fault_;
};

INSTANTIATE_TEST_SUITE_P(Every, FileSystemContract, ::testing::Bool(),
                         [](const auto& is_real) { return is_real.param ? "Posix" : "Fault"; });

TEST_P(FileSystemContract, AppendsAllPiecesInOrderAtTheEnd) {
  std::unique_ptr<File> file = Make("a", "one");
  std::vector<std::span<const std::byte>> pieces{Bytes(" two"), {}, Bytes(" three"), {}};
  ASSERT_TRUE(file->Append(pieces));
  ASSERT_TRUE(file->Append(std::span<const std::span<const std::byte>>{}));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(ReadAll(*file), "one two three");
  EXPECT_EQ(file->path(), At("a"));
}

TEST_P(FileSystemContract, AppendsMorePiecesAndBytesThanOneCallTakes) {
  std::unique_ptr<File> file = Make("a");
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i)
    texts.push_back(std::string(static_cast<size_t>(i % 50), static_cast<char>('a' + i % 26)));
  std::string expected;
  std::vector<std::span<const std::byte>> pieces;
  for (const std::string& text : texts) {
    expected += text;
    pieces.push_back(Bytes(text));
  }
  ASSERT_TRUE(file->Append(pieces));
  EXPECT_EQ(ReadAll(*file), expected);
}

TEST_P(FileSystemContract, ReopensForAppendingWithoutLosingWhatIsThere) {
  Make("a", "old ");
  std::unique_ptr<File> again = files().Open(At("a"), OpenMode::kAppend).value();
  ASSERT_TRUE(again->Append(Bytes("new")));
  EXPECT_EQ(Text("a"), "old new");
  ASSERT_TRUE(files().Open(At("b"), OpenMode::kAppend));
  EXPECT_EQ(Text("b"), "");
}

TEST_P(FileSystemContract, OpensOnlyWhatTheModeAllows) {
  Make("a");
  EXPECT_EQ(files().Open(At("a"), OpenMode::kCreateNew).error().code, Code::kIo);
  Error missing = files().Open(At("none"), OpenMode::kRead).error();
  EXPECT_EQ(missing.code, Code::kNotFound);
  EXPECT_EQ(missing.message, "open " + At("none") + ": No such file or directory");
  std::unique_ptr<File> read_only = files().Open(At("a"), OpenMode::kRead).value();
  EXPECT_EQ(read_only->Append(Bytes("x")).error().code, Code::kIo);
}

TEST_P(FileSystemContract, ReadsFromAnyOffsetAndSaysWhereTheFileEnds) {
  std::unique_ptr<File> file = Make("a", "0123456789");
  std::string part(4, '\0');
  ASSERT_TRUE(file->Read(3, std::as_writable_bytes(std::span(part))));
  EXPECT_EQ(part, "3456");
  Error end = file->Read(8, std::as_writable_bytes(std::span(part))).error();
  EXPECT_EQ(end.code, Code::kCorrupt);
  EXPECT_THAT(end.message, HasSubstr(At("a") + ": it ends at 10"));
  EXPECT_EQ(file->Read(1'000, std::as_writable_bytes(std::span(part))).error().code, Code::kCorrupt);
  EXPECT_TRUE(file->Read(10, {}));
}

TEST_P(FileSystemContract, TruncatesAndGoesOnAppendingThere) {
  std::unique_ptr<File> file = Make("a", "0123456789");
  ASSERT_TRUE(file->Truncate(4));
  EXPECT_EQ(file->Size().value(), 4u);
  ASSERT_TRUE(file->Append(Bytes("x")));
  EXPECT_EQ(Text("a"), "0123x");
}

TEST_P(FileSystemContract, ListsNamesSortedWithKindAndSize) {
  Make("b", "123");
  Make("a");
  ASSERT_TRUE(files().CreateFolder(At("c/d/e")));
  ASSERT_TRUE(files().CreateFolder(At("c/d/e/")));  // there already
  std::vector<FolderEntry> entries = files().List(root_).value();
  ASSERT_THAT(Names(root_), ElementsAre("a", "b", "c"));
  EXPECT_EQ(entries[1].size_bytes, 3u);
  EXPECT_FALSE(entries[1].is_folder);
  EXPECT_TRUE(entries[2].is_folder);
  EXPECT_THAT(Names(At("c/d")), ElementsAre("e"));
  EXPECT_EQ(files().List(At("none")).error().code, Code::kNotFound);
  EXPECT_EQ(files().List(At("a")).error().code, Code::kIo);
  EXPECT_EQ(files().CreateFolder(At("a")).error().code, Code::kIo);
  EXPECT_EQ(files().CreateFolder(At("a/below")).error().code, Code::kIo);
}

TEST_P(FileSystemContract, RenamesOverWhatIsThere) {
  Make("a", "new");
  Make("b", "old");
  ASSERT_TRUE(files().Rename(At("a"), At("b")));
  EXPECT_THAT(Names(root_), ElementsAre("b"));
  EXPECT_EQ(Text("b"), "new");
  ASSERT_TRUE(files().CreateFolder(At("c")));
  ASSERT_TRUE(files().Rename(At("b"), At("c/b")));
  EXPECT_EQ(Text("c/b"), "new");
  ASSERT_TRUE(files().Rename(At("c"), At("d")));
  EXPECT_EQ(Text("d/b"), "new");
  EXPECT_EQ(files().Rename(At("none"), At("x")).error().code, Code::kNotFound);
}

TEST_P(FileSystemContract, RemovesFilesAndEmptyFolders) {
  std::unique_ptr<File> open = Make("a", "text");
  ASSERT_TRUE(files().CreateFolder(At("c/d")));
  ASSERT_TRUE(files().Remove(At("a")));
  EXPECT_EQ(ReadAll(*open), "text") << "an open file outlives its name";
  EXPECT_EQ(files().Remove(At("c")).error().code, Code::kIo);
  ASSERT_TRUE(files().Remove(At("c/d")));
  ASSERT_TRUE(files().Remove(At("c")));
  EXPECT_EQ(files().Remove(At("c")).error().code, Code::kNotFound);
  EXPECT_THAT(Names(root_), ElementsAre());
}

TEST_P(FileSystemContract, SyncsFolders) {
  EXPECT_TRUE(files().SyncFolder(root_));
  EXPECT_EQ(files().SyncFolder(At("none")).error().code, Code::kNotFound);
}

TEST_P(FileSystemContract, LocksAFolderOnceUntilTheLockGoes) {
  std::unique_ptr<FolderLock> lock = files().LockFolder(root_).value();
  Error held = files().LockFolder(root_).error();
  EXPECT_EQ(held.code, Code::kBusy);
  EXPECT_EQ(held.message, "lock " + At("lock") + ": another process holds it");
  lock.reset();
  EXPECT_TRUE(files().LockFolder(root_));
  EXPECT_EQ(files().LockFolder(At("none")).error().code, Code::kNotFound);
}

TEST_P(FileSystemContract, TellsTheSpaceOfTheDisk) {
  DiskSpace space = files().Space(root_).value();
  EXPECT_GT(space.total_bytes, 0u);
  EXPECT_LE(space.free_bytes, space.total_bytes);
  EXPECT_EQ(files().Space(At("none")).error().code, Code::kNotFound);
}

TEST(PosixFileSystem, SaysWhatTheSystemSaid) {
  // Writing to this device fails as on a full disk.
  std::unique_ptr<File> full = PosixFileSystem().Open("/dev/full", OpenMode::kAppend).value();
  Error error = full->Append(Bytes("x")).error();
  EXPECT_EQ(error.code, Code::kFull);
  EXPECT_EQ(error.message, "append /dev/full: No space left on device");
}

}  // namespace
}  // namespace spoor
