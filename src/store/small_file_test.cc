#include "store/small_file.h"

#include <gtest/gtest.h>

#include "base/fault_file_system.h"

namespace spoor {
namespace {

TEST(SmallFile, IsReadAsItWasWritten) {
  FaultFileSystem files;
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "the first body"));
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "the second"));
  EXPECT_EQ(*ReadSmallFile(files, "/thing", "SPRTEST0"), "the second");
}

TEST(SmallFile, IsTheOneThatTheFormatPageShows) {
  FaultFileSystem files;
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "hi"));
  EXPECT_EQ(files.Contents("/thing").substr(0, 18), std::string("SPRTEST0\x02\0\0\0\0\0\0\0hi", 18));
}

TEST(SmallFile, IsNotFoundWhereThereIsNone) {
  FaultFileSystem files;
  EXPECT_EQ(ReadSmallFile(files, "/thing", "SPRTEST0").error().code, Code::kNotFound);
}

TEST(SmallFile, IsCorruptWhicheverByteIsFlipped) {
  FaultFileSystem files;
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "body"));
  for (uint64_t offset = 0; offset < files.Contents("/thing").size(); ++offset) {
    files.FlipBits("/thing", offset, 0x10);
    const auto read = ReadSmallFile(files, "/thing", "SPRTEST0");
    ASSERT_FALSE(read) << offset;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
    EXPECT_NE(read.error().message.find("/thing at "), std::string::npos);
    files.FlipBits("/thing", offset, 0x10);
  }
}

TEST(SmallFile, IsTheOldOrTheNewOneAfterAPowerCut) {
  for (uint64_t at = 1;; ++at) {
    FaultFileSystem files;
    ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "old"));
    ASSERT_TRUE(files.SyncFolder("/"));
    files.Inject({.kind = DiskFaultKind::kCrash, .at = at});
    const Status replaced = ReplaceSmallFile(files, "/thing", "SPRTEST0", "new");
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const auto after = files.Crash(CrashPolicy::kKeepSome, seed);
      const auto read = ReadSmallFile(*after, "/thing", "SPRTEST0");
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(*read == "old" || *read == "new");
      ASSERT_TRUE(ReplaceSmallFile(*after, "/thing", "SPRTEST0", "newest"));
    }
    if (replaced) break;
  }
}

}  // namespace
}  // namespace spoor
