#include "base/folder_size.h"

#include <gtest/gtest.h>

#include "base/fault_file_system.h"

namespace spoor {
namespace {

void Write(FileSystem& files, const std::string& path, size_t bytes) {
  const auto file = files.Open(path, OpenMode::kCreateNew);
  ASSERT_TRUE(file);
  const std::string content(bytes, 'x');
  ASSERT_TRUE((*file)->Append(std::as_bytes(std::span(content))));
}

TEST(FolderBytes, AddUpAllFilesHoweverDeep) {
  FaultFileSystem files;
  ASSERT_TRUE(files.CreateFolder("/data/a/b"));
  EXPECT_EQ(FolderBytes(files, "/data").value(), 0u);
  Write(files, "/data/one", 10);
  Write(files, "/data/a/two", 200);
  Write(files, "/data/a/b/three", 3000);
  EXPECT_EQ(FolderBytes(files, "/data").value(), 3210u);
  EXPECT_EQ(FolderBytes(files, "/data/a").value(), 3200u);
}

TEST(FolderBytes, OfAFolderThatIsNotThereAreAnError) {
  FaultFileSystem files;
  EXPECT_FALSE(FolderBytes(files, "/missing"));
}

}  // namespace
}  // namespace spoor
