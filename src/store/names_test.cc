#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "store/name_table.h"
#include "store/service_colours.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;

TEST(NameTable, MergesServicesAndOperations) {
  const std::vector<BlockOperation> first{{"", "x", 1}, {"a", "x", 1}, {"a", "y", 1}, {"c", "x", 1}};
  const std::vector<BlockOperation> second{{"a", "x", 1}, {"a", "x", 2}, {"b", "z", 0}};
  const auto table = NameTable::With(*NameTable::With(NameTable(), first), second);
  EXPECT_THAT(table->Services(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(table->Operations("a"), ElementsAre(Operation{"x", 1}, Operation{"x", 2}, Operation{"y", 1}));
  EXPECT_THAT(table->Operations("b"), ElementsAre(Operation{"z", 0}));
  EXPECT_THAT(table->Operations("nowhere"), ElementsAre());
}

TEST(ServiceColours, AreGivenByFirstSightAndStay) {
  FaultFileSystem files;
  ServiceColours colours(files, "/colours");
  colours.Note(std::vector<std::string>{"b", "", "a", "b"});
  EXPECT_EQ(colours.Find("b"), 1u);
  EXPECT_EQ(colours.Find("a"), 2u);
  EXPECT_EQ(colours.Find("nowhere"), 0u);
  EXPECT_EQ(colours.Find(""), 0u);
  ASSERT_TRUE(colours.Save());
  colours.Note(std::vector<std::string>{"c"});
  ASSERT_TRUE(colours.Save());

  ServiceColours again(files, "/colours");
  ASSERT_TRUE(again.Load());
  again.Note(std::vector<std::string>{"d", "a", "c"});
  EXPECT_EQ(again.Find("a"), 2u);
  EXPECT_EQ(again.Find("c"), 3u);
  EXPECT_EQ(again.Find("d"), 4u);
}

TEST(ServiceColours, StartEmptyWhereTheFileIsDamaged) {
  FaultFileSystem files;
  ServiceColours colours(files, "/colours");
  colours.Note(std::vector<std::string>{"a"});
  ASSERT_TRUE(colours.Save());
  files.FlipBits("/colours", 18);
  ServiceColours again(files, "/colours");
  EXPECT_EQ(again.Load().error().code, Code::kCorrupt);
  EXPECT_EQ(again.Find("a"), 0u);
}

}  // namespace
}  // namespace spoor
