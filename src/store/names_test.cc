#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "store/edge_counter.h"
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

TEST(EdgeCounter, CountsCallsBetweenNamedServicesOnly) {
  EdgeCounter counter;
  const uint32_t a = counter.ServiceNumber("a"), b = counter.ServiceNumber("b"), none = counter.ServiceNumber("");
  counter.Add(b, a);
  counter.Add(a, b);
  counter.Add(a, b);
  counter.Add(a, a);
  counter.Add(none, a);
  counter.Add(a, none);
  EdgeCounter other;
  other.Add(other.ServiceNumber("c"), other.ServiceNumber("a"));
  counter.Add(other);
  const auto edges = counter.Dependencies();
  ASSERT_EQ(edges.size(), 3u);
  EXPECT_EQ(edges[0].parent + edges[0].child, "ab");
  EXPECT_EQ(edges[0].call_count, 2u);
  EXPECT_EQ(edges[1].parent + edges[1].child, "ba");
  EXPECT_EQ(edges[2].parent + edges[2].child, "ca");
}

}  // namespace
}  // namespace spoor
