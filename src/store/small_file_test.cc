#include "store/small_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/fault_file_system.h"
#include "store/service_colours.h"

namespace spoor {
namespace {

TEST(SmallFile, IsReadAsItWasWritten) {
  FaultFileSystem files;
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "the first body"));
  ASSERT_TRUE(ReplaceSmallFile(files, "/thing", "SPRTEST0", "the second"));
  EXPECT_EQ(*ReadSmallFile(files, "/thing", "SPRTEST0"), "the second");
}

// The bytes of the blocks marked "hex" of the format's page, one text a block: "offset  bytes...  # remark" a line.
std::vector<std::string> ExamplesOfThePage() {
  std::ifstream page(std::string(SPOOR_SOURCE_DIR) + "/docs/formats/small_files.md");
  EXPECT_TRUE(page);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::string> examples;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
      if (inside) examples.emplace_back();
      continue;
    }
    if (!inside) continue;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string offset, hex;
    words >> offset >> hex;
    for (size_t i = 0; i < hex.size(); i += 2) {
      examples.back().push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
  }
  return examples;
}

TEST(SmallFile, IsWhatItsPageShows) {
  FaultFileSystem files;
  ServiceColours colours(files, "/colours");
  colours.Note(std::vector<std::string>{"frontend", "db"});
  ASSERT_TRUE(colours.Save());
  std::string straddlers;
  for (const uint64_t number : {7, 9, 0, 0xab, 3}) AppendNumber64(straddlers, number);
  ASSERT_TRUE(ReplaceSmallFile(files, "/straddlers", "SPRSTRD0", straddlers));
  const std::vector<std::string> shown = ExamplesOfThePage();
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(files.Contents("/colours"), shown[0]);
  EXPECT_EQ(files.Contents("/straddlers"), shown[1]);
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
